import type { PriceRow } from '../../src/pricing/price-row.ts';
import { literal, members } from '../models/literal.ts';

/** The TypeScript file of all lists: one row a line; what a vendor's rows share, and sources, are written once. */
export function renderPrices(rows: readonly PriceRow[]): string {
  const sources = [...new Set(rows.map(({ source }) => source))];
  const vendors = [...new Set(rows.map(({ provider }) => provider))];
  const shared = new Map(
    vendors.map((name) => [name, sharedBy(rows.filter((row) => row.provider === name))]),
  );
  const line = (row: PriceRow): string => {
    const common = shared.get(row.provider) ?? {};
    const { source, ...own } = row;
    const rest = Object.entries(own).filter(([name]) => !(name in common));
    const text = members(Object.fromEntries(rest)).replaceAll(UNKNOWN_TAIL, ']');
    return `  { ...${row.provider}, ${text}, source: sources[${sources.indexOf(source)}]! },`;
  };
  return `// biome-ignore-all format: one row a line, so that a changed price is a changed line
// Written by scripts/prices.ts from scripts/data/prices-*.json: change those and run it again.
import type { PriceRow } from './price-row.ts';

${[...shared].map(([name, common]) => `const ${name} = ${literal(common)};`).join('\n')}

const sources: readonly string[] = [
${sources.map((source) => `  ${literal(source)},`).join('\n')}
];

/** The bundled prices: a row for each model and period, with its source and the day it was read. */
export const priceRows: readonly PriceRow[] = [
${rows.map(line).join('\n')}
];
`;
}

/** Rates that are unknown need not be said at the end of a tuple. */
const UNKNOWN_TAIL = /(?:, undefined)+\]/g;

/** What all rows of a vendor state alike: its name, the day, and numbers. */
function sharedBy(rows: readonly PriceRow[]): Readonly<Record<string, unknown>> {
  const [first, ...others] = rows.map((row) => new Map(Object.entries(row)));
  const isShared = (name: string, value: unknown): boolean =>
    (typeof value === 'number' || name === 'provider' || name === 'asOf') &&
    others.every((row) => row.get(name) === value);
  return Object.fromEntries([...(first ?? [])].filter(([name, value]) => isShared(name, value)));
}
