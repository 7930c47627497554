import type { Account, StateStore, Take } from '../index.ts';

/** What the cases need of a store. */
export interface StoreUnderTest {
  /** Two clients of the same store, as two processes have them. */
  readonly stores: readonly [StateStore, StateStore];
  /** Lets the store's clock go on, in milliseconds: by a fake clock, or by waiting. */
  readonly pass: (ms: number) => Promise<void>;
  /** Makes the store forget everything; left out where it cannot. */
  readonly forget?: () => Promise<void>;
}

/** One demand on a store. `run` rejects when it is not met. */
export interface StoreCase {
  readonly name: string;
  run(): Promise<void>;
}

/** Windows of the cases, in milliseconds: short, because some stores have no clock but the real one. */
const WINDOW_MS = 1_200;

/**
 * What every `StateStore` must do, as cases for any test framework.
 *
 * @param open - a store of its own for each case, so that none sees the traces of another
 *
 * @example
 * for (const { name, run } of stateStoreConformance(open)) it(name, run);
 */
export function stateStoreConformance(open: () => Promise<StoreUnderTest>): readonly StoreCase[] {
  return Object.entries(CASES).map(([name, check]) => ({
    name,
    run: async () => check(await open()),
  }));
}

const rolling = (name: string, limit: number): Account => ({
  name,
  limit,
  span: { kind: 'rolling', windowMs: WINDOW_MS },
});

const underWay = (name: string, limit: number): Account => ({ name, limit, span: { kind: 'under_way' } });

const one = (account: Account, id: string, facts: Partial<Take> = {}): Take => ({
  account,
  id,
  amount: 1,
  leaseMs: 60_000,
  ...facts,
});

const CASES: Readonly<Record<string, (test: StoreUnderTest) => Promise<void>>> = {
  async 'takes no more than there is, whoever asks'({ stores: [here, there] }) {
    const account = rolling('a', 3);
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? here : there).take(one(account, `t${index}`))),
    );
    expectEqual(taken.filter(({ granted }) => granted).length, 3, 'granted of 10 at a limit of 3');
    const refused = taken.find(({ granted }) => !granted);
    expectTrue(refused !== undefined && refused.waitMs > 0, 'a refusal says how long to wait');
  },
  async 'takes all of an amount or nothing of it'({ stores: [here] }) {
    const account = rolling('a', 10);
    await here.take(one(account, 'x', { amount: 7 }));
    const { granted, total } = await here.take(one(account, 'y', { amount: 4 }));
    expectEqual([granted, total], [false, 7], 'a refusal takes nothing');
    expectEqual((await here.take(one(account, 'z', { amount: 3 }))).total, 10, 'what is left can be taken');
  },
  async 'takes once by one id, however often it is asked (R5)'({ stores: [here, there] }) {
    const account = rolling('a', 10);
    await here.take(one(account, 'same', { amount: 4 }));
    const again = await there.take(one(account, 'same', { amount: 4 }));
    expectEqual([again.granted, again.total], [true, 4], 'a repeated take');
  },
  async 'settles once by one id, and gives back what was not used (R5)'({ stores: [here, there] }) {
    const account = rolling('a', 10);
    await here.take(one(account, 'x', { amount: 8 }));
    await here.settle(account, 'x', 3);
    await there.settle(account, 'x', 0);
    await there.settle(account, 'unknown', 0);
    expectEqual(
      (await here.take(one(account, 'y', { amount: 1 }))).total,
      4,
      'after settling 8 for 3, and taking 1',
    );
  },
  async 'takes nothing by an id that is settled (R5)'({ stores: [here, there] }) {
    const account = rolling('a', 10);
    await here.take(one(account, 'x', { amount: 8 }));
    await here.settle(account, 'x', 3);
    const again = await there.take(one(account, 'x', { amount: 8 }));
    expectEqual([again.granted, again.total], [true, 3], 'a take that arrives again, late');
    await there.settle(account, 'x', 8);
    expectEqual((await here.take(one(account, 'y', { amount: 0 }))).total, 3, 'after settling again');
  },
  async 'settles for exactly what was taken, and for nothing of nothing'({ stores: [here] }) {
    for (const account of [rolling('a', 10), underWay('u', 10)]) {
      await here.take(one(account, 'x', { amount: 8 }));
      await here.settle(account, 'x', 8);
      await here.take(one(account, 'y', { amount: 0 }));
      await here.settle(account, 'y', 0);
      const { total } = await here.take(one(account, 'z', { amount: 1 }));
      expectEqual(total, account.span.kind === 'under_way' ? 1 : 9, `total of ${account.name}`);
    }
  },
  async 'books what was used beyond what was taken'({ stores: [here] }) {
    const account = rolling('a', 10);
    await here.take(one(account, 'x', { amount: 2 }));
    await here.settle(account, 'x', 12);
    const { granted, total } = await here.take(one(account, 'y'));
    expectEqual([granted, total], [false, 12], 'after settling 2 for 12');
  },
  async 'forgets after the window, and not before'({ stores: [here], pass }) {
    const account = rolling('a', 1);
    await here.take(one(account, 'x'));
    await pass(WINDOW_MS * 0.8);
    const early = await here.take(one(account, 'y'));
    expectEqual(early.granted, false, 'granted within the window');
    await pass(early.waitMs + 1);
    expectEqual((await here.take(one(account, 'z'))).granted, true, 'granted after the wait that was told');
  },
  async 'keeps a window of what was taken when it was taken'({ stores: [here], pass }) {
    const account = rolling('a', 2);
    await here.take(one(account, 'x'));
    await pass(WINDOW_MS * 0.6);
    await here.take(one(account, 'y'));
    await pass(WINDOW_MS * 0.6);
    const { granted, total } = await here.take(one(account, 'z'));
    expectEqual([granted, total], [true, 2], 'the first is forgotten, the second is not');
  },
  async 'counts what is under way until it is settled'({ stores: [here, there] }) {
    const account = underWay('a', 1);
    await here.take(one(account, 'x'));
    expectEqual((await there.take(one(account, 'y'))).granted, false, 'a second one at a limit of 1');
    await here.settle(account, 'x', 1);
    expectEqual((await there.take(one(account, 'y'))).granted, true, 'once the first is over');
  },
  async 'gives back what was under way in a process that died (R7)'({ stores: [here, there], pass }) {
    const account = underWay('a', 1);
    await here.take(one(account, 'x', { leaseMs: 300 }));
    await pass(350);
    expectEqual((await there.take(one(account, 'y'))).granted, true, 'after the lease');
  },
  async 'keeps what is held for long, whoever holds something for a moment'({ stores: [here, there], pass }) {
    const account = underWay('a', 2);
    await here.take(one(account, 'long'));
    await there.take(one(account, 'short', { leaseMs: 100 }));
    await there.settle(account, 'short', 1);
    await pass(1_300);
    const { granted, total } = await there.take(one(account, 'y'));
    expectEqual([granted, total], [true, 2], 'one is held, and this one');
    expectEqual((await here.take(one(account, 'z'))).granted, false, 'a third one at a limit of 2');
  },
  async 'recalls nothing of what was under way'({ stores: [here] }) {
    const known = { memory: 'another', total: 2 };
    const { granted, total } = await here.take(one(underWay('a', 2), 'x', { known }));
    expectEqual([granted, total], [true, 1], 'after a loss of memory');
  },
  async 'recalls nothing of a window or a period that is over (R8)'({ stores: [here] }) {
    const known = { memory: 'another', total: 9, slot: 1 };
    expectEqual((await here.take(one(rolling('a', 10), 'x', { known }))).total, 1, 'of a window');
    const day: Account = { name: 'p', limit: 10, span: { kind: 'periods', starts: [1, 2, 4e12] } };
    expectEqual((await here.take(one(day, 'x', { known }))).total, 1, 'of the period before');
    expectEqual((await here.take(one(day, 'y', { known: { ...known, slot: 2 } }))).total, 10, 'of this one');
  },
  async 'counts a rolling amount of a process that died as spent'({ stores: [here, there], pass }) {
    const account = rolling('a', 5);
    await here.take(one(account, 'x', { amount: 5, leaseMs: 200 }));
    await pass(300);
    expectEqual((await there.take(one(account, 'y'))).granted, false, 'after the lease, within the window');
  },
  async 'begins a period anew by its own clock (R8)'({ stores: [here] }) {
    const past: Account = { name: 'p', limit: 1, span: { kind: 'periods', starts: [1, 2, 4e12] } };
    await here.take(one(past, 'x'));
    expectEqual((await here.take(one(past, 'y'))).granted, false, 'a second one in the same period');
    const later: Account = { ...past, span: { kind: 'periods', starts: [2, 3, 4e12] } };
    expectEqual((await here.take(one(later, 'z'))).granted, true, 'one of the next period');
  },
  async 'keeps a period to its end, and says when that is'({ stores: [here] }) {
    const day: Account = { name: 'd', limit: 1, span: { kind: 'periods', starts: [1, 4e12, 5e12] } };
    await here.take(one(day, 'x'));
    const { waitMs } = await here.take(one(day, 'y'));
    expectTrue(waitMs > 1e11, `the next period begins in ${waitMs} ms`);
  },
  async 'keeps accounts apart, whatever they are named (R10)'({ stores: [here] }) {
    const names = ['a', 'a:b', 'a}b', 'a}b\r\nFLUSHALL', '{a}', '__proto__', 'ä\u0000', '\ud800'];
    for (const name of names) {
      expectEqual((await here.take(one(rolling(name, 1), 'x'))).granted, true, JSON.stringify(name));
    }
    expectEqual((await here.take(one(rolling('a', 1), 'y'))).granted, false, 'an account that is used up');
  },
  async 'extends a mark and never shortens it'({ stores: [here, there] }) {
    expectEqual(await here.mark('m', 0), 0, 'asked before it was marked');
    await here.mark('m', 5_000);
    const kept = await there.mark('m', 1_000);
    expectTrue(kept > 4_000 && kept <= 5_000, `kept for ${kept} ms`);
    expectTrue((await here.mark('m', 9_000)) > 8_000, 'extended');
    expectEqual(await here.mark('other', 0), 0, 'another name');
  },
  async 'lets a mark end'({ stores: [here], pass }) {
    await here.mark('m', 200);
    await pass(260);
    expectEqual(await here.mark('m', 0), 0, 'after its time');
  },
  async 'begins from what is known after it has lost its memory (R4)'({ stores: [here, there], forget }) {
    if (!forget) return;
    const account = rolling('a', 10);
    const known = await here.take(one(account, 'x', { amount: 9 }));
    await forget();
    const after = await here.take(one(account, 'y', { amount: 2, known }));
    expectEqual([after.granted, after.total], [false, 9], 'a take that knows of 9 of 10');
    expectEqual(
      (await there.take(one(account, 'z', { amount: 2 }))).granted,
      false,
      'a take that knows of nothing',
    );
  },
};

function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: is ${is}, should be ${should}`);
}

function expectTrue(claim: boolean, what: string): void {
  if (!claim) throw new Error(`not so: ${what}`);
}
