/**
 * Writes the tables of the guides in `docs/` from the doc comments of the sources and their data: `npm run docs`.
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
/** Documents, and the tables between whose markers they hold them. */
const documents: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/options.md': {
    options: optionsTable(optionRows('src/pool/options.ts', 'PoolOptions')),
    'call-options': optionsTable(optionRows('src/pool/options.ts', 'CallOptions')),
  },
  'docs/errors.md': { errors: errorsTable(errorRows('src/errors/codes.ts')) },
  'docs/observability.md': { events: eventsTable(rows, parts) },
  'docs/providers.md': { hosts: hostsTable(presets) },
  'docs/money.md': { prices: pricesTable(priceRows) },
  'docs/fault-lab.md': { faults: faultsTable(labFaults) },
};

const isCheck = process.argv.includes('--check');

function bringUpToDate(path: string, tables: Readonly<Record<string, string>>): void {
  const before = readFileSync(path, 'utf8');
  const after = Object.entries(tables).reduce(
    (text, [name, table]) => fillMarkers(text, name, table),
    before,
  );
  if (before === after) console.log(`${path}: tables agree with the sources`);
  else if (isCheck) {
    console.error(`${path}: its tables differ from the sources; run \`npm run docs\` and commit the result`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, after);
    console.log(`${path}: tables written`);
  }
}

for (const [path, tables] of Object.entries(documents)) bringUpToDate(path, tables);
