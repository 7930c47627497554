/**
 * `npm run fleet`: a hundred processes that share limits and a budget, on a virtual clock, with everything that goes
 * wrong in a fleet; and what they were granted beside what is allowed.
 *
 * Options after `--`: `--quick` (20 processes, fewer minutes), `--json`, `--seed N`.
 */
import { parseArgs } from 'node:util';
import { type FleetReport, type FleetTask, playFleet } from './fleet/fleet.ts';
import type { Sickness } from './fleet/sick-store.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});

const base = {
  processes: options.quick ? 20 : 100,
  minutes: options.quick ? 4 : 10,
  requestsPerMinute: 600,
  pressure: 2,
  seed: Number(options.seed),
};

/** Enough for all that the limit grants, and for half of it. */
const [plenty, scarce] = [1e4, (base.minutes * base.requestsPerMinute * 0.01) / 2];

/** What happens, and how many times the limit may be granted in a minute in which the store was away. */
interface Play extends Pick<FleetTask, 'skewMs' | 'crashEveryMs' | 'budgetUsd'> {
  readonly sickness?: Sickness;
  readonly factor: 1 | 2;
}

const SKEW_MS = 600_000;
const sick: Sickness = { stallEveryMs: 70_000, stallMs: 5_000, deaf: 0.002, forgetEveryMs: 100_000 };

const plays: Readonly<Record<string, Play>> = {
  'all is well': { skewMs: 0, budgetUsd: plenty, factor: 1 },
  'clocks are 10 minutes off': { skewMs: SKEW_MS, budgetUsd: plenty, factor: 1 },
  'one dies every 5 s': { skewMs: 0, crashEveryMs: 5_000, budgetUsd: plenty, factor: 1 },
  'the store stands still for 5 s': {
    skewMs: 0,
    budgetUsd: plenty,
    sickness: { stallEveryMs: 70_000, stallMs: 5_000 },
    factor: 2,
  },
  'the store forgets': { skewMs: 0, budgetUsd: plenty, sickness: { forgetEveryMs: 100_000 }, factor: 2 },
  'all of it': { skewMs: SKEW_MS, crashEveryMs: 5_000, budgetUsd: plenty, sickness: sick, factor: 2 },
  'half the money': { skewMs: 0, budgetUsd: scarce, factor: 1 },
  'half the money, and a sick store': { skewMs: SKEW_MS, budgetUsd: scarce, sickness: sick, factor: 2 },
  'half the money, and all of it': {
    skewMs: SKEW_MS,
    crashEveryMs: 5_000,
    budgetUsd: scarce,
    sickness: sick,
    factor: 2,
  },
};

/** What a report has against it. */
function faultsOf({ factor, budgetUsd }: Play, report: FleetReport): string[] {
  const { requestsPerMinute: limit } = base;
  return [
    ...(report.mostInAWellMinute > limit ? [`${report.mostInAWellMinute} in a minute, of ${limit}`] : []),
    ...(report.mostInAMinute > limit * factor
      ? [`${report.mostInAMinute} in a minute, of ${limit * factor}`]
      : []),
    ...(report.spentUsd > budgetUsd + report.unknownUsd + 1e-9
      ? [`${report.spentUsd} USD, of ${budgetUsd} and ${report.unknownUsd} of which nobody knows`]
      : []),
  ];
}

let failures = 0;
const rows: object[] = [];
for (const [name, play] of Object.entries(plays)) {
  const { factor, ...rest } = play;
  const report = await playFleet({ ...base, sickness: {}, ...rest });
  const faults = faultsOf(play, report);
  failures += faults.length;
  rows.push({ name, ...report, faults });
  if (options.json) continue;
  const { granted, asked, mostInAMinute, mostInAWellMinute, spentUsd, crashes, stalls, forgets } = report;
  console.log(
    `${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}: granted ${granted} of ${asked} asked; most in a minute ${mostInAMinute} of ${base.requestsPerMinute * factor}, with the store there ${mostInAWellMinute} of ${base.requestsPerMinute}; ${spentUsd.toFixed(2)} of ${play.budgetUsd.toFixed(2)} USD; ${crashes} died, ${stalls} stalls, ${forgets} losses of memory${faults.map((fault) => `\n     ${fault}`).join('')}`,
  );
}
if (options.json) console.log(JSON.stringify(rows, null, 2));
process.exitCode = failures === 0 ? 0 : 1;
