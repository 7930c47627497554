import type { WireName } from '../upstream/wire-of.ts';

/** OpenAI's words for failures that Anthropic's name. */
const openaiWords: Readonly<Record<string, { readonly type: string; readonly code: string | null }>> = {
  overloaded_error: { type: 'server_error', code: 'service_unavailable' },
  rate_limit_error: { type: 'requests', code: 'rate_limit_exceeded' },
  invalid_request_error: { type: 'invalid_request_error', code: null },
  api_error: { type: 'server_error', code: 'server_error' },
};

/**
 * An error where an answer was due, in the words of a wire.
 *
 * @param type - in Anthropic's words; what OpenAI has no word for stays as it is
 */
export function inBandError(
  wire: WireName,
  type: string,
  message: string,
): Readonly<Record<string, unknown>> {
  if (wire === 'anthropic') return { type: 'error', error: { type, message } };
  const { type: kind, code } = openaiWords[type] ?? { type, code: null };
  return { error: { message, type: kind, param: null, code } };
}
