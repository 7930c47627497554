import type { Usage } from './usage.ts';

/**
 * The usage of an answer that its provider gave in several rounds, each with a report of its own (FIN-8).
 *
 * Output and calls of the provider's tools add up. Input is the last round's: each reads again what came before,
 * and a sum would count the prompt several times. What was billed is in the attempts, one by one.
 */
export function joinRounds(before: Usage | undefined, now: Usage): Usage {
  if (!before) return now;
  const output = plus(before.outputTokens, now.outputTokens);
  const reasoning = plus(before.reasoningTokens, now.reasoningTokens);
  const searches = plus(before.serverTools?.webSearchRequests, now.serverTools?.webSearchRequests);
  const fetches = plus(before.serverTools?.webFetchRequests, now.serverTools?.webFetchRequests);
  const calls = {
    ...(searches !== undefined && { webSearchRequests: searches }),
    ...(fetches !== undefined && { webFetchRequests: fetches }),
  };
  return {
    ...now,
    ...(output !== undefined && { outputTokens: output }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    ...((before.serverTools || now.serverTools) && { serverTools: calls }),
  };
}

/** Unknown on one side counts as nothing, on both sides it stays unknown. */
function plus(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0);
}
