import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('SECURITY.md', 'utf8');
const [, table = ''] = /<!-- rules:start -->\n([\s\S]*?)<!-- rules:end -->/.exec(page) ?? [];
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:rule|---)/.test(line))
  .map((line) => {
    const [rules = '', what = '', tests = ''] = line.slice(2, -2).split(' | ');
    return {
      rules: rules.trim(),
      what,
      tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
    };
  });

/** `4 to 7, 36` as its numbers. */
function idsIn(rules: string): string[] {
  return rules.split(', ').flatMap((part) => {
    const [, letter = '', from, to] = /^([A-Z]?)(\d+)(?: to [A-Z]?(\d+))?$/.exec(part) ?? [];
    const first = Number(from);
    return Array.from({ length: Number(to ?? from) - first + 1 || 0 }, (_, n) => `${letter}${first + n}`);
  });
}

describe('the rules of SECURITY.md', () => {
  it.each(rows)('$rules: $what', ({ rules, tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const path of tests) expect(existsSync(path)).toBe(true);
    const quoted = tests.map((path) => readFileSync(path, 'utf8')).join('\n');
    // The first one stands for its row: a test must say which rule it holds. Of the doors others are told.
    const [first] = idsIn(rules);
    if (first !== undefined && !/^1[78]$/.test(first))
      expect(quoted).toMatch(new RegExp(`['"\`, ]${first}[:,]`));
  });

  it('are all there are of hostile input, and each file of tests is one that holds a rule', () => {
    const ids = rows.flatMap(({ rules }) => idsIn(rules));
    expect(ids).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, n) => `I${n + 1}`)));
    const named = new Set(rows.flatMap(({ tests }) => tests));
    const files = readdirSync('test/security').filter(
      (name) => name.endsWith('.test.ts') && name !== 'rules.test.ts',
    );
    expect(files.filter((name) => !named.has(`test/security/${name}`))).toEqual([]);
  });
});
