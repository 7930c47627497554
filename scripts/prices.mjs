#!/usr/bin/env node
/**
 * Writes src/pricing/data.ts from the reviewed price lists in scripts/data/prices-*.json.
 *
 *   npm run prices               write it
 *   npm run prices -- --check    fail when it is not what the lists say
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const lists = new URL('data/', import.meta.url);
const target = new URL('../src/pricing/data.ts', import.meta.url);

const RATES = {
  input: 'input',
  output: 'output',
  cache_read: 'cacheRead',
  cache_write_5m: 'cacheWrite5m',
  cache_write_1h: 'cacheWrite1h',
};
const CONFIDENCE = new Set(['high', 'medium', 'unverified']);

/** The five rates of one table, each of them stated: none is ever derived from another. */
function ratesOf(table, where) {
  const rates = Object.entries(RATES).map(([wire, ours]) => [ours, table[wire]]);
  for (const [name, usd] of rates) {
    if (!(Number.isFinite(usd) && usd >= 0)) throw new Error(`${where}: ${name} is missing or wrong`);
  }
  return Object.fromEntries(rates);
}

function longOf(tier, where) {
  return tier && { overTokens: tier.over_prompt_tokens, usdPerMTok: ratesOf(tier, where) };
}

/** Past rates first; each row ends on the day on which the next begins. */
function periodsOf(model, where) {
  const { history = [], long_context_history: endedTier } = model;
  if (history.length > 0 && endedTier) throw new Error(`${where}: two histories, write the rows out`);
  const past = endedTier
    ? [{ until: endedTier.until, usdPerMTok: ratesOf(model, where), longContext: longOf(endedTier, where) }]
    : history.map((old) => ({ until: old.until, usdPerMTok: ratesOf({ ...model, ...old }, where) }));
  const now = { usdPerMTok: ratesOf(model, where), longContext: longOf(model.long_context, where) };
  return [...past, now].map((row, index, all) => ({ from: all[index - 1]?.until, ...row }));
}

/** The vendor's batch table is a factor of the standard one; a list that says otherwise needs a table of its own. */
function checkBatch(model, factor, where) {
  const pairs = [
    [model, model.batch],
    [model.long_context, model.batch.long_context],
  ];
  for (const [standard, batch] of pairs.filter(([table]) => table)) {
    for (const name of Object.keys(RATES)) {
      if (batch?.[name] !== standard[name] * factor)
        throw new Error(`${where}: batch ${name} is not the factor`);
    }
  }
}

function rowsOf(list, id) {
  const model = list.models[id];
  const where = `${list.provider}/${id}`;
  if (!model.source || !CONFIDENCE.has(model.confidence))
    throw new Error(`${where}: source or confidence missing`);
  checkBatch(model, list.factors.batch, where);
  return periodsOf(model, where).map((period) => ({
    model: id,
    aliases: model.aliases,
    ...period,
    fastUsdPerMTok: model.fast && ratesOf(model.fast, where),
    usFactor: model.us_residency ? list.factors.inference_geo_us : undefined,
    source: model.source,
    confidence: model.confidence,
  }));
}

/** A TypeScript literal on one line, without what is undefined. */
function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${members(value)} }`;
}

function members(object) {
  return Object.entries(object)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${key}: ${literal(member)}`)
    .join(', ');
}

function render(all) {
  const commons = all.map((list) => {
    const common = {
      provider: list.provider,
      asOf: list.as_of,
      batchFactor: list.factors.batch,
      webSearchUsdPerThousand: list.per_1000_calls.web_search,
      webFetchUsdPerThousand: list.per_1000_calls.web_fetch,
    };
    return `const ${list.provider} = ${literal(common)};`;
  });
  const rows = all.flatMap((list) =>
    Object.keys(list.models).flatMap((id) =>
      rowsOf(list, id).map((row) => `  { ...${list.provider}, ${members(row)} },`),
    ),
  );
  return `// biome-ignore-all format: one row a line, so that a changed price is a changed line
// Written by scripts/prices.mjs from scripts/data/prices-*.json: change those and run it again.
import type { PriceRow } from './price-row.ts';

${commons.join('\n')}

/** The bundled prices: a row for each model and period, with its source and the day it was read. */
export const priceRows: readonly PriceRow[] = [
${rows.join('\n')}
];
`;
}

const names = readdirSync(lists).filter((name) => /^prices-.*\.json$/.test(name));
const text = render(names.sort().map((name) => JSON.parse(readFileSync(new URL(name, lists), 'utf8'))));
if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/pricing/data.ts is not what scripts/data says: run `node scripts/prices.mjs`');
  process.exitCode = 1;
}
