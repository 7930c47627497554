import { isRecord, type JsonObject } from '../../chat/json.ts';
import { parseWith } from '../../chat/parse-request.ts';
import type { ChatRequest, ReasoningEffort } from '../../chat/request.ts';
import { chatMessages } from './input-items.ts';
import { toolFields } from './response-tools.ts';
import { refuseState } from './responses-refusals.ts';
import { responsesSchema } from './responses-schema.ts';

/** A Responses request as it was read. */
export interface AskedResponse {
  readonly request: ChatRequest;
  /** The checked body, for the answer repeats it. */
  readonly asked: JsonObject;
}

/**
 * Fields that are read by themselves, or that mean nothing without a store: `metadata` and `include` are about what
 * is kept and handed out of it, and `truncation` of a conversation is the client's.
 */
const READ: ReadonlySet<string> = new Set([
  ...['input', 'instructions', 'tools', 'tool_choice', 'text', 'reasoning', 'max_output_tokens', 'stream'],
  ...['store', 'metadata', 'include', 'truncation', 'stream_options', 'max_tool_calls', 'top_logprobs'],
  ...[
    'previous_response_id',
    'conversation',
    'background',
    'prompt',
    'context_management',
    'access_programs',
  ],
]);

/**
 * A chat request for a Responses request. Fields that are not known pass, as they do in a chat request.
 *
 * @throws InvalidRequestError naming the client's field
 */
export function readResponses(body: unknown): AskedResponse {
  const asked = parseWith(responsesSchema, body, 'the request must be an object with `input`');
  refuseState(asked);
  const { input, instructions, max_output_tokens: cap, text, reasoning, top_logprobs: logprobs } = asked;
  const others = Object.entries(asked).filter(([name, value]) => !READ.has(name) && value !== null);
  const request: ChatRequest = {
    ...Object.fromEntries(others),
    ...(typeof cap === 'number' && { max_completion_tokens: cap }),
    ...(Number(logprobs) > 0 && { logprobs: true, top_logprobs: logprobs }),
    ...toolFields(asked),
    ...textFields(text),
    ...reasoningFields(reasoning, asked['anthropic']),
    messages: chatMessages(instructions, input),
  };
  return { request, asked };
}

/** How the answer is to be written: as wordy as that, and in this form. */
function textFields(text: unknown): Partial<ChatRequest> {
  const { format, verbosity } = isRecord(text) ? text : {};
  return { ...(typeof verbosity === 'string' && { verbosity }), ...formatField(format) };
}

/** The format, which chat writes one level deeper. Plain text needs no word. */
function formatField(format: unknown): Partial<ChatRequest> {
  if (!isRecord(format)) return {};
  const { type, name, schema, strict, description } = format;
  if (type === 'json_object') return { response_format: { type } };
  if (type !== 'json_schema' || !isRecord(schema)) return {};
  return {
    response_format: {
      type,
      json_schema: {
        name: String(name),
        schema,
        ...(typeof strict === 'boolean' && { strict }),
        ...(typeof description === 'string' && { description }),
      },
    },
  };
}

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** A summary is shown where one is asked for. Only Claude has to be told so; other hosts show what they have. */
function reasoningFields(reasoning: unknown, bag: unknown): Partial<ChatRequest> {
  const { effort: asked, summary, generate_summary: old } = isRecord(reasoning) ? reasoning : {};
  const effort = EFFORTS.find((each) => each === asked);
  const shows = typeof (summary ?? old) === 'string';
  return {
    ...(effort && { reasoning_effort: effort }),
    ...(shows && { anthropic: { include_reasoning: true, ...(isRecord(bag) && bag) } }),
  };
}
