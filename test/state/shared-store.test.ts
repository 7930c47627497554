import { type VirtualClock, virtualClock } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { realTimer } from '../../src/resilience/timing.ts';
import type { Claim } from '../../src/state/local-share.ts';
import { memoryStore } from '../../src/state/memory-store.ts';
import { type OnStoreFailure, SharedStore, type SharedStoreParts } from '../../src/state/shared-store.ts';
import type { Account, StateStore } from '../../src/state/state-store.ts';

/** What the wrapped store does: answer, not answer for now, or fail at once. */
type Mode = 'well' | 'stalls' | 'fails' | 'deaf';

interface Lab {
  readonly clock: VirtualClock;
  readonly shared: SharedStore;
  readonly told: string[];
  /** What has reached the store. */
  readonly calls: string[];
  mode: Mode;
  /** Lets go of what has stalled. */
  release(): void;
  /** What the store itself says of an account. */
  total(account: Account): Promise<number>;
  forget(): void;
  /** Another one over the same store. */
  again(): SharedStore;
}

function lab(onFailure: OnStoreFailure = 'local', expectedProcesses = 4): Lab {
  const clock = virtualClock({ epochMs: Date.UTC(2026, 10, 25, 12) });
  let store = memoryStore(clock.epochMs);
  let stalled: (() => void)[] = [];
  const told: string[] = [];
  const calls: string[] = [];
  const through = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    calls.push(name);
    if (state.mode === 'fails') throw new Error('READONLY You can not write against a read only replica.');
    if (state.mode === 'stalls') await new Promise<void>((resolve) => stalled.push(resolve));
    const result = await act();
    // It has acted, and its reply is lost.
    if (state.mode === 'deaf') throw new Error('connection reset');
    return result;
  };
  const wrapped: StateStore = {
    take: (take) => through('take', () => store.take(take)),
    settle: (account, id, amount) => through('settle', () => store.settle(account, id, amount)),
    mark: (name, forMs) => through('mark', () => store.mark(name, forMs)),
  };
  const parts: SharedStoreParts = {
    store: wrapped,
    timeoutMs: 50,
    expectedProcesses,
    onFailure,
    nowMs: clock.nowMs,
    epochMs: clock.epochMs,
    startTimer: clock.startTimer ?? realTimer,
    onLost: (message) => told.push(`lost: ${message}`),
    onRecovered: (awayMs) => told.push(`recovered after ${awayMs}`),
  };
  const shared = new SharedStore(parts);
  const state: Lab = {
    clock,
    shared,
    told,
    calls,
    mode: 'well',
    release() {
      for (const go of stalled) go();
      stalled = [];
    },
    total: async (account) =>
      (await store.take({ account, id: crypto.randomUUID(), amount: 0, leaseMs: 1 })).total,
    again: () => new SharedStore(parts, shared),
    forget() {
      store = memoryStore(clock.epochMs);
    },
  };
  return state;
}

const minute: Account = { name: 'r', limit: 8, span: { kind: 'rolling', windowMs: 60_000 } };
const day: Account = {
  name: 'b',
  limit: 1_000,
  span: { kind: 'periods', starts: [Date.UTC(2026, 10, 25), Date.UTC(2026, 10, 26)] },
};

let ids = 0;

const claimOf = (account: Account, amount = 1, isMoney = account === day): Claim => ({
  account,
  id: `c${ids++}`,
  amount,
  leaseMs: 60_000,
  isMoney,
});

/** Asks once, and lets so much time pass for it. */
async function ask({ shared, clock }: Lab, claim: Claim, ms = 0) {
  const answer = shared.ask({ claims: [claim], marks: [] });
  await clock.advance(ms);
  const { taken, isLocal } = await answer;
  return { granted: taken[0]?.granted, isLocal, taken: taken[0] };
}

describe('a store that is well', () => {
  it('is asked once for each claim and each mark, all together', async () => {
    const of = lab();
    const question = { claims: [claimOf(minute), claimOf(day, 5)], marks: ['m'] };
    const { taken, marks, isLocal } = await of.shared.ask(question);
    expect(taken.map(({ granted, total }) => [granted, total])).toEqual([
      [true, 1],
      [true, 5],
    ]);
    expect([marks, isLocal]).toEqual([[0], false]);
    expect(of.calls).toEqual(['take', 'take', 'mark']);
    expect(of.clock.pending).toEqual([]);
  });

  it('is told how a claim ended only where that is not what it has booked', async () => {
    const of = lab();
    const [same, less] = [claimOf(minute), claimOf(day, 100)];
    await of.shared.ask({ claims: [same, less], marks: [] });
    of.shared.settle(same, 1, false);
    of.shared.settle(less, 40, false);
    await of.clock.advance(0);
    expect(of.calls).toEqual(['take', 'take', 'settle']);
    expect(await of.total(day)).toBe(40);
  });

  it('says how long a name is to be left alone', async () => {
    const of = lab();
    of.shared.mark('m', 900.4);
    await of.clock.advance(0);
    expect((await of.shared.ask({ claims: [], marks: ['m', 'n'] })).marks).toEqual([901, 0]);
  });
});

describe('a store that is slow (R3)', () => {
  it('is waited for 50 ms, once; then each goes by its own for 5 s, and one event tells of it', async () => {
    const of = lab();
    of.mode = 'stalls';
    const waiting = [1, 2, 3].map(() => of.shared.ask({ claims: [claimOf(minute)], marks: [] }));
    await of.clock.advance(49);
    expect(of.told).toEqual([]);
    await of.clock.advance(1);
    for (const answer of await Promise.all(waiting)) expect(answer.isLocal).toBe(true);
    expect(of.told).toEqual(['lost: no answer within 50 ms']);
    const before = of.calls.length;
    for (let index = 0; index < 20; index += 1) expect((await ask(of, claimOf(minute))).isLocal).toBe(true);
    expect(of.calls).toHaveLength(before);
    expect(of.told).toHaveLength(1);
  });

  it('grants its share of a limit meanwhile: limit / expectedProcesses', async () => {
    const of = lab('local', 4);
    of.mode = 'stalls';
    await ask(of, claimOf(minute), 50);
    const granted: unknown[] = [];
    for (let index = 0; index < 9; index += 1) granted.push((await ask(of, claimOf(minute))).granted);
    expect(granted.filter(Boolean)).toHaveLength(1);
    expect((await ask(of, claimOf(minute))).taken?.waitMs).toBeGreaterThan(50_000);
  });

  it('does not renew that share each time it goes away', async () => {
    const of = lab('local', 4);
    for (let round = 0; round < 3; round += 1) {
      of.mode = 'stalls';
      await ask(of, claimOf(minute), 50);
      await ask(of, claimOf(minute));
      of.mode = 'well';
      of.release();
      await of.clock.advance(5_000);
      await ask(of, claimOf(minute));
      await of.clock.advance(0);
      expect(of.shared.isAway).toBe(false);
    }
    of.mode = 'stalls';
    expect((await ask(of, claimOf(minute), 50)).granted).toBe(false);
  });

  it('is looked for by the first request after 5 s, which does not wait for it', async () => {
    const of = lab();
    of.mode = 'stalls';
    await ask(of, claimOf(minute), 50);
    await of.clock.advance(5_000);
    const before = of.calls.length;
    // Neither waits, though it is still not there.
    expect((await ask(of, claimOf(minute))).isLocal).toBe(true);
    expect((await ask(of, claimOf(minute))).isLocal).toBe(true);
    expect(of.calls.slice(before)).toEqual(['mark']);
    await of.clock.advance(5_100);
    of.mode = 'well';
    expect((await ask(of, claimOf(minute))).isLocal).toBe(true);
    await of.clock.advance(0);
    expect(of.told.at(-1)).toMatch(/^recovered after 10\d\d\d/);
    expect((await ask(of, claimOf(minute))).isLocal).toBe(false);
  });

  it('has what it granted too late given back', async () => {
    const of = lab();
    of.mode = 'stalls';
    await ask(of, claimOf(minute, 3), 50);
    of.mode = 'well';
    of.release();
    await of.clock.advance(0);
    expect(await of.total(minute)).toBe(0);
  });
});

describe('a store that fails (R2, R11)', () => {
  it.each([
    ['local', true],
    ['open', true],
    ['reject', false],
  ] as const)('%s: granted %s', async (onFailure, granted) => {
    const of = lab(onFailure, 1);
    of.mode = 'fails';
    const answer = await ask(of, claimOf(minute));
    expect([answer.isLocal, answer.granted]).toEqual([true, granted]);
    expect(of.told).toEqual(['lost: READONLY You can not write against a read only replica.']);
    if (!granted) expect(answer.taken?.waitMs).toBe(5_000);
  });

  it('goes on without a limit when it is told to, and without an end of that', async () => {
    const of = lab('open');
    of.mode = 'fails';
    for (let index = 0; index < 50; index += 1) expect((await ask(of, claimOf(minute))).granted).toBe(true);
  });

  it('is away also when it cannot be told how a claim ended', async () => {
    const of = lab();
    const claim = claimOf(day, 100);
    await ask(of, claim);
    of.mode = 'fails';
    of.shared.settle(claim, 10, false);
    await of.clock.advance(0);
    expect(of.shared.isAway).toBe(true);
    expect(await of.total(day)).toBe(100);
    of.mode = 'well';
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    expect(await of.total(day), 'told again once it is back').toBe(10);
  });
});

describe('money while the store is away', () => {
  it('is the part of what was left when it was last heard of, and never what all have spent before', async () => {
    const of = lab('local', 4);
    await ask(of, claimOf(day, 800));
    of.mode = 'fails';
    expect((await ask(of, claimOf(day, 51))).granted).toBe(false);
    expect((await ask(of, claimOf(day, 50))).granted).toBe(true);
    expect((await ask(of, claimOf(day, 1))).granted).toBe(false);
  });

  it('does not grow by what is spent of it', async () => {
    const of = lab('local', 4);
    of.mode = 'fails';
    for (let index = 0; index < 30; index += 1) {
      const claim = claimOf(day, 25);
      const { granted } = await ask(of, claim);
      if (granted) of.shared.settle(claim, 25, true);
    }
    of.mode = 'well';
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    expect(await of.total(day)).toBe(250);
  });

  it('is told to the store when that is back, with what it came to', async () => {
    const of = lab('local', 1);
    of.mode = 'fails';
    const [over, running, unsent] = [claimOf(day, 100), claimOf(day, 100), claimOf(day, 100)];
    for (const claim of [over, running, unsent]) expect((await ask(of, claim)).granted).toBe(true);
    of.shared.settle(over, 30, true);
    of.shared.settle(unsent, 0, true);
    of.mode = 'well';
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    expect(await of.total(day), 'what is under way counts as all it may come to').toBe(130);
    of.shared.settle(running, 60, true);
    await of.clock.advance(0);
    expect(await of.total(day)).toBe(90);
  });

  it('counts for others while it is under way, and in the next absence', async () => {
    const of = lab('local', 4);
    of.mode = 'fails';
    const running = [claimOf(day, 125), claimOf(day, 125)];
    for (const claim of running) expect((await ask(of, claim)).granted).toBe(true);
    of.mode = 'well';
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    expect((await ask(of, claimOf(day, 751))).granted).toBe(false);
    of.mode = 'fails';
    await ask(of, claimOf(minute));
    expect((await ask(of, claimOf(day, 188))).granted, 'of 750 that are left a quarter').toBe(false);
    expect((await ask(of, claimOf(day, 187))).granted).toBe(true);
  });

  it('is not renewed by absences in which nobody heard of it', async () => {
    const of = lab('local', 4);
    let granted = 0;
    for (let round = 0; round < 6; round += 1) {
      of.mode = 'fails';
      await ask(of, claimOf(minute));
      for (let index = 0; index < 20; index += 1) {
        const claim = claimOf(day, 25);
        if (!(await ask(of, claim)).granted) continue;
        granted += 25;
        of.shared.settle(claim, 25, true);
      }
      of.mode = 'well';
      await of.clock.advance(5_000);
      await ask(of, claimOf(minute));
      await of.clock.advance(0);
    }
    // Each time a quarter of what is left by what this process itself has told.
    expect(granted).toBe(await of.total(day));
    expect(granted).toBeLessThan(850);
  });

  it('is booked once where the store had granted it before its reply was lost (R5)', async () => {
    const of = lab('local', 1);
    of.mode = 'deaf';
    const [spent, unsent] = [claimOf(day, 100), claimOf(day, 100)];
    await ask(of, spent);
    of.mode = 'well';
    expect(await of.total(day)).toBe(100);
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    of.mode = 'deaf';
    await ask(of, unsent);
    of.shared.settle(spent, 40, true);
    of.shared.settle(unsent, 0, true);
    of.mode = 'well';
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    expect(await of.total(day)).toBe(40);
  });

  it('is known to a store that has lost its memory, as far as this process has heard (R4)', async () => {
    const of = lab();
    await ask(of, claimOf(day, 900));
    of.forget();
    expect((await ask(of, claimOf(day, 101))).granted).toBe(false);
    expect((await ask(of, claimOf(day, 100))).granted).toBe(true);
  });
});

describe('what is under way while the store is away', () => {
  const permits: Account = { name: 'u', limit: 2, span: { kind: 'under_way' } };

  it('comes back when it is over, once the store is there again', async () => {
    const of = lab();
    const [one, other] = [claimOf(permits), claimOf(permits)];
    for (const claim of [one, other]) expect((await ask(of, claim)).granted).toBe(true);
    of.mode = 'fails';
    await ask(of, claimOf(minute));
    of.shared.settle(one, 1, false);
    of.shared.settle(other, 1, false);
    of.mode = 'well';
    await of.clock.advance(5_000);
    await ask(of, claimOf(minute));
    await of.clock.advance(0);
    expect(await of.total(permits)).toBe(0);
  });

  it('is not remembered for a store that has lost its memory: nobody would give it back', async () => {
    const of = lab();
    for (const claim of [claimOf(permits), claimOf(permits)]) await ask(of, claim);
    of.forget();
    expect((await ask(of, claimOf(permits))).granted).toBe(true);
  });
});

describe('a store that takes the place of another before it', () => {
  it('goes on with what that knew, and tells what that had to tell', async () => {
    const of = lab('local', 1);
    await ask(of, claimOf(day, 300));
    of.mode = 'fails';
    const claim = claimOf(day, 100);
    await ask(of, claim);
    of.shared.settle(claim, 60, true);
    of.mode = 'well';
    const next = of.again();
    await next.ask({ claims: [claimOf(day, 10)], marks: [] });
    await next.close();
    expect(await of.total(day)).toBe(370);
  });
});

it('is not found again by asking it for nothing, where only what was owed could not be told', async () => {
  const of = lab('local', 1);
  of.mode = 'fails';
  const claim = claimOf(day, 100);
  await ask(of, claim);
  of.mode = 'well';
  await of.clock.advance(5_000);
  const next = of.again();
  of.mode = 'fails';
  await next.close();
  expect(next.isAway).toBe(true);
  const before = of.calls.length;
  await of.clock.advance(5_000);
  await next.ask({ claims: [], marks: [] });
  await of.clock.advance(0);
  expect(of.calls.slice(before)).toEqual(['mark']);
  expect(next.isAway).toBe(true);
});

describe('closing', () => {
  it('waits for what is on its way', async () => {
    const of = lab();
    const claim = claimOf(day, 100);
    await ask(of, claim);
    of.mode = 'stalls';
    of.shared.settle(claim, 10, false);
    const state = { closed: false };
    const closed = of.shared.close().then(() => {
      state.closed = true;
    });
    await of.clock.advance(500);
    expect(state.closed).toBe(false);
    of.release();
    await closed;
    expect(await of.total(day)).toBe(10);
    expect(of.clock.pending).toEqual([]);
  });

  it('does not wait for a store that does not answer', async () => {
    const of = lab();
    const claim = claimOf(day, 100);
    await ask(of, claim);
    of.mode = 'stalls';
    of.shared.settle(claim, 10, false);
    const closed = of.shared.close();
    await of.clock.advance(1_000);
    await closed;
  });
});
