import { memoryStore } from 'runestone';
import { virtualClock } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { SharedCooldowns } from '../../src/pool/shared-cooldowns.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import { realTimer } from '../../src/resilience/timing.ts';
import { SharedStore } from '../../src/state/shared-store.ts';
import { attemptContext, requestContext, silent, targetOf } from '../contexts.ts';
import { statesOf } from './states.ts';

function setUp() {
  const clock = virtualClock();
  const store = new SharedStore({
    store: memoryStore(clock.epochMs),
    timeoutMs: 50,
    expectedProcesses: 2,
    onFailure: 'local',
    nowMs: clock.nowMs,
    epochMs: clock.epochMs,
    startTimer: clock.startTimer ?? realTimer,
    onLost: () => {},
    onRecovered: () => {},
  });
  const { states } = statesOf();
  return { clock, store, states, cooldowns: new SharedCooldowns({ store, states, nowMs: clock.nowMs }) };
}

const provider = { ...silent, keys: ['first', 'second'] };
const target = targetOf(provider, { key: 1, label: 'acme[1]/model-1' });
const attempt = attemptContext({ target });

describe('cooldowns that are shared', () => {
  it('are asked for by target and key, and not again for a quarter of a second', async () => {
    const { cooldowns, clock } = setUp();
    expect(cooldowns.due(attempt)).toEqual([
      'cooldown/target/acme[1]/second/model-1',
      'cooldown/key/acme[1]/second',
    ]);
    expect(cooldowns.due(attempt)).toEqual([]);
    await clock.advance(249);
    expect(cooldowns.due(attempt)).toEqual([]);
    await clock.advance(1);
    expect(cooldowns.due(attempt)).toHaveLength(2);
  });

  it('are none of a key that the caller brings along', () => {
    const { cooldowns } = setUp();
    const request = requestContext({ apiKey: new Secret('sk-of-somebody') });
    expect(cooldowns.due(attemptContext({ target, request }))).toEqual([]);
  });

  it('reach others by the same names, and hold there for as long as was told', async () => {
    const { cooldowns, store, states } = setUp();
    cooldowns.tell(target, 'key', 5_000);
    const names = cooldowns.due(attempt);
    const { marks } = await store.ask({ claims: [], marks: names });
    expect(cooldowns.heed(attempt, names, marks)).toBe(5_000);
    expect(states.of(target).cooldownMs).toBe(5_000);
    expect(states.of(target).keyOut).toBe(true);
  });

  it('say nothing where nothing was asked', () => {
    const { cooldowns, states } = setUp();
    expect(cooldowns.heed(attempt, [], [])).toBe(0);
    expect(states.of(target).cooldownMs).toBe(0);
  });
});
