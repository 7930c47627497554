import { describe, expect, it } from 'vitest';
import {
  type CancelledError,
  type ErrorDetails,
  ProviderError,
  type ProviderErrorCode,
} from '../../src/errors/index.ts';
import type { TargetState } from '../../src/pool/target-state.ts';
import { EPOCH_MS, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

const target = targetOf(silent);

const error = (code: ProviderErrorCode, details: Omit<ErrorDetails, 'provider'> = {}): ProviderError =>
  new ProviderError({ provider: 'acme', code, message: 'no', ...details });

/** One attempt from admission to its end. */
function attempt(state: TargetState, failure?: ProviderError | CancelledError, lastTarget = false): boolean {
  const permit = state.admit(lastTarget);
  if (!permit) return false;
  if (!failure) permit.succeed();
  else permit.fail(failure);
  permit.release();
  return true;
}

const repeat = (times: number, act: () => unknown): void => {
  for (let time = 0; time < times; time++) act();
};

describe('what the host of a target says is left', () => {
  it('closes it until the reset, in which it takes nobody', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    expect([state.quotaMs(undefined), state.isOpen]).toEqual([0, true]);
    state.heed({ requests: { remaining: 0, resetMs: 3_000 } });
    expect([state.quotaMs(undefined), state.isOpen, state.cooldownMs]).toEqual([3_000, false, 0]);
    told.pass(3_000);
    expect([state.quotaMs(undefined), state.isOpen]).toEqual([0, true]);
  });

  it('is less with each attempt', () => {
    const { states } = statesOf();
    const state = states.of(target);
    state.heed({ requests: { remaining: 1, resetMs: 3_000 }, tokens: { remaining: 90, resetMs: 2_000 } });
    expect([state.quotaMs(90), state.quotaMs(91)]).toEqual([0, 2_000]);
    state.began(40);
    expect([state.quotaMs(50), state.isOpen]).toEqual([3_000, false]);
  });

  it('is believed for no longer than a `Retry-After` would be', () => {
    const { states } = statesOf({ retry: { retryAfterCapMs: 5_000 } });
    const state = states.of(target);
    state.heed({ requests: { remaining: 0, resetMs: 36_000_000 } });
    expect(state.quotaMs(undefined)).toBe(5_000);
  });
});

describe('the circuit of a target', () => {
  const overloaded = error('overloaded');

  it('opens after five failures in a row, and says until when', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    repeat(4, () => attempt(state, overloaded));
    expect([state.circuit, state.isOpen]).toEqual(['closed', true]);
    attempt(state, overloaded);
    expect([state.circuit, state.isOpen, state.retryAfterMs()]).toEqual(['open', false, 5_000]);
    expect(attempt(state)).toBe(false);
    told.pass(2_000);
    expect(state.retryAfterMs()).toBe(3_000);
  });

  it('takes a request again once its time is over, as a probe', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    repeat(5, () => attempt(state, overloaded));
    told.pass(5_000);
    expect(state.isOpen).toBe(true);
    const probe = state.admit(false);
    expect(probe).toBeDefined();
    expect([state.circuit, state.isOpen]).toEqual(['half_open', false]);
    // Nobody knows how long the probe takes; by the next regular one there is an answer.
    expect(state.retryAfterMs()).toBe(5_000);
    expect(state.admit(false)).toBeUndefined();
    probe?.succeed();
    expect(state.circuit).toBe('closed');
  });

  it('gives a probe back that nobody judged (P7)', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    repeat(5, () => attempt(state, overloaded));
    told.pass(5_000);
    state.admit(false)?.release();
    expect(state.admit(false)).toBeDefined();
  });

  it.each([
    ...(['overloaded', 'server_error', 'connection', 'timeout', 'stream_truncated'] as const),
    ...(['bad_response', 'redirect'] as const),
  ])('counts %s as a failure', (code) => {
    const state = statesOf().states.of(target);
    repeat(5, () => attempt(state, error(code)));
    expect(state.circuit).toBe('open');
  });

  it.each([
    ...([
      'invalid_request',
      'request_too_large',
      'context_overflow',
      'content_filtered',
      'conflict',
    ] as const),
    ...(['model_not_found', 'rate_limited', 'authentication', 'permission', 'quota_exhausted'] as const),
  ])('does not count %s (P10)', (code) => {
    const state = statesOf().states.of(target);
    repeat(50, () => attempt(state, error(code)));
    expect(state.circuit).toBe('closed');
  });

  it('is a matter of one target: another model of the same provider is not affected (P11)', () => {
    const { states } = statesOf();
    repeat(5, () => attempt(states.of(target), overloaded));
    expect(states.of(targetOf(silent, { model: 'other' })).isOpen).toBe(true);
  });

  it('lets the last target be asked once in a while, however long it is open', () => {
    const { states, told } = statesOf({ breaker: { openMs: 1_000, maxOpenMs: 60_000 } });
    const state = states.of(target);
    repeat(5, () => attempt(state, overloaded));
    let probes = 0;
    for (let second = 0; second < 60; second++) {
      told.pass(1_000);
      if (attempt(state, overloaded, true)) probes++;
    }
    expect(probes).toBeGreaterThanOrEqual(30);
    expect(probes).toBeLessThanOrEqual(60);
  });

  it('follows the options of the pool', () => {
    const { states } = statesOf({ breaker: { failureThreshold: 2, openMs: 700 } });
    const state = states.of(target);
    repeat(2, () => attempt(state, overloaded));
    expect([state.circuit, state.retryAfterMs()]).toEqual(['open', 700]);
  });

  it('is never open when the pool has no breaker', () => {
    const { states, told } = statesOf({ breaker: false });
    const state = states.of(target);
    repeat(100, () => attempt(state, overloaded));
    expect([state.circuit, state.isOpen, state.retryAfterMs()]).toEqual(['closed', true, 0]);
    expect(attempt(state)).toBe(true);
    expect(told.told).toEqual([]);
  });

  it('tells of each move once, with its reason', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    repeat(5, () => attempt(state, overloaded));
    told.pass(5_000);
    attempt(state, overloaded);
    told.pass(10_000);
    attempt(state);
    const base = { provider: 'acme', target: 'acme/model-1' };
    const at = (ms: number) => ({ at: EPOCH_MS + ms, ...base });
    expect(told.told).toEqual([
      {
        ...at(0),
        name: 'circuit_breaker.open',
        from: 'closed',
        to: 'open',
        reason: 'failures',
        openMs: 5_000,
      },
      {
        ...at(5_000),
        name: 'circuit_breaker.half_open',
        from: 'open',
        to: 'half_open',
        reason: 'open_time_over',
      },
      {
        ...at(5_000),
        name: 'circuit_breaker.open',
        from: 'half_open',
        to: 'open',
        reason: 'probe_failed',
        openMs: 10_000,
      },
      {
        ...at(15_000),
        name: 'circuit_breaker.half_open',
        from: 'open',
        to: 'half_open',
        reason: 'open_time_over',
      },
      {
        ...at(15_000),
        name: 'circuit_breaker.close',
        from: 'half_open',
        to: 'closed',
        reason: 'probe_succeeded',
      },
    ]);
  });
});

describe('the cooldown of a target', () => {
  it.each([
    ['the time the host named', 7_000, 7_000],
    ['no longer than the cap: a limit may be lifted (S16)', 36_000_000, 60_000],
    ['a guess when none was named', undefined, 15_000],
  ])('after a 429 is %s', (_, retryAfterMs, expected) => {
    const state = statesOf().states.of(target);
    attempt(state, error('rate_limited', { retryAfterMs }));
    expect([state.cooldownMs, state.isOpen, state.keyOut]).toEqual([expected, false, false]);
  });

  it('doubles when nobody names a time, and starts small again after a success', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    attempt(state, error('rate_limited'));
    told.pass(15_000);
    attempt(state, error('rate_limited'));
    expect(state.cooldownMs).toBe(30_000);
    told.pass(30_000);
    attempt(state);
    attempt(state, error('rate_limited'));
    expect(state.cooldownMs).toBe(15_000);
  });

  it('only moves later: a short time after a long one does not end it (P19)', () => {
    const state = statesOf().states.of(target);
    attempt(state, error('rate_limited', { retryAfterMs: 40_000 }));
    attempt(state, error('rate_limited', { retryAfterMs: 1_000 }));
    expect(state.cooldownMs).toBe(40_000);
  });

  it('is over by itself', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    attempt(state, error('rate_limited', { retryAfterMs: 7_000 }));
    told.pass(7_000);
    expect([state.cooldownMs, state.isOpen]).toEqual([0, true]);
  });

  it('is that of one model: limits are', () => {
    const { states } = statesOf();
    attempt(states.of(target), error('rate_limited'));
    expect(states.of(targetOf(silent, { model: 'other' })).cooldownMs).toBe(0);
  });

  it('does not close the door: who has nowhere else to go may ask', () => {
    const state = statesOf().states.of(target);
    attempt(state, error('rate_limited'));
    expect(state.admit(true)).toBeDefined();
  });
});

describe('a key', () => {
  it.each([
    ['authentication', {}, 300_000],
    ['permission', {}, 300_000],
    ['quota_exhausted', {}, 900_000],
    ['quota_exhausted', { retryAfterMs: 3_600_000 }, 3_600_000],
  ] as const)('refused with %s %j is out for a while', (code, details, expected) => {
    const state = statesOf().states.of(target);
    attempt(state, error(code, details));
    expect([state.cooldownMs, state.isOpen, state.keyOut]).toEqual([expected, false, true]);
  });

  it('stays out longer each time', () => {
    const { states, told } = statesOf();
    const state = states.of(target);
    attempt(state, error('authentication'));
    told.pass(300_000);
    attempt(state, error('authentication'));
    expect(state.cooldownMs).toBe(600_000);
  });

  it('is out for all models, also those asked for later', () => {
    const { states } = statesOf();
    const before = states.of(targetOf(silent, { model: 'before' }));
    attempt(states.of(target), error('authentication'));
    expect(before.keyOut).toBe(true);
    expect(states.of(targetOf(silent, { model: 'later' })).keyOut).toBe(true);
  });

  it('is not out for the other keys of its provider, nor for other providers', () => {
    const { states } = statesOf();
    attempt(states.of(targetOf(silent, { key: 0, label: 'acme[0]/m' })), error('authentication'));
    expect(states.of(targetOf(silent, { key: 1, label: 'acme[1]/m' })).keyOut).toBe(false);
    expect(states.of(targetOf({ ...silent, name: 'other' })).keyOut).toBe(false);
  });
});

describe('target.cooldown', () => {
  it('is told when a target is left alone', () => {
    const { states, told } = statesOf();
    attempt(states.of(target), error('rate_limited', { retryAfterMs: 7_000 }));
    attempt(states.of(target), error('authentication'));
    const base = { name: 'target.cooldown', at: EPOCH_MS, provider: 'acme', target: 'acme/model-1' };
    expect(told.of('target.cooldown')).toEqual([
      { ...base, code: 'rate_limited', cooldownMs: 7_000 },
      { ...base, code: 'authentication', cooldownMs: 300_000 },
    ]);
  });

  it('is not told when that changes nothing', () => {
    const { states, told } = statesOf();
    attempt(states.of(target), error('rate_limited', { retryAfterMs: 7_000 }));
    attempt(states.of(target), error('rate_limited', { retryAfterMs: 1_000 }));
    attempt(states.of(target), error('overloaded', { retryAfterMs: 90_000 }));
    attempt(states.of(target));
    expect(told.of('target.cooldown')).toHaveLength(1);
  });
});

describe('others who share its cooldowns', () => {
  const heard = () => {
    const { states, settings } = statesOf();
    const told: unknown[][] = [];
    states.configure(settings, (...call) => told.push(call));
    return { state: states.of(target), told, states, settings };
  };

  it.each([
    ['rate_limited', [target, 'target', 9_000]],
    ['quota_exhausted', [target, 'key', 9_000]],
    // Their key may be another one.
    ['authentication', undefined],
    ['permission', undefined],
    ['server_error', undefined],
  ] as const)('are told of %s: %j', (code, call) => {
    const { state, told } = heard();
    attempt(state, error(code, { retryAfterMs: 9_000 }));
    expect(told).toEqual(call ? [call] : []);
  });

  it('are told again only of a longer time, and of nothing once nothing is shared', () => {
    const { state, told, states, settings } = heard();
    for (const retryAfterMs of [9_000, 3_000, 12_000])
      attempt(state, error('rate_limited', { retryAfterMs }), true);
    expect(told.map(([, , forMs]) => forMs)).toEqual([9_000, 12_000]);
    states.configure(settings);
    attempt(state, error('rate_limited', { retryAfterMs: 20_000 }), true);
    expect(told).toHaveLength(2);
  });

  it('are listened to, and not told what they said', () => {
    const { state, told } = heard();
    state.heedOthers(4_000, 0);
    expect([state.cooldownMs, state.keyOut]).toEqual([4_000, false]);
    state.heedOthers(1_000, 6_000);
    expect([state.cooldownMs, state.keyOut]).toEqual([6_000, true]);
    expect(told).toEqual([]);
  });
});

describe('a circuit that is renewed', () => {
  it('is closed, and hears nothing of what began before', () => {
    const { states, told } = statesOf({ breaker: { failureThreshold: 1 } });
    const state = states.of(target);
    const [late, later] = [state.admit(false), state.admit(false)];
    attempt(state, error('overloaded'));
    state.renewCircuit();
    expect([state.circuit, state.isOpen, state.retryAfterMs()]).toEqual(['closed', true, 0]);
    late?.fail(error('overloaded'));
    later?.succeed();
    expect(state.circuit).toBe('closed');
    expect(told.of('circuit_breaker.open')).toHaveLength(1);
  });

  it('leaves cooldowns and counts as they are', () => {
    const { states } = statesOf();
    const state = states.of(target);
    state.began(7);
    attempt(state, error('rate_limited', { retryAfterMs: 9_000 }));
    state.renewCircuit();
    expect([state.cooldownMs, state.stats.inFlight]).toEqual([9_000, 1]);
  });
});
