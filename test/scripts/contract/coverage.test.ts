import { describe, expect, it } from 'vitest';
import { coverageOf, coverageText, isComplete } from '../../../scripts/contract/coverage.ts';
import type { Rule } from '../../../scripts/contract/rules.ts';

const edit = { file: 'src/a.ts', find: 'a', replace: 'b' };
const rules: Rule[] = [
  { id: 'ZZ-1', section: 'one', rule: 'First.', off: [edit] },
  { id: 'ZZ-2', section: 'one', rule: 'Second.', off: [] },
  { id: 'ZZ-3', section: 'two', rule: 'Third.', off: [edit] },
  { id: 'ZZ-4', section: 'two', rule: 'Fourth.', off: [], na: 'nobody can see it' },
];
const quotes = new Map(['ZZ-1', 'ZZ-2', 'ZZ-4'].map((id) => [id, ['test/a.test.ts']]));

describe('coverageOf', () => {
  const sections = coverageOf(rules, quotes);
  const ids = (list: readonly Rule[]): string[] => list.map(({ id }) => id);

  it('puts every rule in one list, and lists those without a switch', () => {
    expect(
      sections.map((each) => [
        each.section,
        ids(each.covered),
        ids(each.notApplicable),
        ids(each.missing),
        ids(each.switchless),
      ]),
    ).toEqual([
      ['one', ['ZZ-1', 'ZZ-2'], [], [], ['ZZ-2']],
      ['two', [], ['ZZ-4'], ['ZZ-3'], []],
    ]);
  });

  it('is shown as counts, with the reason of what does not apply and the rule that nobody tests', () => {
    const lines = coverageText(sections).split('\n');
    const cells = lines.map((line) => line.split(/ {2,}/));
    expect(cells).toEqual([
      ['section', 'covered', 'not applicable', 'missing', 'no switch'],
      ['one', '2', '0', '0', '1'],
      ['two', '0', '1', '1', '0'],
      ['all', '2', '1', '1', '1'],
      ['not applicable: ZZ-4: nobody can see it'],
      ['missing: ZZ-3: Third.'],
      ['no switch: ZZ-2'],
    ]);
  });
});

describe('isComplete', () => {
  it.each([
    ['every rule is quoted and can be switched off', [0], true],
    ['a rule does not apply', [0, 3], true],
    ['a rule has no switch', [0, 1], false],
    ['no test quotes a rule', [0, 2], false],
  ])('%s', (_, chosen, expected) => {
    const some = rules.filter((__, index) => chosen.includes(index));
    expect(isComplete(coverageOf(some, quotes))).toBe(expected);
  });
});
