/**
 * What it takes to find a price and to work out a cost, in nanoseconds: `npx tsx bench/prices.ts`.
 *
 * Names are asked for in turn, known and unknown ones, so that nothing is answered from the last look-up.
 */
import { costOf } from '../src/pricing/cost-of.ts';
import { priceRows } from '../src/pricing/data.ts';
import { PriceTable } from '../src/pricing/price-table.ts';

const ROUNDS = 7;
const CALLS = 2_000_000;

const table = new PriceTable();
const names = priceRows.map(({ provider, model }) => [provider, model] as const);
const asked = [...names, ['openai', 'gpt-0'], ['nobody', 'gpt-5.5']] as const;
const prices = names.map(([provider, model]) => table.find(provider, model));
const usage = { inputTokens: 1_000, cacheReadTokens: 2_000, outputTokens: 500 };
const when = { atMs: Date.parse('2026-11-25T12:00:00Z') };

/** The best of several rounds: whatever else ran only ever makes it slower. */
function nanoseconds(once: (turn: number) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  let kept = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.hrtime.bigint();
    for (let turn = 0; turn < CALLS; turn++) if (once(turn) !== undefined) kept++;
    best = Math.min(best, Number(process.hrtime.bigint() - began) / CALLS);
  }
  return kept < 0 ? Number.NaN : best;
}

const report = {
  'find a price': nanoseconds((turn) => {
    const [provider, model] = asked[turn % asked.length]!;
    return table.find(provider, model);
  }),
  'cost of an attempt': nanoseconds((turn) => costOf(usage, prices[turn % prices.length], when)),
};
for (const [what, ns] of Object.entries(report)) console.log(`${what}: ${ns.toFixed(0)} ns`);
