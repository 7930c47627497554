import type { JsonObject } from '../../chat/json.ts';
import { InvalidRequestError } from '../../errors/index.ts';

/** A field that asks for what this door has not, and why; `false` and null ask for nothing. */
const REFUSED: Readonly<Record<string, string>> = {
  previous_response_id: 'nothing is stored here; send the items of the conversation in `input`',
  conversation: 'nothing is stored here; send the items of the conversation in `input`',
  background: 'answers are given at once, streamed or whole',
  prompt: 'no prompt templates are kept here; send the prompt itself',
  context_management: 'items are sent as they are; compact them before',
};

/**
 * Refuses what only a server with a memory could do. Ignored, it would lose the conversation without an error.
 *
 * @throws InvalidRequestError naming the field
 */
export function refuseState(asked: JsonObject): void {
  for (const [field, why] of Object.entries(REFUSED)) {
    if (asked[field] ?? false) throw unsupported(field, why);
  }
}

/** The error for a thing that cannot be done here. */
export function unsupported(
  param: string,
  why: string,
  reason = 'unsupported_parameter',
): InvalidRequestError {
  return new InvalidRequestError(`${param}: ${why}`, { param, reason });
}
