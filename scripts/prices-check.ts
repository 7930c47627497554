/**
 * Compares every bundled price with `@pydantic/genai-prices`, and the table with the reviewed lists it is written
 * from: `npm run prices:check`. Nothing is fetched.
 *
 * Fails for a difference that `scripts/data/price-differences.json` gives no reason for, for a reason that is no
 * longer needed, and for a table that is not what the lists say. `-- --all` prints the reviewed differences too.
 */
import { readFileSync } from 'node:fs';
import { comparePrices } from './prices/compare-prices.ts';
import { genaiSource } from './prices/genai-source.ts';
import { readPriceLists, TABLE } from './prices/price-lists.ts';
import { renderPrices } from './prices/render-prices.ts';
import { keyOf, readAccepted, reviewDifferences } from './prices/review-differences.ts';

const REVIEWED = 'scripts/data/price-differences.json';

const rows = readPriceLists();
const known = readAccepted(readFileSync(REVIEWED, 'utf8'));
const { unreviewed, accepted, stale } = reviewDifferences(comparePrices(rows, genaiSource), known);
const complaints = [
  ...(readFileSync(TABLE, 'utf8') === renderPrices(rows)
    ? []
    : [`${TABLE} is not what the lists say: run \`npm run prices\``]),
  ...unreviewed.map((difference) => `not reviewed: ${keyOf(difference)}`),
  ...stale.map((key) => `no difference any more, take it off ${REVIEWED}: ${key}`),
];

if (process.argv.includes('--all')) {
  for (const difference of accepted) console.log(`${keyOf(difference)} (${difference.reason})`);
}
for (const complaint of complaints) console.error(complaint);
console.log(
  `${rows.length} rows compared, ${accepted.length} differences reviewed, ${complaints.length} complaints`,
);
if (complaints.length > 0) process.exitCode = 1;
