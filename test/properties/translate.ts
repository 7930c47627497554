import { parseRequest } from '../../src/chat/parse-request.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { InvalidRequestError, ProviderError } from '../../src/errors/index.ts';
import type { EncodedRequest } from '../../src/providers/anthropic/encode/encode-options.ts';
import { encode, type RawRequest, type Setting } from '../providers/anthropic/encode/encoding.ts';

/** A request that was refused: which field is at fault, and in which word of OpenAI's. */
export interface Refusal {
  readonly param: string | null | undefined;
  readonly reason: string | undefined;
  readonly message: string;
}

/** What became of a request: a translation, or a refusal in the agreed form. */
export type Outcome = { readonly encoded: EncodedRequest } | { readonly refused: Refusal };

/**
 * Sends a request the whole way: through the pool's front door, then through the translation.
 *
 * Any other failure than a typed refusal is thrown: it is a bug.
 */
export function translate(raw: RawRequest, setting: Setting = {}): Outcome {
  try {
    const stream = raw['stream'] === true;
    const parsed: ChatRequest = parseRequest(raw, stream);
    return { encoded: encode({ ...parsed }, { stream, ...setting }) };
  } catch (error) {
    const isTyped = error instanceof InvalidRequestError || error instanceof ProviderError;
    if (!isTyped || error.code !== 'invalid_request') throw error;
    const { param, reason, message } = error;
    return { refused: { param, reason, message } };
  }
}

/** The translation of a request that cannot be refused. */
export function translated(raw: RawRequest, setting: Setting = {}): EncodedRequest {
  const outcome = translate(raw, setting);
  if ('refused' in outcome) throw new Error(`refused: ${outcome.refused.message}`);
  return outcome.encoded;
}
