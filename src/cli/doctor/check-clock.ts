import type { Finding } from './finding.ts';

/** From here on budgets by the day and logs are off by what people notice, in milliseconds. */
export const CLOCK_WARN_MS = 30_000;

/** Beyond this, signed requests are refused: AWS takes signatures for five minutes. In milliseconds. */
export const CLOCK_FAIL_MS = 300_000;

/** A host that takes longer for a head tells nothing about the time, in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * How far this machine's clock is from the `Date` header of a host, in milliseconds; positive where this one is ahead.
 *
 * Any answer will do, an error too: it is asked without a key. `undefined` where none came, or none with a date.
 */
export async function clockSkewMs(
  url: string,
  epochMs: () => number = Date.now,
): Promise<number | undefined> {
  const before = epochMs();
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    const hostMs = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(hostMs)) return undefined;
    // The header drops its fraction of a second, half of one on average; the host wrote it half-way.
    return (before + epochMs()) / 2 - (hostMs + 500);
  } catch {
    return undefined;
  }
}

/** What the distances come to. The smallest counts: one host, or a cache in front of it, may be wrong itself. */
export function clockFinding(skewsMs: readonly (number | undefined)[]): Finding {
  const known = skewsMs.filter((skew) => skew !== undefined);
  const [least] = known.sort((one, other) => Math.abs(one) - Math.abs(other));
  if (least === undefined) {
    return { check: 'clock', state: 'skipped', message: 'no provider told the time' };
  }
  const offMs = Math.abs(least);
  const message = `${(offMs / 1_000).toFixed(1)} s ${least < 0 ? 'behind' : 'ahead of'} the providers`;
  if (offMs <= CLOCK_WARN_MS) return { check: 'clock', state: 'ok', message };
  const state = offMs > CLOCK_FAIL_MS ? 'failed' : 'warning';
  return { check: 'clock', state, message, remedy: 'set the clock of this machine by NTP' };
}

/** Compares the clock with every host at once. */
export async function checkClock(urls: readonly string[]): Promise<Finding> {
  return clockFinding(await Promise.all(urls.map((url) => clockSkewMs(url))));
}
