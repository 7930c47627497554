import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/state/memory-store.ts';
import { OwedSpending } from '../../src/state/owed-spending.ts';
import type { Account, Known, StateStore } from '../../src/state/state-store.ts';

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

const learnt: string[] = [];
const learn = ({ name }: Account, { total }: Known) => learnt.push(`${name} ${total}`);

describe('spending that the store has not heard of', () => {
  it('is told with what it came to, beyond the limit if need be, and only once', async () => {
    const { owed, total } = stage();
    owed.open(day, 'x', 90);
    owed.open(day, 'y', 60);
    owed.open(other, 'z', 5);
    expect(owed.close('x', 70, false)).toBe(false);
    expect([owed.of('b'), owed.of('c'), owed.of('d')]).toEqual([130, 5, 0]);
    await owed.tell(unknown, learn);
    await owed.tell(unknown, learn);
    expect([await total(day), await total(other)]).toEqual([130, 5]);
    expect(owed.of('b')).toBe(0);
    expect(learnt).toEqual(['b 70', 'b 130', 'c 5']);
  });

  it('is told while it is open, and then settled there', async () => {
    const { owed, total, store } = stage();
    owed.open(day, 'x', 90);
    await owed.tell(unknown, learn);
    expect(await total(day)).toBe(90);
    expect(owed.close('x', 20, false)).toBe(true);
    await store.settle(day, 'x', 20);
    expect(await total(day)).toBe(20);
    expect(owed.close('x', 20, false), 'once').toBe(false);
  });

  it('that ends while it is told is told as it ended', async () => {
    const { owed, total } = stage();
    owed.open(day, 'x', 90);
    const telling = owed.tell(unknown, learn);
    expect(owed.close('x', 20, false)).toBe(false);
    await telling;
    expect([await total(day), owed.of('b')]).toEqual([20, 0]);
  });

  it('that came to nothing is not told, unless the store may have granted it', async () => {
    const { owed, total, store, state } = stage();
    owed.open(day, 'x', 50);
    owed.close('x', 0, false);
    await owed.tell(unknown, learn);
    expect(state.calls).toBe(0);
    await store.take({ account: day, id: 'y', amount: 50, leaseMs: 1_000 });
    owed.open(day, 'y', 50);
    owed.close('y', 0, true);
    await owed.tell(unknown, learn);
    expect(await total(day)).toBe(0);
  });

  it('corrects what the store has booked by the same id', async () => {
    const { owed, store, total } = stage();
    await store.take({ account: day, id: 'x', amount: 50, leaseMs: 1_000 });
    await store.take({ account: day, id: 'y', amount: 50, leaseMs: 1_000 });
    owed.open(day, 'x', 50);
    owed.close('x', 20, true);
    owed.correct(day, 'y', 10);
    expect(owed.of('b'), 'what it has booked is not owed').toBe(20);
    await owed.tell(unknown, learn);
    expect(await total(day)).toBe(30);
  });

  it('stays owed while it cannot be told', async () => {
    const { owed, state, total } = stage();
    owed.open(day, 'x', 30);
    state.fails = true;
    const telling = owed.tell(unknown, learn);
    owed.close('x', 20, false);
    await expect(telling).rejects.toThrow('away');
    expect(owed.of('b')).toBe(20);
    state.fails = false;
    await owed.tell(unknown, learn);
    expect(await total(day)).toBe(20);
  });

  it('is told to a store that has lost its memory together with what was known before', async () => {
    const { owed, total } = stage();
    owed.open(day, 'x', 20);
    await owed.tell(() => ({ memory: 'another', total: 50 }), learn);
    expect(await total(day)).toBe(70);
  });

  it('is added up where it is much, and nothing of it is lost', async () => {
    const { owed, state, total } = stage();
    for (let index = 0; index < 5_000; index += 1) owed.open(day, `x${index}`, 3);
    for (let index = 0; index < 5_000; index += 1) owed.close(`x${index}`, 2, false);
    owed.correct(day, 'too many', 0);
    expect(owed.of('b')).toBe(10_000);
    await owed.tell(unknown, learn);
    expect(await total(day)).toBe(10_000);
    expect(state.calls).toBe(1_001);
    expect(owed.of('b')).toBe(0);
  });
});
