import { memoryStore, type StateStore } from 'runestone';
import { stateStoreConformance } from 'runestone/testing';
import { describe, expect, it } from 'vitest';

/** A right store with one thing wrong with it. */
const wrong: Readonly<Record<string, (store: StateStore) => Partial<StateStore>>> = {
  'grants everything': (store) => ({
    take: async (take) => ({ ...(await store.take(take)), granted: true }),
  }),
  'takes again by the same id': (store) => ({
    take: (take) => store.take({ ...take, id: crypto.randomUUID() }),
  }),
  'gives nothing back': () => ({ settle: async () => {} }),
  'gives all of it back': (store) => ({ settle: (account, id) => store.settle(account, id, 0) }),
  'keeps one account for all': (store) => ({
    take: (take) => store.take({ ...take, account: { ...take.account, name: 'one' } }),
  }),
  'never says how long to wait': (store) => ({
    take: async (take) => ({ ...(await store.take(take)), waitMs: 0 }),
  }),
  'keeps what is held for ever': (store) => ({ take: (take) => store.take({ ...take, leaseMs: 1e9 }) }),
  'marks for ever': (store) => ({ mark: (name, forMs) => store.mark(name, forMs && 1e9) }),
  'forgets marks': () => ({ mark: async () => 0 }),
};

/** The names of the cases that a store on a clock of its own fails. */
async function failuresOf(break_: (store: StateStore) => Partial<StateStore>): Promise<string[]> {
  const failures: string[] = [];
  const open = async () => {
    let now = Date.now();
    const right = memoryStore(() => now);
    const store: StateStore = {
      take: (take) => right.take(take),
      settle: (...settled) => right.settle(...settled),
      mark: (...marked) => right.mark(...marked),
      ...break_(right),
    };
    return {
      stores: [store, store] as const,
      pass: async (ms: number) => {
        now += ms;
      },
    };
  };
  for (const { name, run } of stateStoreConformance(open)) {
    try {
      await run();
    } catch {
      failures.push(name);
    }
  }
  return failures;
}

describe('the conformance cases of stores', () => {
  it('pass for a store that is right', async () => {
    expect(await failuresOf(() => ({}))).toEqual([]);
  });

  it.each(Object.entries(wrong))('find a store that %s', async (_, break_) => {
    expect((await failuresOf(break_)).length).toBeGreaterThan(0);
  });
});
