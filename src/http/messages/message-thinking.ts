import { isRecord, type JsonObject } from '../../chat/json.ts';
import type { ChatRequest } from '../../chat/request.ts';

/** Fields of the request, and of its `anthropic` bag, which only Claude reads. */
export interface SplitFields {
  readonly fields: Partial<ChatRequest>;
  readonly bag: JsonObject;
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/**
 * `thinking` and `output_config`: to Claude as they are, to others as far as OpenAI has words for them.
 *
 * Effort is said twice, and the bag keeps Claude from reading it a second time. Of what has no counterpart, only what
 * asks for something stands where other hosts warn of it: thinking that is switched off does not.
 */
export function thoughtFields(thinking: unknown, config: unknown): SplitFields {
  const { effort: asked, format, ...more } = isRecord(config) ? config : {};
  const effort = EFFORTS.find((each) => each === asked);
  const own = { ...(effort && { effort }), ...more };
  const hasMore = Object.keys(more).length > 0;
  const isOff = isRecord(thinking) && thinking['type'] === 'disabled';
  return {
    fields: {
      ...(effort && { reasoning_effort: effort }),
      ...(isRecord(thinking) && !isOff && { thinking }),
      ...(hasMore && { output_config: own }),
      ...formatField(format),
    },
    bag: {
      reasoning_effort: null,
      // The client has said itself whether it wants to read along; what comes is passed on, and nothing added.
      include_reasoning: 'when_sent',
      ...(isOff && { thinking }),
      ...(effort && !hasMore && { output_config: own }),
    },
  };
}

/** Strict, as the API's own promise is. The name is OpenAI's demand. */
function formatField(format: unknown): Partial<ChatRequest> {
  if (!isRecord(format) || !isRecord(format['schema'])) return {};
  const { schema } = format;
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } };
}
