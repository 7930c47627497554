import type { Upstream } from '../../../../src/testing/upstream/index.ts';
import { eventsIn } from '../ask.ts';

/** A small valid chat request. */
export const chatBody = (more: object = {}): Record<string, unknown> => ({
  model: 'gpt-test',
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});

/** A function tool with one text parameter. */
export const functionTool = (name: string, more: object = {}): Record<string, unknown> => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } }, ...more },
});

/** Asks for a chat completion with plain fetch. */
export function askChat(
  upstream: Upstream,
  more: object = {},
  path = '/v1/chat/completions',
): Promise<Response> {
  return fetch(upstream.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test-key' },
    body: JSON.stringify(chatBody(more)),
  });
}

/** A chunk, as far as tests look. */
export interface Chunk {
  readonly choices: readonly {
    readonly delta: Readonly<Record<string, unknown>>;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Readonly<Record<string, unknown>> | null;
}

/** The chunks of a stream, without `[DONE]`. */
export function chunksIn(text: string): Chunk[] {
  return eventsIn(text)
    .map(({ data }) => data)
    .filter((data): data is Chunk => typeof data === 'object' && data !== null && 'choices' in data);
}

/** The text that a stream's chunks spell. */
export function contentIn(text: string): string {
  return chunksIn(text)
    .map(({ choices }) => choices[0]?.delta['content'] ?? '')
    .join('');
}
