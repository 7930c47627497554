import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory-store.ts';
import { OwedSpending } from '../../src/state/owed-spending.ts';
import type { Account, StateStore } from '../../src/state/state-store.ts';

const day: Account = { name: 'b', limit: 100, span: { kind: 'periods', starts: [0, 86_400_000] } };
const other: Account = { ...day, name: 'c' };

const unknown = () => undefined;

function stage() {
  const store = memoryStore(() => 5);
  const state = { fails: false, calls: 0 };
  const watched: StateStore = {
    ...store,
    take: (take) => {
      state.calls += 1;
      return state.fails ? Promise.reject(new Error('away')) : store.take(take);
    },
    settle: (...settled) => store.settle(...settled),
  };
  const total = async (account: Account) =>
    (await store.take({ account, id: crypto.randomUUID(), amount: 0, leaseMs: 1 })).total;
  return { store, state, owed: new OwedSpending(watched), total };
}

describe('spending that the store has not heard of', () => {
  it('is told with what it came to, beyond the limit if need be, and only once', async () => {
    const { owed, total } = stage();
    owed.add(day, 'x', 70);
    owed.add(day, 'y', 60);
    owed.add(other, 'z', 5);
    expect([owed.of('b'), owed.of('c'), owed.of('d')]).toEqual([130, 5, 0]);
    await owed.tell(unknown);
    await owed.tell(unknown);
    expect([await total(day), await total(other)]).toEqual([130, 5]);
    expect(owed.of('b')).toBe(0);
  });

  it('corrects what the store has booked by the same id', async () => {
    const { owed, store, total } = stage();
    await store.take({ account: day, id: 'x', amount: 50, leaseMs: 1_000 });
    await store.take({ account: day, id: 'y', amount: 50, leaseMs: 1_000 });
    owed.add(day, 'x', 20);
    owed.correct(day, 'y', 10);
    expect(owed.of('b'), 'what it has booked is not owed').toBe(20);
    await owed.tell(unknown);
    expect(await total(day)).toBe(30);
  });

  it('stays owed while it cannot be told', async () => {
    const { owed, state, total } = stage();
    owed.add(day, 'x', 20);
    state.fails = true;
    await expect(owed.tell(unknown)).rejects.toThrow('away');
    expect(owed.of('b')).toBe(20);
    state.fails = false;
    await owed.tell(unknown);
    expect(await total(day)).toBe(20);
  });

  it('is told to a store that has lost its memory together with what was known before', async () => {
    const { owed, total } = stage();
    owed.add(day, 'x', 20);
    await owed.tell(() => ({ memory: 'another', total: 50 }));
    expect(await total(day)).toBe(70);
  });

  it('is added up where it is much, and nothing of it is lost', async () => {
    const { owed, state, total } = stage();
    for (let index = 0; index < 5_000; index += 1) owed.add(day, `x${index}`, 2);
    owed.add(day, 'nothing', 0);
    owed.correct(day, 'too many', 0);
    expect(owed.of('b')).toBe(10_000);
    await owed.tell(unknown);
    expect(await total(day)).toBe(10_000);
    expect(state.calls).toBe(1_001);
  });
});
