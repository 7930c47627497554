import { describe, expect, it } from 'vitest';
import type { Edit, Rule } from '../../../scripts/contract/rules.ts';
import { brokenSwitches, edited } from '../../../scripts/contract/switches.ts';

const edit = (find: string, replace: string, file = 'src/a.ts'): Edit => ({ file, find, replace });

describe('edited', () => {
  it.each([
    ['one place', 'let a = 1;', [edit('1', '2')], 'let a = 2;'],
    ['several, one after the other', 'ab', [edit('a', 'c'), edit('b', '')], 'c'],
    ['text with signs that replacements know', 'x', [edit('x', '$& $1')], '$& $1'],
    ['nothing', 'x', [], 'x'],
  ])('changes %s', (_, text, edits, expected) => {
    expect(edited(text, edits)).toBe(expected);
  });

  it('never guesses which place is meant', () => {
    expect(() => edited('a a', [edit('a', 'b')])).toThrow('src/a.ts holds this more than once: a');
    expect(() => edited('x', [edit('a', 'b')])).toThrow('src/a.ts holds this not: a');
  });
});

describe('brokenSwitches', () => {
  const files: Readonly<Record<string, string>> = { 'src/a.ts': 'one two', 'src/b.ts': 'three' };
  const read = (file: string): string => {
    const text = files[file];
    if (text === undefined) throw new Error(`no file ${file}`);
    return text;
  };
  const rule = (id: string, ...off: Edit[]): Rule => ({ id, section: 's', rule: 'x', off });

  it('finds none where every text stands once in its file', () => {
    const fine = [
      rule('ZZ-1', edit('one', '1'), edit('three', '3', 'src/b.ts'), edit('two', '2')),
      rule('ZZ-2'),
    ];
    expect(brokenSwitches(fine, read)).toEqual([]);
  });

  it.each([
    ['the text is gone', edit('four', ''), 'ZZ-1: src/a.ts holds this not: four'],
    ['the text stands twice', edit('o', ''), 'ZZ-1: src/a.ts holds this more than once: o'],
    ['the file is gone', edit('one', '', 'src/c.ts'), 'ZZ-1: no file src/c.ts'],
    ['nothing changes', edit('one', 'one'), 'ZZ-1: src/a.ts stays as it is'],
  ])('says that %s', (_, off, expected) => {
    expect(brokenSwitches([rule('ZZ-1', off)], read)).toEqual([expected]);
  });
});
