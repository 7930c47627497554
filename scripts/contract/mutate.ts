import type { Quotes } from './quotes.ts';
import type { Rule } from './rules.ts';
import type { TestRun } from './run-tests.ts';

/** What became of one rule that was switched off. Anything but `killed` is a fault of the tests or of the switch. */
export interface Verdict {
  readonly id: string;
  readonly outcome: 'killed' | 'survived' | 'no test' | 'no switch' | 'fails anyway' | 'broken';
  /** The first test that failed, or what is wrong. */
  readonly detail: string;
}

/** Runs the tests of some files that name one of the ids, with a rule switched off; `''` switches nothing off. */
export type Runner = (files: readonly string[], ids: readonly string[], ruleOff: string) => TestRun;

/**
 * Switches off rules, one at a time, and runs the tests that quote them.
 *
 * All these tests run once as they are, before anything else: a test that fails anyway proves nothing.
 */
export function* mutate(rules: readonly Rule[], quotes: Quotes, run: Runner): Generator<Verdict> {
  const files = (rule: Rule): readonly string[] => quotes.get(rule.id) ?? [];
  const quoted = rules.filter((rule) => files(rule).length > 0);
  const ids = quoted.map(({ id }) => id);
  const before = quoted.length > 0 ? run([...new Set(quoted.flatMap(files))], ids, '') : undefined;
  for (const rule of rules) {
    const fault = faultBefore(rule, files(rule), before);
    yield fault ?? { id: rule.id, ...judge(run(files(rule), [rule.id], rule.off.length > 0 ? rule.id : '')) };
  }
}

/** What keeps a rule from being tried, if anything does. */
function faultBefore(rule: Rule, files: readonly string[], before: TestRun | undefined): Verdict | undefined {
  const { id } = rule;
  const mine = (name: string): boolean => new RegExp(`\\b${id}\\b`).test(name);
  const unloaded = before?.unloaded.find((path) => files.some((file) => path.endsWith(file)));
  const failed = before?.failed.find(mine) ?? unloaded ?? before?.crash;
  if (failed !== undefined) return { id, outcome: 'fails anyway', detail: failed };
  if (!before?.passed.some(mine)) return { id, outcome: 'no test', detail: 'no name of a test holds the id' };
  if (rule.off.length === 0) return { id, outcome: 'no switch', detail: 'the row does not say how' };
  return undefined;
}

/** A failed test kills; a file that could not be loaded, or a crash, says nothing of what the tests would see. */
export function judge({ failed, unloaded, crash, passed }: TestRun): Omit<Verdict, 'id'> {
  const [first] = failed;
  if (first !== undefined) return { outcome: 'killed', detail: first };
  const trouble = unloaded[0] ?? crash;
  if (trouble !== undefined) return { outcome: 'broken', detail: trouble };
  return { outcome: 'survived', detail: `${passed.length} tests pass without it` };
}

/** The rules that a list of ids names; `TL-H*` names all that begin so. */
export function rulesNamed(rules: readonly Rule[], names: string): Rule[] {
  return names.split(',').flatMap((name) => {
    const matches = name.endsWith('*')
      ? rules.filter(({ id }) => id.startsWith(name.slice(0, -1)))
      : rules.filter(({ id }) => id === name);
    if (matches.length === 0) throw new Error(`no rule is called ${name}`);
    return matches;
  });
}
