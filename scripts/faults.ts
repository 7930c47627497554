/**
 * Every fault of the catalogue, on both wires, streamed or not, alone and with a healthy second provider:
 * `npm run faults`.
 *
 * Options after `--`: `--quick` (under a minute), `--only T33,B4` (rows by id), `--host` (also those that need root),
 * `--slowest` (shows what took long).
 */
import { parseArgs } from 'node:util';
import { aftermath, watchProcess } from './faults/aftermath.ts';
import { exclusions } from './faults/exclusions.ts';
import { openPlaces } from './faults/places.ts';
import { summarize } from './faults/report.ts';
import { modules } from './faults/rows/index.ts';
import { runMatrix } from './faults/run-matrix.ts';
import { TimerWatch } from './faults/timer-watch.ts';
import { warmUp } from './faults/warm-up.ts';

const { values: args } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    host: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    slowest: { type: 'boolean', default: false },
  },
});

const began = performance.now();
const timers = new TimerWatch();
const seen = watchProcess();
await warmUp();
timers.start();
const places = await openPlaces();
const only = args.only.split(',').filter((id) => id !== '');
const results = await runMatrix(modules, { places, timers }, { quick: args.quick, host: args.host, only });
await places[Symbol.asyncDispose]();
timers.stop();
const complaints = await aftermath(seen);
const seconds = (performance.now() - began) / 1_000;
if (args.slowest) {
  const slowest = [...results].sort((a, b) => b.ms - a.ms).slice(0, 30);
  console.log(slowest.map(({ ms, name }) => `${Math.round(ms)} ms ${name}`).join('\n'));
}
const { text, passed } = summarize(results, exclusions, { complaints, seconds });
console.log(text);
process.exitCode = passed ? 0 : 1;
