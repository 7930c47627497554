import fc from 'fast-check';
import { type Account, memoryStore } from 'runestone';
import { stateStoreConformance } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { runs } from '../runs.ts';

describe('the store of one process', () => {
  const open = async () => {
    let now = 1_800_000_000_000;
    const store = memoryStore(() => now);
    const pass = async (ms: number): Promise<void> => {
      now += ms;
    };
    return { stores: [store, store] as const, pass };
  };
  for (const { name, run } of stateStoreConformance(open)) it(name, run);

  it('25: grants at most the limit in any window, whatever comes when and whatever is given back', async () => {
    const arrival = fc.record({
      afterMs: fc.nat(400),
      amount: fc.integer({ min: 1, max: 4 }),
      back: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), async (arrivals) => {
        let now = 0;
        const store = memoryStore(() => now);
        const account: Account = { name: 'a', limit: 10, span: { kind: 'rolling', windowMs: 1_000 } };
        const granted: { at: number; amount: number }[] = [];
        for (const [index, { afterMs, amount, back }] of arrivals.entries()) {
          now += afterMs;
          const { granted: yes, waitMs } = await store.take({
            account,
            id: `${index}`,
            amount,
            leaseMs: 100,
          });
          if (!yes) {
            expect(waitMs).toBeGreaterThan(0);
            continue;
          }
          const used = Math.max(0, amount - back);
          await store.settle(account, `${index}`, used);
          granted.push({ at: now, amount: used });
        }
        for (const { at: from } of granted) {
          const within = granted.filter(({ at }) => at >= from && at < from + 1_000);
          expect(within.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(10);
        }
      }),
      runs(),
    );
  });
});
