import { describe, expect, it } from 'vitest';
import { type AttemptRecord, CancelledError } from '../../src/errors/index.ts';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import { type AttemptDraft, beginAttempt } from '../../src/pool/begin-attempt.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { ask, requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const candidate = (name: string) => ({ target: targetOf({ ...silent, name }), tier: 0, weight: 1 });
const ended = (attempt: number): AttemptRecord => ({
  attempt,
  provider: 'acme',
  model: 'm',
  target: 'acme/m',
  waitedMs: 0,
  outcome: 'error',
  durationMs: 1,
  precision: 'unknown',
});

/** An attempt at `acme`, 5 s after the request came. */
function begin(facts: Partial<AttemptDraft> = {}, options: Partial<PoolOptions> = {}) {
  const { states, told, settings } = statesOf(options);
  told.pass(5_000);
  const { request = requestContext() } = facts;
  const draft: AttemptDraft = {
    request,
    target: targetOf(silent),
    cancellation: request.cancellation,
    repairs: [],
    continues: undefined,
    mayPause: true,
    hedge: false,
    others: [],
    underWay: 0,
    sinceMs: 2_000,
    ...facts,
  };
  return { context: beginAttempt({ settings, states, teller: told.teller }, draft), states };
}

describe('an attempt that begins', () => {
  it('is numbered after those that ended and those under way', () => {
    expect(begin().context.attempt).toBe(1);
    const request = requestContext({ trail: [ended(1), ended(2)] });
    expect(begin({ request, underWay: 1 }).context.attempt).toBe(4);
  });

  it('knows how long nothing has been tried', () => {
    const { context } = begin();
    expect([context.waitedMs, context.tally.startedMs]).toEqual([3_000, 5_000]);
  });

  it('passes on what was drafted', () => {
    const cancellation = new Cancellation();
    const repairs = [{ kind: 'shorter' }];
    const { context } = begin({ cancellation, repairs, hedge: true, mayPause: false });
    expect(context).toMatchObject({ cancellation, repairs, hedge: true, mayPause: false });
  });

  it('leaves the next target its share of the time, where there may be a next', () => {
    const request = requestContext({ deadlineMs: 15_000 });
    const others = [candidate('b')];
    expect(begin({ request }).context.firstTokenMs).toBe(60_000);
    expect(begin({ request, others }).context.firstTokenMs).toBe(7_000);
    expect(begin({ request, others, continues: {} }).context.firstTokenMs).toBe(60_000);
    expect(begin({ request, others, underWay: 2 }).context.firstTokenMs).toBe(60_000);
  });

  it.each([
    ['one that reasons', { reasoning_effort: 'high' as const }],
    [
      'an answer by a schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'x' } } as const },
    ],
  ])('is given more time for %s', (_, more) => {
    const request = requestContext({ request: { ...ask(), ...more } });
    expect(begin({ request }).context.firstTokenMs).toBe(180_000);
  });

  it('is the last one where no other is free, and never beside another', () => {
    const others = [candidate('b')];
    expect(begin().context.lastTarget).toBe(true);
    expect(begin({ others }).context.lastTarget).toBe(false);
    expect(begin({ hedge: true }).context.lastTarget).toBe(false);
  });
});

describe('an attempt that cannot begin', () => {
  it('is one without time', () => {
    const request = requestContext({ deadlineMs: 5_000 });
    expect(() => begin({ request })).toThrow('no time is left for another attempt');
  });

  it('is one of a request that has ended', () => {
    const cancellation = new Cancellation();
    const reason = new CancelledError('gone');
    cancellation.cancel(reason);
    expect(() => begin({ request: requestContext({ cancellation }) })).toThrow(reason);
  });
});
