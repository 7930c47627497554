import type { ChatRequest } from './request.ts';

/**
 * The canonical form of a checked request: `null` equals absent at the top level, and `stream` says what the
 * called method promises. Idempotent. Nothing is dropped that a provider could read.
 */
export function normalize(request: Readonly<Record<string, unknown>>, stream: boolean): ChatRequest {
  const said = Object.entries(request).filter(([, value]) => value !== null && value !== undefined);
  // Built from entries, because an assignment to a key named `__proto__` would reach the prototype.
  const canonical: Readonly<Record<string, unknown>> = Object.fromEntries([...said, ['stream', stream]]);
  // The schema has just vouched for the shape; zod's inferred type would say the same in harder words.
  return canonical as unknown as ChatRequest;
}
