import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../src/resilience/token-bucket.ts';
import { runs } from '../runs.ts';

function bucketOf(perMinute: number, startMs = 0) {
  const clock = { now: startMs };
  return { clock, bucket: new TokenBucket(perMinute, () => clock.now) };
}

/** Takes if it may. */
function ask(bucket: TokenBucket, tokens: number): boolean {
  if (bucket.waitMs(tokens) > 0) return false;
  bucket.take(tokens);
  return true;
}

describe('TokenBucket', () => {
  it('holds a minute’s worth to begin with', () => {
    const { bucket } = bucketOf(60);
    expect([bucket.level, bucket.capacity, bucket.isFull]).toEqual([60, 60, true]);
    expect(Array.from({ length: 61 }, () => ask(bucket, 1)).filter(Boolean)).toHaveLength(60);
    expect(bucket.isFull).toBe(false);
  });

  it('is refilled all the time, not once a minute', () => {
    const { bucket, clock } = bucketOf(60);
    bucket.take(60);
    expect(bucket.waitMs(1)).toBe(1_000);
    clock.now = 999;
    expect(ask(bucket, 1)).toBe(false);
    clock.now = 1_000;
    expect(ask(bucket, 1)).toBe(true);
    expect(ask(bucket, 1)).toBe(false);
  });

  it('is never more than full, however long nobody comes', () => {
    const { bucket, clock } = bucketOf(10);
    bucket.take(3);
    clock.now = 3_600_000;
    expect([bucket.level, bucket.isFull]).toEqual([10, true]);
    bucket.take(-5);
    expect(bucket.level).toBe(10);
  });

  it.each([
    { tokens: 1, waitMs: 600 },
    { tokens: 50, waitMs: 30_000 },
    { tokens: 100, waitMs: 60_000 },
  ])('says how long $tokens take to come: $waitMs ms', ({ tokens, waitMs }) => {
    const { bucket, clock } = bucketOf(100);
    bucket.take(100);
    expect(bucket.waitMs(tokens)).toBe(waitMs);
    clock.now = waitMs;
    expect(bucket.waitMs(tokens)).toBe(0);
  });

  it('lets more than it can hold through when it is full, and is in debt for it', () => {
    const { bucket, clock } = bucketOf(60);
    expect(ask(bucket, 150)).toBe(true);
    expect(bucket.level).toBe(-90);
    expect(bucket.waitMs(1)).toBe(91_000);
    expect(bucket.waitMs(150)).toBe(150_000);
    clock.now = 91_000;
    expect(ask(bucket, 1)).toBe(true);
  });

  it('tells when it would hold more than it can, for those who queue', () => {
    const { bucket } = bucketOf(60);
    expect([bucket.msUntil(60), bucket.msUntil(61), bucket.msUntil(120)]).toEqual([0, 1_000, 60_000]);
    bucket.take(60);
    expect([bucket.msUntil(-10), bucket.msUntil(0), bucket.msUntil(120)]).toEqual([0, 0, 120_000]);
  });

  it('settles: what was not used comes back, what was used beyond it is a debt', () => {
    const { bucket } = bucketOf(1_000);
    bucket.take(400);
    bucket.take(-300);
    expect(bucket.level).toBe(900);
    bucket.take(1_200);
    expect(bucket.level).toBe(-300);
  });

  it('H8: goes on from where the clock is when it steps back, and gives nothing for that', () => {
    const { bucket, clock } = bucketOf(60, 3_600_000);
    bucket.take(60);
    clock.now = 0;
    expect(bucket.level).toBeCloseTo(0);
    expect(bucket.waitMs(1)).toBeCloseTo(1_000);
    clock.now = 1_000;
    expect(ask(bucket, 1)).toBe(true);
    expect(ask(bucket, 1)).toBe(false);
  });

  it('is as exact after months as on the first day', () => {
    const { bucket, clock } = bucketOf(7, 1e10);
    bucket.take(7);
    for (let taken = 0; taken < 500; taken++) {
      const waitMs = bucket.waitMs(1);
      clock.now += Math.ceil(waitMs);
      expect(ask(bucket, 1)).toBe(true);
    }
    expect(clock.now - 1e10).toBeLessThanOrEqual((500 / 7) * 60_000 + 500);
  });

  const command = fc.record({
    pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 90_000 })),
    tokens: fc.integer({ min: 1, max: 40 }),
    // What it took in the end, as a share of what was reserved.
    settledAt: fc.constantFrom(undefined, 0, 0.5, 1, 3),
  });

  it('agrees with a bucket that is refilled millisecond by millisecond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(command, { maxLength: 60, size: 'max' }),
        (perMinute, commands) => {
          const { bucket, clock } = bucketOf(perMinute);
          let level = perMinute;
          for (const { pauseMs, tokens, settledAt } of commands) {
            clock.now += pauseMs;
            level = Math.min(perMinute, level + (pauseMs * perMinute) / 60_000);
            expect(bucket.level).toBeCloseTo(level, 4);
            const wanted = Math.min(tokens, perMinute);
            expect(bucket.waitMs(tokens)).toBeCloseTo(
              Math.max(0, ((wanted - level) * 60_000) / perMinute),
              1,
            );
            if (!ask(bucket, tokens)) continue;
            level -= tokens;
            if (settledAt === undefined) continue;
            bucket.take(tokens * settledAt - tokens);
            level = Math.min(perMinute, level - (tokens * settledAt - tokens));
          }
        },
      ),
      runs(),
    );
  });

  it('INV-25: in any window it grants at most what it holds and what flows in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(command, { maxLength: 60, size: 'max' }),
        (perMinute, commands) => {
          const { bucket, clock } = bucketOf(perMinute);
          const granted: { atMs: number; tokens: number }[] = [];
          for (const { pauseMs, tokens } of commands) {
            clock.now += pauseMs;
            if (ask(bucket, tokens)) granted.push({ atMs: clock.now, tokens });
          }
          for (const [from, first] of granted.entries()) {
            let sum = 0;
            for (const { atMs, tokens } of granted.slice(from)) {
              // One that is larger than the bucket counts in full for all that come after it.
              const most = perMinute * (1 + (atMs - first.atMs) / 60_000);
              expect(sum + Math.min(tokens, perMinute)).toBeLessThanOrEqual(most + 1e-4);
              sum += tokens;
            }
          }
        },
      ),
      runs(),
    );
  });

  it('serves again as soon as it said, and not before', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (perMinute, first, second, startMs) => {
          const { bucket, clock } = bucketOf(perMinute, startMs);
          bucket.take(first);
          const waitMs = bucket.waitMs(second);
          clock.now += waitMs;
          expect(bucket.waitMs(second)).toBe(0);
          if (waitMs > 2) {
            clock.now -= 1;
            expect(bucket.waitMs(second)).toBeGreaterThan(0);
          }
        },
      ),
      runs(),
    );
  });
});
