import { answerTime, type HeaderReader, rateLimits } from './rate-limits.ts';
import { headerText, MAX_WAIT_MS, readDate, readDecimal } from './wait-values.ts';

/**
 * How long the host asks us to stay away, in milliseconds; `undefined` when it does not say so readably.
 *
 * Asked in this order: `retry-after-ms` (HDR-2), `retry-after` in seconds or as a date (HDR-3), the latest reset
 * of the limits that are used up (HDR-4 to 6, 12, 14). Zero, negative, past and unreadable values count as absent
 * (S15): a wait of nothing is what a retry storm is made of.
 *
 * @param nowMs - our clock, epoch milliseconds; the answer's own `Date` goes before it (S14)
 * @returns whole milliseconds in `[1, 2³¹ − 1]`
 */
export function retryAfterMs(headers: HeaderReader, nowMs: number): number | undefined {
  return (
    toWait(readDecimal(headerText(headers.get('retry-after-ms')))) ??
    toWait(readRetryAfter(headers, nowMs)) ??
    toWait(untilReset(headers, nowMs))
  );
}

/** What the host itself says about repeating (HDR-1); both official SDKs obey it before anything else. */
export function shouldRetry(headers: HeaderReader): boolean | undefined {
  const value = headerText(headers.get('x-should-retry'));
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function readRetryAfter(headers: HeaderReader, nowMs: number): number | undefined {
  const text = headerText(headers.get('retry-after'));
  const seconds = readDecimal(text);
  if (seconds !== undefined) return seconds * 1_000;
  const date = readDate(text);
  return date === undefined ? undefined : date - answerTime(headers, nowMs);
}

/** The last of the used-up limits to come back. A reset without a count tells only where nobody counts. */
function untilReset(headers: HeaderReader, nowMs: number): number | undefined {
  const buckets = Object.values(rateLimits(headers, nowMs) ?? {});
  const counted = buckets.filter((bucket) => bucket.remaining !== undefined);
  const usedUp = counted.length > 0 ? counted.filter((bucket) => bucket.remaining === 0) : buckets;
  const resets = usedUp.map((bucket) => bucket.resetMs).filter((reset) => reset !== undefined);
  return resets.length > 0 ? Math.max(...resets) : undefined;
}

function toWait(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 ? Math.min(MAX_WAIT_MS, Math.ceil(ms)) : undefined;
}
