import type { ChatRequest } from './request.ts';

/**
 * The canonical form of a checked request: `null` equals absent at the top level, and `stream` says what the
 * called method promises. Idempotent. Nothing is dropped that a provider could read.
 */
export function normalize(request: Readonly<Record<string, unknown>>, stream: boolean): ChatRequest {
  const canonical: Record<string, unknown> = {};
  for (const key of Object.keys(request)) {
    const value = request[key];
    if (value !== null && value !== undefined) canonical[key] = value;
  }
  canonical['stream'] = stream;
  // The schema has just vouched for the shape; zod's inferred type would say the same in harder words.
  return canonical as unknown as ChatRequest;
}
