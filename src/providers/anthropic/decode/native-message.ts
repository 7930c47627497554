import type { JsonObject } from '../../../provider-kit/index.ts';
import { isTooDeep } from '../encode/well-formed.ts';
import type { AnswerSoFar } from './answer-so-far.ts';
import type { ContentBlock } from './content-block.ts';
import type { Stop } from './stop-reason.ts';

/** What the native form of an answer is made of. */
export interface NativeParts {
  /** `message` of the start event. */
  readonly head: JsonObject;
  readonly container: unknown;
  readonly stop: Stop;
  readonly usage: JsonObject;
  /** Content of the rounds that this answer goes on from. */
  readonly before: readonly JsonObject[];
  /** A paused turn will be continued. */
  readonly mayPause: boolean;
  readonly blocks: readonly ContentBlock[];
  readonly answer: AnswerSoFar;
}

/**
 * `provider_specific_fields.anthropic` of the answer (RES-9): what OpenAI's shape cannot say, to be sent back
 * unchanged. Members that are null or unknown are left out.
 *
 * @throws ProviderError `bad_response` when it is nested so deeply that writing it out would fail
 */
export function nativeMessage(parts: NativeParts): JsonObject {
  const { head, container, stop, usage, answer } = parts;
  const { voidCallIds } = answer;
  const members: Readonly<Record<string, unknown>> = {
    content: contentOf(parts),
    model: head['model'],
    stop_reason: stop.reason,
    stop_sequence: stop.sequence,
    stop_details: stop.details,
    container: container ?? head['container'],
    service_tier: usage['service_tier'],
    usage: Object.keys(usage).length > 0 ? usage : undefined,
    ephemeral_prompt: answer.reading.ephemeralPrompt || undefined,
    served_by: answer.servedBy,
    void_tool_calls: voidCallIds.length > 0 ? voidCallIds : undefined,
  };
  const native = Object.fromEntries(Object.entries(members).filter(([, value]) => (value ?? null) !== null));
  if (isTooDeep(native)) throw answer.badResponse('the answer is nested too deeply');
  return native;
}

/**
 * The content array, when it holds more than plain text and calls, or must be sent back to be gone on from
 * (MSG-19). It is left out as a whole when an input is not JSON: half an array could not be replayed.
 */
function contentOf({ before, blocks, stop }: NativeParts): readonly JsonObject[] | undefined {
  const isPlain = before.length === 0 && stop.reason !== 'pause_turn';
  if (isPlain && blocks.every((block) => block.plain())) return undefined;
  const content = blocks.map((block) => block.native());
  return content.every((block) => block !== undefined) ? [...before, ...content] : undefined;
}
