import type { RateLimitBucket, RateLimits } from '../errors/index.ts';
import { headerText, MAX_WAIT_MS, readCount, readDate, readReset } from './wait-values.ts';

/** Response headers, as far as waiting is concerned; `Headers` and `WireHeaders` both fit. */
export interface HeaderReader {
  get(name: string): string | null;
  /** All names, in lower case. @default nobody knows, and each has to be asked for */
  keys?(): Iterable<string>;
}

type BucketName = keyof RateLimits;
type Spelling = readonly [bucket: BucketName, limit: string, remaining: string, reset: string];

const anthropic = (bucket: BucketName, what: string): Spelling => [
  bucket,
  `anthropic-ratelimit-${what}-limit`,
  `anthropic-ratelimit-${what}-remaining`,
  `anthropic-ratelimit-${what}-reset`,
];

const openai = (bucket: BucketName, what: string): Spelling => [
  bucket,
  `x-ratelimit-limit${what}`,
  `x-ratelimit-remaining${what}`,
  `x-ratelimit-reset${what}`,
];

/**
 * How the field spells its limits (HDR-4 to 6, 11, 12, 14). The first spelling found wins its bucket.
 *
 * The `priority`, `fast` and `unified` families of Anthropic (HDR-7 to 9) count traffic this house does not
 * send by default, and are left alone.
 */
const spellings: readonly Spelling[] = [
  anthropic('requests', 'requests'),
  anthropic('tokens', 'tokens'),
  anthropic('inputTokens', 'input-tokens'),
  anthropic('outputTokens', 'output-tokens'),
  openai('requests', '-requests'),
  openai('tokens', '-tokens'),
  openai('requests', ''),
];

/**
 * The limits an answer reports, in one shape for every vendor; `undefined` when it reports none.
 *
 * @param nowMs - our clock, epoch milliseconds; only used when the answer carries no `Date`
 */
export function rateLimits(headers: HeaderReader, nowMs: number): RateLimits | undefined {
  if (!mayTell(headers)) return undefined;
  const answeredMs = answerTime(headers, nowMs);
  const found: { -readonly [Name in BucketName]?: RateLimitBucket } = {};
  for (const [name, ...spelling] of spellings) {
    const bucket = found[name] ? undefined : readBucket(headers, spelling, answeredMs);
    if (bucket) found[name] = bucket;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Twenty names are a lot to ask an answer for that has none of them. */
function mayTell(headers: HeaderReader): boolean {
  if (!headers.keys) return true;
  for (const name of headers.keys()) if (name.includes('ratelimit')) return true;
  return false;
}

/** When the answer was made by the host's own clock, which its dates are relative to; ours may be off. */
export function answerTime(headers: HeaderReader, nowMs: number): number {
  return readDate(headerText(headers.get('date'))) ?? nowMs;
}

function readBucket(
  headers: HeaderReader,
  [limitName, remainingName, resetName]: readonly [string, string, string],
  answeredMs: number,
): RateLimitBucket | undefined {
  const limit = readCount(headerText(headers.get(limitName)));
  const remaining = readCount(headerText(headers.get(remainingName)));
  const reset = readReset(headerText(headers.get(resetName)), answeredMs);
  if (limit === undefined && remaining === undefined && reset === undefined) return undefined;
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(reset !== undefined && { resetMs: Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(reset))) }),
  };
}
