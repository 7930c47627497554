/**
 * The rules of the translation and the tests that quote them: `npm run contract`.
 *
 * With `-- --mutate --seed N` it switches off 30 rules (or `--count`) drawn by the seed, one at a time, and shows
 * that their tests fail; `--rules REQ-10,TL-H*` names them instead, `--all` takes every one.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { coverageOf, coverageText, isComplete } from './contract/coverage.ts';
import { draw } from './contract/draw.ts';
import { mutate, rulesNamed } from './contract/mutate.ts';
import { quotesIn } from './contract/quotes.ts';
import { readRules } from './contract/rules.ts';
import { runTests } from './contract/run-tests.ts';
import { brokenSwitches } from './contract/switches.ts';

const { values: args } = parseArgs({
  options: {
    mutate: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '30' },
    rules: { type: 'string' },
  },
});

const rules = readRules('scripts/contract/rules');
const quotes = quotesIn('test');
process.exitCode = args.mutate ? showMutations() : showCoverage();

function showCoverage(): number {
  const sections = coverageOf(rules, quotes);
  const broken = brokenSwitches(rules, (file) => readFileSync(file, 'utf8'));
  console.log([coverageText(sections), ...broken.map((each) => `switch: ${each}`)].join('\n'));
  return broken.length === 0 && isComplete(sections) ? 0 : 1;
}

function showMutations(): number {
  const applicable = rules.filter(({ na }) => na === undefined);
  const chosen = args.rules
    ? rulesNamed(applicable, args.rules)
    : draw(applicable, args.all ? applicable.length : Number(args.count), Number(args.seed));
  console.log(`${chosen.length} of ${applicable.length} rules, seed ${args.seed}`);
  const counts = new Map<string, number>();
  for (const { id, outcome, detail } of mutate(chosen, quotes, runTests)) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    console.log(`${outcome.padEnd(14)}${id.padEnd(10)}${detail}`);
  }
  console.log([...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', '));
  return counts.get('killed') === chosen.length ? 0 : 1;
}
