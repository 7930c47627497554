import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tally } from '../../src/pipeline/tally.ts';
import type { Budget } from '../../src/pool/budget-options.ts';
import { Budgets } from '../../src/pool/budgets.ts';
import { attemptContext, recorder, requestContext } from '../contexts.ts';
import { runs } from '../runs.ts';

interface Scene {
  readonly tenant: string;
  readonly bound: number;
  /** How it ends: what share of the bound it cost, that nobody knows, or that nothing was sent. */
  readonly end: number | 'unknown' | 'never_sent';
  /** How many attempts begin before it ends. */
  readonly lasts: number;
}

const scene: fc.Arbitrary<Scene> = fc.record({
  tenant: fc.constantFrom('a', 'b', 'c'),
  bound: fc.integer({ min: 0, max: 400_000_000 }),
  end: fc.oneof(
    fc.integer({ min: 0, max: 100 }),
    fc.constant('unknown' as const),
    fc.constant('never_sent' as const),
  ),
  lasts: fc.nat(6),
});

it('INV-29: conservation: reserved = settled + released, spent = the sum of attempts, never above the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scene, { maxLength: 30 }), async (scenes) => {
      let bound = 0;
      const { teller } = recorder();
      const terms: Budget[] = [
        { limitUsd: 1, window: 'month' },
        { limitUsd: 0.5, window: 'month', per: 'tenant' },
      ];
      const budgets = new Budgets({ budgets: terms, boundOf: () => bound, teller });
      const spent = new Map<string, number>();
      const open: { end: () => void; left: number }[] = [];
      const tick = (): void => {
        for (const each of [...open]) {
          each.left -= 1;
          if (each.left > 0) continue;
          open.splice(open.indexOf(each), 1);
          each.end();
        }
      };
      const book = (tenant: string, nano: number): void => {
        for (const of of ['', tenant]) spent.set(of, (spent.get(of) ?? 0) + nano);
      };
      for (const { tenant, bound: most, end, lasts } of scenes) {
        bound = most;
        const attempt = attemptContext({ tally: new Tally(0), request: requestContext({ tenant }) });
        const outcome = await budgets
          .attempt(attempt, async () => {
            if (end === 'never_sent') throw new Error('never sent');
          })
          .then(
            () => 'sent',
            (error: unknown) => error,
          );
        if (outcome === 'sent') {
          const nano = typeof end === 'number' ? Math.floor((most * end) / 100) : undefined;
          open.push({
            left: lasts,
            end: () => {
              attempt.tally.costUsd = nano === undefined ? undefined : nano / 1e9;
              budgets.watch(attempt).onEnd({ outcome: 'cancelled' });
              book(tenant, nano ?? most);
            },
          });
        }
        tick();
        for (const { of, limitUsd, spentUsd, reservedUsd } of budgets.rows()) {
          expect(Math.round(spentUsd * 1e9)).toBe(spent.get(of) ?? 0);
          expect(Math.round((spentUsd + reservedUsd) * 1e9)).toBeLessThanOrEqual(limitUsd * 1e9);
        }
      }
      while (open.length > 0) tick();
      for (const { reservedUsd } of budgets.rows()) expect(reservedUsd).toBe(0);
    }),
    // 100,000 in the deep run.
    runs(5),
  );
});
