import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptRecord } from '../../src/errors/index.ts';
import { TargetStats } from '../../src/pool/target-stats.ts';

const record = (facts: Partial<AttemptRecord> = {}): AttemptRecord => ({
  attempt: 1,
  provider: 'acme',
  model: 'm',
  target: 'acme/m',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 100,
  precision: 'unknown',
  ...facts,
});

/** Stats after these attempts, one after the other. */
function statsOf(...records: readonly AttemptRecord[]): TargetStats {
  const stats = new TargetStats();
  for (const each of records) {
    stats.began();
    stats.ended(each);
  }
  return stats;
}

describe('TargetStats', () => {
  it('knows nothing at the beginning, and does not call that 0', () => {
    expect(new TargetStats().row()).toEqual({
      requests: 0,
      errors: 0,
      cancelled: 0,
      errorRate: undefined,
      retries: 0,
      inFlight: 0,
      latencyMs: { p50: undefined, p95: undefined, p99: undefined },
      ttftMs: { p50: undefined, p95: undefined, p99: undefined },
      tokens: {
        inputTokens: 0,
        cacheReadTokens: 0,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
        outputTokens: 0,
        reasoningTokens: 0,
      },
      costUsd: 0,
      unpriced: 0,
      precision: 'reported',
    });
  });

  it('counts an attempt as in flight until it ends, and as a request from then on', () => {
    const stats = new TargetStats();
    stats.began();
    stats.began();
    expect(stats.row()).toMatchObject({ inFlight: 2, requests: 0 });
    stats.ended(record());
    expect(stats.row()).toMatchObject({ inFlight: 1, requests: 1 });
  });

  it('tells errors from aborts, and takes errors as a share of all attempts', () => {
    const error = record({ outcome: 'error', code: 'overloaded' });
    const cancelled = record({ outcome: 'cancelled', code: 'cancelled' });
    const row = statsOf(record(), error, cancelled, record()).row();
    expect(row).toMatchObject({ requests: 4, errors: 1, cancelled: 1, errorRate: 0.25 });
  });

  it('counts retries when they are decided', () => {
    const stats = statsOf(record());
    stats.retried();
    stats.retried();
    expect(stats.row()).toMatchObject({ retries: 2, requests: 1 });
  });

  it.each([50, 95, 99] as const)('finds the p%d of latency within 5 %%', (percent) => {
    const records = Array.from({ length: 1_000 }, (_, index) => record({ durationMs: index + 1 }));
    const { latencyMs } = statsOf(...records).row();
    const found = latencyMs[`p${percent}`] ?? 0;
    expect(Math.abs(found - percent * 10)).toBeLessThanOrEqual(percent * 10 * 0.05);
  });

  it('measures the latency of answers alone: a fast refusal is not a fast answer', () => {
    const error = record({ outcome: 'error', durationMs: 1 });
    const left = record({ outcome: 'cancelled', durationMs: 1 });
    const { latencyMs } = statsOf(error, left, record({ durationMs: 1_000 }), error).row();
    expect(latencyMs.p50).toBeGreaterThan(950);
  });

  it('measures the time to the first token wherever there was one', () => {
    const broke = record({ outcome: 'error', ttftMs: 400 });
    const { ttftMs } = statsOf(broke, record(), broke).row();
    expect(ttftMs.p50).toBeGreaterThan(380);
    expect(ttftMs.p99).toBeLessThan(420);
  });

  it('adds up tokens bucket by bucket, of failed attempts too', () => {
    const usage = { inputTokens: 10, cacheReadTokens: 5, outputTokens: 3, reasoningTokens: 1 };
    const { tokens } = statsOf(
      record({ usage }),
      record({ outcome: 'error', usage: { inputTokens: 1, cacheWrite5mTokens: 2, cacheWrite1hTokens: 4 } }),
      record(),
    ).row();
    expect(tokens).toEqual({
      inputTokens: 11,
      cacheReadTokens: 5,
      cacheWrite5mTokens: 2,
      cacheWrite1hTokens: 4,
      outputTokens: 3,
      reasoningTokens: 1,
    });
  });

  it('adds up money exactly, and counts apart what has no price', () => {
    const priced = record({ costUsd: 0.1, precision: 'reported' });
    const row = statsOf(priced, record({ costUsd: 0.2, precision: 'reported' }), record(), priced).row();
    expect(row).toMatchObject({ costUsd: 0.4, unpriced: 1, precision: 'unknown' });
  });

  it.each([
    [['reported', 'reported'], 'reported'],
    [['reported', 'estimated'], 'estimated'],
    [['estimated', 'unknown'], 'unknown'],
    [['unknown', 'reported'], 'unknown'],
  ] as const)('is as sure as the least sure of %j', (precisions, expected) => {
    const records = precisions.map((precision) =>
      record({ precision, ...(precision !== 'unknown' && { costUsd: 1 }) }),
    );
    expect(statsOf(...records).row().precision).toBe(expected);
  });

  it('gives a row that does not change afterwards', () => {
    const stats = statsOf(record());
    const row = stats.row();
    stats.began();
    stats.ended(record({ usage: { inputTokens: 5 }, outcome: 'error' }));
    expect(row).toMatchObject({ requests: 1, errors: 0, tokens: { inputTokens: 0 } });
  });

  it('comes back to nothing in flight, and sums up, whatever happened (INV-28 INV-30)', () => {
    const outcomes = fc.constantFrom('ok', 'error', 'cancelled');
    const attempts = fc.array(fc.tuple(outcomes, fc.option(fc.nat(1e9), { nil: undefined })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(attempts, (drawn) => {
        const stats = new TargetStats();
        for (const _ of drawn) stats.began();
        for (const [outcome, nano] of drawn) {
          stats.ended(record({ outcome, ...(nano !== undefined && { costUsd: nano / 1e9 }) }));
        }
        const row = stats.row();
        expect(row.inFlight).toBe(0);
        expect(row.requests).toBe(drawn.length);
        const priced = drawn.flatMap(([, nano]) => (nano === undefined ? [] : [nano]));
        expect(row.costUsd).toBe(priced.reduce((sum, nano) => sum + nano, 0) / 1e9);
        expect(row.unpriced).toBe(drawn.length - priced.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the usual time to first content', () => {
  it('is not known before twenty answers have come', () => {
    const answers = Array.from({ length: 19 }, (_, n) => record({ ttftMs: n + 1 }));
    expect(statsOf(...answers).ttftMs(0.9)).toBeUndefined();
    expect(statsOf(...answers, record()).ttftMs(0.9)).toBeUndefined();
    expect(statsOf(...answers, record({ ttftMs: 20 })).ttftMs(0.9)).toBeCloseTo(18, 0);
  });
});
