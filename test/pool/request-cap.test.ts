import { describe, expect, it } from 'vitest';
import { cappedTo, RequestAccounts } from '../../src/pool/request-cap.ts';
import { SpendingWindow } from '../../src/resilience/spending-window.ts';
import { ask, attemptContext, requestContext } from '../contexts.ts';

const clock = { nowMs: () => 0, epochMs: () => 0 };

/** A prompt for 100, and 2 for each token of the answer; 50 of them unless told otherwise. */
const boundOf = (_: unknown, tokens = 50): number => 100 + tokens * 2;

const cap = (limit: number, fields: object = {}) => {
  const attempt = attemptContext({ request: requestContext({ request: { ...ask(), ...fields } }) });
  return {
    attempt,
    capped: cappedTo(new SpendingWindow(limit, { rollingMs: 1_000 }, clock), attempt, boundOf),
  };
};

describe('an answer that is capped to its money', () => {
  it.each([200, 1_000])('stays as it is where %i pay for all of it', (limit) => {
    const { attempt, capped } = cap(limit);
    expect(capped).toBe(attempt);
  });

  it.each([
    [199, 49],
    [150, 25],
    [103, 1],
  ])('gets the tokens that %i pay for', (limit, tokens) => {
    const { capped } = cap(limit, { max_tokens: 50 });
    expect(capped.request.request).toEqual({ ...ask(), max_completion_tokens: tokens });
    expect(capped.request.warnings).toMatchObject([{ code: 'clamped' }]);
  });

  it('is told of once, however often the attempt asks', () => {
    const { attempt } = cap(150);
    const window = new SpendingWindow(150, { rollingMs: 1_000 }, clock);
    for (let round = 0; round < 3; round++) cappedTo(window, attempt, boundOf);
    expect(attempt.request.warnings).toHaveLength(1);
    window.reserve(20);
    cappedTo(window, attempt, boundOf);
    expect(attempt.request.warnings).toHaveLength(2);
  });

  it.each([101, 99, 0])('stays as it is where %i pay for none: it is refused', (limit) => {
    const { attempt, capped } = cap(limit);
    expect(capped).toBe(attempt);
    expect(attempt.request.warnings).toEqual([]);
  });

  it('stays as it is where nothing is priced', () => {
    const attempt = attemptContext();
    const window = new SpendingWindow(1, { rollingMs: 1_000 }, clock);
    expect(cappedTo(window, attempt, () => undefined)).toBe(attempt);
  });
});

describe('the accounts of requests', () => {
  it('are one for each request that has a cap, whatever copy of its context asks', () => {
    const accounts = new RequestAccounts(clock);
    const request = requestContext({ maxNanoUsd: 500 });
    const account = accounts.of(request);
    expect(account?.window.limit).toBe(500);
    expect(accounts.of({ ...request })).toBe(account);
    expect(accounts.of(requestContext({ maxNanoUsd: 500 }))).not.toBe(account);
    expect(accounts.of(requestContext())).toBeUndefined();
  });
});
