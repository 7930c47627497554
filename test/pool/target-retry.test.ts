import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { TargetRetry } from '../../src/pool/target-retry.ts';
import { RetryBudget } from '../../src/resilience/retry-budget.ts';
import { requestContext } from '../contexts.ts';
import { candidate } from '../routing/view.ts';
import { statesOf } from './states.ts';

type Details = Partial<ConstructorParameters<typeof ProviderError>[0]>;
const error = (code: ProviderError['code'], details: Details = {}): ProviderError =>
  new ProviderError({ provider: 'acme', code, message: 'no', ...details });

function setUp(options: Partial<PoolOptions> = {}, others = [candidate('other')]) {
  const { states, told, settings } = statesOf(options);
  const budget = new RetryBudget(settings.retry.budget, told.teller.nowMs);
  const parts = { states, settings, budget, teller: told.teller, random: () => 0.5 };
  const request = requestContext();
  return { told, retry: new TargetRetry(parts, { request, candidate: candidate('m'), others, rounds: 0 }) };
}

describe('a further try', () => {
  it('waits by full jitter, doubling, as often as the target may be tried', () => {
    const { retry, told } = setUp({ retry: { attemptsPerTarget: 3, baseDelayMs: 100 } });
    expect([1, 2, 3].map((tries) => retry.delayMs(error('server_error'), tries))).toEqual([
      50,
      100,
      undefined,
    ]);
    expect(told.of('retry.scheduled')).toHaveLength(2);
    expect(told.of('retry.exhausted')).toMatchObject([{ reason: 'attempts' }]);
  });

  it('waits as long as upstream said, within the cap', () => {
    expect(setUp().retry.delayMs(error('server_error', { retryAfterMs: 1_500 }), 1)).toBe(1_500);
    const capped = setUp({ retry: { preferWaitMs: 100_000 } });
    expect(capped.retry.delayMs(error('server_error', { retryAfterMs: 61_000 }), 1)).toBeUndefined();
    expect(capped.told.of('retry.exhausted')).toMatchObject([{ reason: 'retry_after' }]);
  });

  it('is not made where it cannot help, nor where an equal is free', () => {
    expect(setUp().retry.delayMs(error('invalid_request'), 1)).toBeUndefined();
    expect(setUp().retry.delayMs(error('overloaded'), 1)).toBeUndefined();
    expect(setUp({}, []).retry.delayMs(error('overloaded'), 1)).toBe(250);
  });
});

describe('a repair', () => {
  const shorter = error('invalid_request', { repair: { kind: 'shorter', maxTokens: 5 } });

  it('is tried at once, and once for each kind', () => {
    const { retry, told } = setUp();
    expect(retry.delayMs(shorter, 1)).toBe(0);
    expect(retry.repairs).toEqual([{ kind: 'shorter', maxTokens: 5 }]);
    expect(retry.delayMs(shorter, 2)).toBeUndefined();
    expect(retry.delayMs(error('invalid_request', { repair: { kind: 'other' } }), 2)).toBe(0);
    expect(told.of('retry.scheduled')).toHaveLength(2);
  });

  it('does not use up the tries of the target', () => {
    const { retry } = setUp({ retry: { attemptsPerTarget: 2 } });
    retry.delayMs(shorter, 1);
    expect(retry.delayMs(error('server_error'), 2)).toBe(250);
  });

  it('is within the retry budget', () => {
    const { retry } = setUp({ retry: { budget: { minimum: 0, ratio: 0 } } });
    expect(retry.delayMs(shorter, 1)).toBeUndefined();
    expect(retry.repairs).toEqual([]);
  });
});
