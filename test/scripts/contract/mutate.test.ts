import { describe, expect, it } from 'vitest';
import { judge, mutate, type Runner, rulesNamed } from '../../../scripts/contract/mutate.ts';
import type { Rule } from '../../../scripts/contract/rules.ts';
import type { TestRun } from '../../../scripts/contract/run-tests.ts';

const edit = { file: 'src/a.ts', find: 'a', replace: 'b' };
const rule = (id: string, ...off: Rule['off']): Rule => ({ id, section: 's', rule: 'x', off });
const ran = (run: Partial<TestRun>): TestRun => ({ passed: [], failed: [], unloaded: [], ...run });

describe('mutate', () => {
  const quotes = new Map([
    ['ZZ-1', ['test/a.test.ts', 'test/b.test.ts']],
    ['ZZ-10', ['test/a.test.ts']],
  ]);

  /** Verdicts, and the runs that were asked for. The first run is the one with nothing switched off. */
  function verdicts(rules: readonly Rule[], before: Partial<TestRun>, after: Partial<TestRun> = {}) {
    const runs: unknown[] = [];
    const run: Runner = (files, ids, ruleOff) => {
      runs.push([files, ids, ruleOff]);
      return ran(runs.length === 1 ? before : after);
    };
    const found = [...mutate(rules, quotes, run)].map(({ id, outcome, detail }) => [id, outcome, detail]);
    return { found, runs };
  }

  it('runs all tests once as they are, then those of each rule without it', () => {
    const rules = [rule('ZZ-1', edit), rule('ZZ-10', edit)];
    const { found, runs } = verdicts(rules, { passed: ['ZZ-1 x', 'ZZ-10 y'] }, { failed: ['ZZ-1 x'] });
    expect(runs).toEqual([
      [['test/a.test.ts', 'test/b.test.ts'], ['ZZ-1', 'ZZ-10'], ''],
      [['test/a.test.ts', 'test/b.test.ts'], ['ZZ-1'], 'ZZ-1'],
      [['test/a.test.ts'], ['ZZ-10'], 'ZZ-10'],
    ]);
    expect(found).toEqual([
      ['ZZ-1', 'killed', 'ZZ-1 x'],
      ['ZZ-10', 'killed', 'ZZ-1 x'],
    ]);
  });

  it.each([
    ['no test quotes it', rule('ZZ-7', edit), {}, 'no test'],
    ['only a longer id is quoted', rule('ZZ-1', edit), { passed: ['ZZ-10 y'] }, 'no test'],
    ['nobody said how', rule('ZZ-1'), { passed: ['ZZ-1 x'] }, 'no switch'],
    ['its test is red already', rule('ZZ-1', edit), { failed: ['ZZ-1 x'] }, 'fails anyway'],
    ['its file does not load', rule('ZZ-1', edit), { unloaded: ['/r/test/b.test.ts'] }, 'fails anyway'],
    ['the first run broke', rule('ZZ-1', edit), { crash: 'timeout' }, 'fails anyway'],
  ])('does not switch a rule off when %s', (_, one, before, outcome) => {
    const { found, runs } = verdicts([one], before);
    expect(found.map(([, each]) => each)).toEqual([outcome]);
    expect(runs.length).toBeLessThan(2);
  });

  it('lets the trouble of another rule be', () => {
    const before = { passed: ['ZZ-10 y'], failed: ['ZZ-1 x'], unloaded: ['/r/test/b.test.ts'] };
    const { found } = verdicts([rule('ZZ-1', edit), rule('ZZ-10', edit)], before, { failed: ['ZZ-10 y'] });
    expect(found.map(([id, outcome]) => [id, outcome])).toEqual([
      ['ZZ-1', 'fails anyway'],
      ['ZZ-10', 'killed'],
    ]);
  });
});

describe('judge', () => {
  it.each([
    ['a failed test', { passed: ['a'], failed: ['b'], unloaded: ['/c.test.ts'] }, 'killed', 'b'],
    ['tests that all pass', { passed: ['a', 'b'] }, 'survived', '2 tests pass without it'],
    ['a file that does not load', { passed: ['a'], unloaded: ['/c.test.ts'] }, 'broken', '/c.test.ts'],
    ['a run that hangs', { crash: 'ETIMEDOUT' }, 'broken', 'ETIMEDOUT'],
  ])('%s', (_, run, outcome, detail) => {
    expect(judge(ran(run))).toEqual({ outcome, detail });
  });
});

describe('rulesNamed', () => {
  const rules = ['ZZ-1', 'ZZ-10', 'ZZ-H1', 'YY-1'].map((id) => rule(id));

  it.each([
    ['ZZ-1', ['ZZ-1']],
    ['YY-1,ZZ-10', ['YY-1', 'ZZ-10']],
    ['ZZ-1*,ZZ-H*', ['ZZ-1', 'ZZ-10', 'ZZ-H1']],
  ])('%s', (names, ids) => {
    expect(rulesNamed(rules, names).map(({ id }) => id)).toEqual(ids);
  });

  it('refuses a name that nothing has', () => {
    expect(() => rulesNamed(rules, 'ZZ-1,ZZ-2')).toThrow('no rule is called ZZ-2');
  });
});
