import { describe, expect, it } from 'vitest';
import { type AttemptRecord, ProviderError } from '../../src/errors/index.ts';
import { silent, targetOf } from '../contexts.ts';
import { settingsOf, statesOf } from './states.ts';

const target = targetOf(silent);

const record: AttemptRecord = {
  attempt: 1,
  provider: 'acme',
  model: 'm',
  target: 'acme/m',
  waitedMs: 0,
  outcome: 'ok',
  durationMs: 5,
  costUsd: 0.5,
  precision: 'reported',
};

describe('ProviderStates', () => {
  it('keeps one state for each target, known by its label', () => {
    const { states } = statesOf();
    expect(states.of(target)).toBe(states.of({ ...target }));
    expect(states.of(target)).not.toBe(states.of(targetOf(silent, { model: 'other' })));
    expect([...states.all()].map((state) => state.target.label)).toEqual(['acme/model-1', 'acme/other']);
  });

  it('counts each target, and all together', () => {
    const { states } = statesOf();
    const other = states.of(targetOf(silent, { model: 'other' }));
    const one = states.of(target);
    for (const state of [one, one, other]) {
      state.began(7);
      state.ended(record, { sent: true, tokens: 7 });
    }
    other.began(7);
    one.retried();
    expect(one.stats.row()).toMatchObject({ requests: 2, inFlight: 0, retries: 1, costUsd: 1 });
    expect(other.stats.row()).toMatchObject({ requests: 1, inFlight: 1, retries: 0 });
    expect(states.total.row()).toMatchObject({ requests: 3, inFlight: 1, retries: 1, costUsd: 1.5 });
  });
});

describe('a provider', () => {
  const twin = { ...silent };

  it('shares nothing with another of its name: neither circuit nor key', () => {
    const { states } = statesOf();
    const [one, two] = [states.of(target), states.of(targetOf(twin))];
    expect([one === two, one.target.label === two.target.label]).toEqual([false, true]);
    const refused = new ProviderError({ provider: 'acme', code: 'authentication', message: 'no' });
    one.admit(false)?.fail(refused);
    expect([one.keyOut, two.keyOut]).toEqual([true, false]);
    expect(states.of(targetOf(silent, { model: 'other' })).keyOut).toBe(true);
  });

  it('is forgotten with all its targets, and its counts stay in the total', () => {
    const { states } = statesOf();
    const state = states.of(target);
    state.began(1);
    state.ended(record, { sent: true, tokens: 1 });
    states.of(targetOf(twin));
    states.forget(silent);
    states.forget({ ...silent, name: 'nobody knows' });
    expect(states.all().map((each) => each.target.provider)).toEqual([twin]);
    expect([states.of(target) === state, states.of(target).stats.row().requests]).toEqual([false, 0]);
    expect(states.total.row().requests).toBe(1);
  });
});

describe('many targets', () => {
  it('are a thousand at most: of those at rest the longest known goes, whoever’s it is', () => {
    const { states } = statesOf();
    const other = { ...silent, name: 'other' };
    const busy = states.of(target);
    busy.began(1);
    for (let n = 0; n < 1_200; n++) states.of(targetOf(n % 2 ? silent : other, { model: `model-${n}` }));
    expect(states.all()).toHaveLength(1_000);
    expect(states.of(target)).toBe(busy);
    states.forget(silent);
    for (let n = 0; n < 400; n++) states.of(targetOf(other, { model: `later-${n}` }));
    expect(states.all().length).toBeGreaterThan(800);
  });
});

describe('other settings', () => {
  const failed = new ProviderError({ provider: 'acme', code: 'server_error', message: 'no' });

  it('renew circuits where those of the breaker are others, and only then', () => {
    const { states } = statesOf({ breaker: { failureThreshold: 1 } });
    const state = states.of(target);
    state.admit(false)?.fail(failed);
    states.configure(settingsOf({ breaker: { failureThreshold: 1 }, retry: false }));
    expect(state.circuit).toBe('open');
    states.configure(settingsOf({ breaker: { failureThreshold: 2 } }));
    expect(state.circuit).toBe('closed');
    state.admit(false)?.fail(failed);
    expect(state.circuit).toBe('closed');
    states.configure(settingsOf({ breaker: false }));
    for (let n = 0; n < 9; n++) state.admit(false)?.fail(failed);
    expect([state.circuit, state.retryAfterMs()]).toEqual(['closed', 0]);
  });

  it('count for what comes: how long a host is believed', () => {
    const { states } = statesOf();
    const state = states.of(target);
    states.configure(settingsOf({ retry: { retryAfterCapMs: 5_000 } }));
    state.heed({ requests: { remaining: 0, resetMs: 36_000_000 } });
    expect(state.quotaMs(undefined)).toBe(5_000);
  });

  it('are nobody else’s: those who made the states keep theirs', () => {
    const settings = settingsOf();
    const { states, settings: given } = statesOf();
    states.configure(settingsOf({ retry: false }));
    expect(given).toEqual(settings);
  });
});
