/**
 * Writes the tables of the README from the doc comments of the sources: `npm run docs`.
 *
 * With `--check` it writes nothing and fails when the README says something else than the sources.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { priceRows } from '../src/pricing/data.ts';
import { presets } from '../src/providers/openai-compatible/presets/data.ts';
import { errorRows } from './docs/error-rows.ts';
import { eventRows } from './docs/event-rows.ts';
import { fillMarkers } from './docs/fill-markers.ts';
import { optionRows } from './docs/option-rows.ts';
import { errorsTable, eventsTable, hostsTable, optionsTable, pricesTable } from './docs/tables.ts';

const { rows, parts } = eventRows('src/telemetry/events.ts');
const tables = {
  options: optionsTable(optionRows('src/pool/options.ts', 'PoolOptions')),
  'call-options': optionsTable(optionRows('src/pool/options.ts', 'CallOptions')),
  errors: errorsTable(errorRows('src/errors/codes.ts')),
  events: eventsTable(rows, parts),
  hosts: hostsTable(presets),
  prices: pricesTable(priceRows),
};

const before = readFileSync('README.md', 'utf8');
const after = Object.entries(tables)
  .filter(([name]) => name !== 'call-options' || before.includes(`<!-- ${name}:start -->`))
  .reduce((text, [name, table]) => fillMarkers(text, name, table), before);
const drifted = before !== after;

if (!process.argv.includes('--check')) {
  if (drifted) writeFileSync('README.md', after);
  console.log(drifted ? 'README.md: tables written' : 'README.md: tables were up to date');
} else if (drifted) {
  console.error('README.md: its tables differ from the sources; run `npm run docs` and commit the result');
  process.exitCode = 1;
} else {
  console.log('README.md: tables agree with the sources');
}
