import { fingerprint } from '../signature.ts';
import { countTokens } from '../tokens.ts';
import type { Segment } from './prompt-segments.ts';

/** Input tokens in Anthropic's disjoint buckets, by their wire names. */
export interface InputUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
}

/**
 * The prompt cache of one upstream: what a request may read and what it writes.
 *
 * Nothing expires and no prefix is too short; apart from that the rules are the API's: everything up to the last
 * breakpoint is written, and the longest prefix written before is read instead.
 */
export class PromptCache {
  readonly #written = new Set<string>();

  /** Takes a prompt in and says how its tokens are counted. Prefixes of one model mean nothing to another. */
  use(model: string, segments: readonly Segment[]): InputUsage {
    const prefixes = prefixesOf(model, segments);
    const last = segments.findLastIndex((segment) => segment.ttl !== undefined);
    const read =
      last < 0 ? -1 : prefixes.findLastIndex(({ name }, at) => at <= last && this.#written.has(name));
    for (const [at, { name }] of prefixes.entries()) {
      if (segments[at]?.ttl) this.#written.add(name);
    }
    const total = prefixes.at(-1)?.tokens ?? 0;
    const readTokens = prefixes[read]?.tokens ?? 0;
    const writtenTokens = (prefixes[last]?.tokens ?? 0) - readTokens;
    const hour = segments[last]?.ttl === '1h';
    return {
      input_tokens: total - readTokens - writtenTokens,
      cache_creation_input_tokens: writtenTokens,
      cache_read_input_tokens: readTokens,
      cache_creation: {
        ephemeral_5m_input_tokens: hour ? 0 : writtenTokens,
        ephemeral_1h_input_tokens: hour ? writtenTokens : 0,
      },
    };
  }
}

/** Input tokens of a prompt, cached or not. */
export function promptTokens(segments: readonly Segment[]): number {
  return countTokens(segments.map((segment) => segment.text).join(''));
}

/** Every prefix that ends with a segment, by name, and the tokens up to there. */
function prefixesOf(model: string, segments: readonly Segment[]): { name: string; tokens: number }[] {
  let text = '';
  return segments.map((segment) => {
    text += segment.text;
    return { name: `${model} ${text.length} ${fingerprint(text)}`, tokens: countTokens(text) };
  });
}
