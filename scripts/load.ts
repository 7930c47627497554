/**
 * The load goals: what is lost, doubled, crossed or cut in many thousands of requests, how far an outage is
 * multiplied, how soon a host that is well again is asked, and what a long queue costs: `npm run load`.
 *
 * Options after `--`: `--quick` (within 20 s).
 */
import { parseArgs } from 'node:util';
import { warmUp } from './faults/warm-up.ts';
import { judged } from './load/goal.ts';
import { goals } from './load/goals.ts';
import { LoadHost } from './load/host.ts';

const { values: args } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

await warmUp();
await using host = await LoadHost.start();
let missed = 0;
for (const goal of goals) {
  const began = performance.now();
  const figures = await goal.run(host, args);
  const { text, passed } = judged(goal.name, figures, (performance.now() - began) / 1_000);
  console.log(text);
  if (!passed) missed += 1;
}
console.log(`${goals.length - missed} of ${goals.length} goals reached`);
process.exitCode = missed === 0 ? 0 : 1;
