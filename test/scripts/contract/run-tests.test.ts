import { describe, expect, it } from 'vitest';
import { quotesIn } from '../../../scripts/contract/quotes.ts';
import { readRules } from '../../../scripts/contract/rules.ts';
import { readReport, runTests } from '../../../scripts/contract/run-tests.ts';

describe('readReport', () => {
  const file = (name: string, status: string, tests: Readonly<Record<string, string>>) => ({
    name,
    status,
    assertionResults: Object.entries(tests).map(([fullName, result]) => ({ fullName, status: result })),
  });

  it('tells failed tests from files that never got to their tests', () => {
    const testResults = [
      file('/a.test.ts', 'failed', { one: 'passed', two: 'failed', three: 'skipped', four: 'pending' }),
      file('/b.test.ts', 'failed', {}),
      file('/c.test.ts', 'passed', { five: 'passed' }),
    ];
    expect(readReport({ testResults })).toEqual({
      passed: ['one', 'five'],
      failed: ['two'],
      unloaded: ['/b.test.ts'],
    });
  });

  it('does not take something else for a report', () => {
    expect(() => readReport({ results: [] })).toThrow();
  });
});

describe('runTests', () => {
  // No id is written here: a test that only runs another one is no proof of its rule.
  const rule = readRules('scripts/contract/rules').find(({ id }) => id.endsWith('Q-21'));
  const files = quotesIn('test').get(rule?.id ?? '') ?? [];

  it('runs the tests that quote a rule, which fail when it is off', () => {
    const id = rule?.id ?? '';
    const on = runTests(files, [id], '');
    expect([on.failed, on.unloaded, on.crash]).toEqual([[], [], undefined]);
    expect(on.passed).not.toEqual([]);
    for (const name of on.passed) expect(name).toContain(id);
    expect(runTests(files, [id], id).failed).not.toEqual([]);
  });
});
