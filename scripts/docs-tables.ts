/**
 * Writes the tables of the README from the doc comments of the sources, and those of `docs/`: `npm run docs`.
 *
 * With `--check` it writes nothing and fails when a document says something else than the sources.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { priceRows } from '../src/pricing/data.ts';
import { presets } from '../src/providers/openai-compatible/presets/data.ts';
import { labFaults } from '../src/testing/lab/fault-table.ts';
import { errorRows } from './docs/error-rows.ts';
import { eventRows } from './docs/event-rows.ts';
import { fillMarkers } from './docs/fill-markers.ts';
import { optionRows } from './docs/option-rows.ts';
import {
  errorsTable,
  eventsTable,
  faultsTable,
  hostsTable,
  optionsTable,
  pricesTable,
} from './docs/tables.ts';

const { rows, parts } = eventRows('src/telemetry/events.ts');
const tables = {
  options: optionsTable(optionRows('src/pool/options.ts', 'PoolOptions')),
  'call-options': optionsTable(optionRows('src/pool/options.ts', 'CallOptions')),
  errors: errorsTable(errorRows('src/errors/codes.ts')),
  events: eventsTable(rows, parts),
  hosts: hostsTable(presets),
  prices: pricesTable(priceRows),
};
const faults = { faults: faultsTable(labFaults) };

const isCheck = process.argv.includes('--check');

function bringUpToDate(path: string, tables: Readonly<Record<string, string>>): void {
  const before = readFileSync(path, 'utf8');
  const after = Object.entries(tables)
    .filter(([name]) => name !== 'call-options' || before.includes(`<!-- ${name}:start -->`))
    .reduce((text, [name, table]) => fillMarkers(text, name, table), before);
  if (before === after) console.log(`${path}: tables agree with the sources`);
  else if (isCheck) {
    console.error(`${path}: its tables differ from the sources; run \`npm run docs\` and commit the result`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, after);
    console.log(`${path}: tables written`);
  }
}

bringUpToDate('README.md', tables);
bringUpToDate('docs/fault-lab.md', faults);
