/**
 * Writes `src/pricing/data.ts` from the reviewed price lists in `scripts/data/prices-*.json`: `npm run prices`.
 *
 * Whether it is up to date, and how it compares with another source, is told by `npm run prices:check`.
 */
import { writeFileSync } from 'node:fs';
import { readPriceLists, TABLE } from './prices/price-lists.ts';
import { renderPrices } from './prices/render-prices.ts';

const rows = readPriceLists();
writeFileSync(TABLE, renderPrices(rows));
console.log(`${TABLE}: ${rows.length} rows`);
