import { describe, expect, it } from 'vitest';
import { type Claim, LocalShare } from '../../src/state/local-share.ts';
import type { Account } from '../../src/state/state-store.ts';

const minute: Account = { name: 'r', limit: 10, span: { kind: 'rolling', windowMs: 60_000 } };
const day: Account = { name: 'b', limit: 100, span: { kind: 'periods', starts: [0, 86_400_000] } };

const nothing = () => 0;

let ids = 0;

const claim = (account: Account, amount: number): Claim => ({
  account,
  id: `c${ids++}`,
  amount,
  leaseMs: 1_000,
  isMoney: account === day,
});

async function granted(share: LocalShare, claims: readonly Claim[], known = nothing): Promise<number> {
  const taken = await Promise.all(claims.map((each) => share.take(each, known)));
  return taken.filter((each) => each.granted).length;
}

const many = (account: Account, amount: number) => Array.from({ length: 20 }, () => claim(account, amount));

describe('the share of one process', () => {
  it.each([
    [1, 10],
    [3, 3],
    [4, 2],
    [100, 1],
  ])('of a limit of 10 for %i processes is %i', async (processes, share) => {
    expect(await granted(new LocalShare(processes, () => 5), many(minute, 1))).toBe(share);
  });

  it('holds at most that of an amount which is larger: it must not be shut out', async () => {
    const share = new LocalShare(5, () => 5);
    const large = claim(minute, 9);
    expect(await granted(share, [large, claim(minute, 1)])).toBe(1);
    await share.settle(minute, false, large.id, 1);
    expect(await granted(share, [claim(minute, 1), claim(minute, 1)])).toBe(1);
  });

  it.each([
    [0, 1, 10],
    [0, 4, 2],
    [80, 1, 2],
    [80, 2, 1],
    [100, 1, 0],
    [130, 4, 0],
  ])(
    'of a budget of 100 with %i known to be gone, for %i processes, pays for %i of 10',
    async (total, processes, count) => {
      const share = new LocalShare(processes, () => 5);
      expect(await granted(share, many(day, 10), () => total)).toBe(count);
    },
  );

  it('asks what is known once in an absence, since what it spends itself comes back to it as known', async () => {
    const share = new LocalShare(2, () => 5);
    const totals = [0, 10, 20, 30, 40, 50];
    const grow = () => totals.shift() ?? 60;
    expect(await granted(share, many(day, 10), grow)).toBe(5);
  });

  it('of a budget begins anew with the next absence; that of a limit does not', async () => {
    const share = new LocalShare(2, () => 5);
    expect(await granted(share, many(day, 10))).toBe(5);
    expect(await granted(share, many(minute, 1))).toBe(5);
    share.begin();
    expect(await granted(share, many(day, 10), () => 50)).toBe(2);
    expect(await granted(share, many(minute, 1))).toBe(0);
  });

  it('of the next period is that of another budget', async () => {
    const share = new LocalShare(1, () => 5);
    expect(await granted(share, many(day, 10), () => 90)).toBe(1);
    const next: Account = { ...day, span: { kind: 'periods', starts: [0, 4, 86_400_000 * 2] } };
    expect(
      await granted(
        share,
        many(next, 10).map((each) => ({ ...each, isMoney: true })),
        nothing,
      ),
    ).toBe(10);
  });

  it('gets back what was not used', async () => {
    const share = new LocalShare(1, () => 5);
    const first = claim(day, 100);
    await granted(share, [first]);
    await share.settle(day, true, first.id, 30);
    expect(await granted(share, many(day, 10))).toBe(7);
  });
});
