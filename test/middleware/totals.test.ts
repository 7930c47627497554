import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptRecord, CostPrecision } from '../../src/errors/index.ts';
import { lastOf, leaderOf, totalsOf } from '../../src/middleware/totals.ts';
import { requestContext } from '../contexts.ts';

function record(
  costUsd: number | undefined,
  precision: CostPrecision = 'reported',
  attempt = 1,
): AttemptRecord {
  return {
    attempt,
    provider: 'acme',
    model: 'model-1',
    target: 'acme/model-1',
    waitedMs: 0,
    outcome: 'ok',
    durationMs: 5,
    precision,
    ...(costUsd !== undefined && { costUsd }),
  };
}

const unknown = record(undefined, 'unknown');

describe('totalsOf', () => {
  it.each([
    ['no attempt: nothing was spent, for sure', [], 0, 'reported'],
    ['one reported', [record(0.25)], 0.25, 'reported'],
    ['a refusal, which cost nothing', [record(0), record(0.25)], 0.25, 'reported'],
    ['one of them estimated', [record(0.1), record(0.2, 'estimated'), record(0.3)], 0.6, 'estimated'],
    ['one unknown: never 0', [unknown], undefined, 'unknown'],
    ['unknown first: contagious', [unknown, record(0.25)], undefined, 'unknown'],
    ['unknown last: contagious', [record(0.25), unknown], undefined, 'unknown'],
    ['unknown outdoes estimated', [record(0.1, 'estimated'), unknown], undefined, 'unknown'],
    ['estimated cannot soften unknown', [unknown, record(0.1, 'estimated')], undefined, 'unknown'],
  ] satisfies [string, AttemptRecord[], number | undefined, CostPrecision][])(
    '%s',
    (_, trail, costUsd, precision) => {
      expect(totalsOf(trail)).toMatchObject({ precision });
      expect(totalsOf(trail).costUsd).toBe(costUsd);
    },
  );

  it('names the attempt that ended the request', () => {
    const last = record(0.2, 'reported', 2);
    expect(totalsOf([record(0.1), last]).last).toBe(last);
    expect(totalsOf([]).last).toBeUndefined();
  });

  it('adds up in whole nanodollars, where floats of dollars do not (INV-30)', () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(totalsOf([record(0.1), record(0.2)]).costUsd).toBe(0.3);
    const costs = fc.array(fc.option(fc.nat(10_000_000_000), { nil: undefined }), { maxLength: 8 });
    fc.assert(
      fc.property(costs, (nanos) => {
        const trail = nanos.map((nano) => (nano === undefined ? unknown : record(nano / 1e9)));
        const { costUsd, precision } = totalsOf(trail);
        if (nanos.includes(undefined)) {
          expect([costUsd, precision]).toEqual([undefined, 'unknown']);
        } else {
          const sum = nanos.reduce<number>((total, nano) => total + (nano ?? 0), 0);
          expect(costUsd).toBe(sum / 1e9);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('lastOf', () => {
  it('is the attempt that ended the request, however slow one was to end that had lost', () => {
    const [one, two, lost] = [record(0, 'reported', 1), record(0, 'reported', 2), record(0, 'reported', 3)];
    expect(lastOf([one, two])).toBe(two);
    expect(lastOf([one, two, { ...lost, lost: true }])).toBe(two);
    expect(totalsOf([one, { ...lost, lost: true }]).last).toBe(one);
  });

  it('is nobody where there was none, and the last where all have lost', () => {
    const lost = { ...record(0), lost: true };
    expect(lastOf([])).toBeUndefined();
    expect(lastOf([lost])).toBe(lost);
  });
});

describe('leaderOf', () => {
  const leader = requestContext({ requestId: 'leader' });

  it('is whose attempts have answered a request that has none', () => {
    expect(leaderOf(requestContext({ sharedWith: [leader] }))).toBe(leader);
    expect(leaderOf(requestContext())).toBeUndefined();
  });

  it('is nobody where there are attempts of its own', () => {
    expect(leaderOf(requestContext({ sharedWith: [leader], trail: [record(0)] }))).toBeUndefined();
  });
});
