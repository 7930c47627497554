import { isObject, listOf, objectOf, textOf } from '../read-json.ts';

/** One cacheable unit of a prompt, in the order in which the API reads them: tools, system, messages. */
export interface Segment {
  /** What its tokens are counted from. */
  readonly text: string;
  /** Set where a cache breakpoint stands on it. */
  readonly ttl?: '5m' | '1h';
}

/** A Messages request body as the model reads it. */
export function promptOf(body: unknown): Segment[] {
  const { tools, system, messages, cache_control } = objectOf(body);
  const segments = [
    ...listOf(tools).map(segmentOf),
    ...blocksOf(system).map(segmentOf),
    ...listOf(messages).flatMap((message) => blocksOf(objectOf(message)['content']).map(segmentOf)),
  ];
  // Automatic caching: a breakpoint on the last block (docs: prompt caching).
  const last = segments.at(-1);
  if (isObject(cache_control) && last) segments[segments.length - 1] = { ...last, ttl: ttlOf(cache_control) };
  return segments;
}

/** Content as a list of blocks: a string is one block of text, an empty one none. */
export function blocksOf(content: unknown): readonly unknown[] {
  if (content === '') return [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content);
}

function segmentOf(block: unknown): Segment {
  const { cache_control, ...rest } = objectOf(block);
  const text = rest['type'] === 'text' ? (textOf(rest['text']) ?? '') : JSON.stringify(rest);
  return isObject(cache_control) ? { text, ttl: ttlOf(cache_control) } : { text };
}

function ttlOf(cacheControl: Readonly<Record<string, unknown>>): '5m' | '1h' {
  return cacheControl['ttl'] === '1h' ? '1h' : '5m';
}
