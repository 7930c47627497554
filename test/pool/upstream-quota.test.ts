import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateLimits } from '../../src/errors/index.ts';
import { UpstreamQuota } from '../../src/pool/upstream-quota.ts';
import { runs } from '../runs.ts';

function quotaOf(limits?: RateLimits) {
  const clock = { now: 1_000 };
  const quota = new UpstreamQuota(() => clock.now);
  if (limits) quota.report(limits, 60_000);
  return { clock, quota };
}

const spent = (resetMs: number) => ({ limit: 50, remaining: 0, resetMs });

describe('UpstreamQuota', () => {
  it('knows nothing before the first answer', () => {
    expect(quotaOf().quota.waitMs(1_000)).toBe(0);
  });

  it.each<[string, RateLimits, number]>([
    ['requests are used up', { requests: spent(4_000) }, 4_000],
    ['tokens are used up', { tokens: spent(4_000) }, 4_000],
    ['input tokens are used up (HDR-6)', { inputTokens: spent(4_000) }, 4_000],
    ['output tokens are used up (HDR-6)', { outputTokens: spent(4_000) }, 4_000],
    ['several are: until the last', { requests: spent(1_000), tokens: spent(9_000) }, 9_000],
    ['something is left', { requests: { remaining: 1, resetMs: 9_000 } }, 0],
    ['no reset is named', { requests: { remaining: 0 } }, 0],
    ['the reset is now', { requests: spent(0) }, 0],
    ['nobody says what is left', { requests: { limit: 5, resetMs: 4_000 } }, 0],
    ['fewer tokens are left than the prompt has', { tokens: { remaining: 99, resetMs: 7_000 } }, 7_000],
    ['as many are left as the prompt has', { tokens: { remaining: 100, resetMs: 7_000 } }, 0],
    [
      'fewer output tokens are left than the prompt has',
      { outputTokens: { remaining: 9, resetMs: 7_000 } },
      0,
    ],
    ['the reset is hours away', { requests: spent(36_000_000) }, 60_000],
  ])('when %s', (_, limits, waitMs) => {
    expect(quotaOf(limits).quota.waitMs(100)).toBe(waitMs);
  });

  it('counts down to the reset, and is over then', () => {
    const { quota, clock } = quotaOf({ requests: spent(4_000) });
    clock.now += 3_999;
    expect(quota.waitMs(1)).toBe(1);
    clock.now += 1;
    expect(quota.waitMs(1)).toBe(0);
    clock.now += 100_000;
    expect(quota.waitMs(1)).toBe(0);
  });

  it('takes off what has been sent since', () => {
    const { quota } = quotaOf({
      requests: { remaining: 3, resetMs: 5_000 },
      tokens: { remaining: 1_000, resetMs: 2_000 },
    });
    quota.spend(600);
    expect([quota.waitMs(400), quota.waitMs(401)]).toEqual([0, 2_000]);
    quota.spend(0);
    quota.spend(0);
    expect(quota.waitMs(1)).toBe(5_000);
  });

  it('goes by the last answer, be it better or worse', () => {
    const { quota } = quotaOf({ requests: spent(50_000) });
    quota.report({ requests: { remaining: 7, resetMs: 50_000 } }, 60_000);
    expect(quota.waitMs(1)).toBe(0);
    quota.report({ requests: spent(3_000) }, 60_000);
    expect(quota.waitMs(1)).toBe(3_000);
    quota.report({}, 60_000);
    expect(quota.waitMs(1)).toBe(0);
  });

  it('never waits longer than the longest, nor for what it was not told', () => {
    const bucket = fc.option(
      fc.record(
        { remaining: fc.nat(500), resetMs: fc.nat(200_000), limit: fc.nat(500) },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    );
    const limits = fc.record({ requests: bucket, tokens: bucket, inputTokens: bucket, outputTokens: bucket });
    fc.assert(
      fc.property(limits, fc.nat(600), fc.nat(300_000), (told, prompt, laterMs) => {
        const known = Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined));
        const { quota, clock } = quotaOf(known);
        const resets = Object.values(told).map((each) => each?.resetMs ?? 0);
        const before = quota.waitMs(prompt);
        expect(before).toBeLessThanOrEqual(Math.min(60_000, Math.max(...resets)));
        clock.now += laterMs;
        expect(quota.waitMs(prompt)).toBe(Math.max(0, before - laterMs));
      }),
      runs(),
    );
  });
});
