import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PriceRow } from '../../src/pricing/price-row.ts';
import { readPrices } from './read-prices.ts';

/** Where the reviewed lists are, from the root of the repository. */
const LISTS = 'scripts/data';

/** The table that is written from them. */
export const TABLE = 'src/pricing/data.ts';

/** The rows of all lists, vendor by vendor. @throws Error naming the list and the row that is wrong */
export function readPriceLists(): readonly PriceRow[] {
  const names = readdirSync(LISTS).filter((name) => /^prices-.*\.json$/.test(name));
  return names.sort().flatMap((name) => readPrices(readFileSync(join(LISTS, name), 'utf8')));
}
