/** The APIs that one upstream speaks. */
export type WireName = 'anthropic' | 'openai';

/** OpenAI's own paths. Hosts put prefixes before them: `/openai/v1`, `/api/v1`, a deployment. */
const openaiPath = /\/(chat\/completions|embeddings)$/;

/**
 * Which API a request is for: the path decides, and where both have it, the header that only Anthropic asks for.
 *
 * @param headers - names in lower case
 */
export function wireOf(path: string, headers: Readonly<Record<string, string>>): WireName {
  if (openaiPath.test(path)) return 'openai';
  if (path.startsWith('/v1/messages')) return 'anthropic';
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}

/** True for the paths on which a model answers: those that a script has replies for. */
export function asksModel(path: string): boolean {
  return path === '/v1/messages' || path.endsWith('/chat/completions');
}
