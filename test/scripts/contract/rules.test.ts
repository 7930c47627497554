import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idShape, readRules } from '../../../scripts/contract/rules.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runestone-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const section = (name: string, rows: readonly object[]): void =>
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(rows));

const edit = { file: 'src/a.ts', find: 'a', replace: 'b' };
const other = { file: 'src/b.ts', find: 'c', replace: '' };

describe('readRules', () => {
  it('gives every row with its section and its edits as a list', () => {
    section('one', [
      { id: 'ZZ-1', rule: 'First.', off: edit },
      { id: 'ZZ-2a', rule: 'Second.', off: [edit, other] },
    ]);
    section('two', [
      { id: 'ZZ-H1', rule: 'Third.', na: 'there is nothing' },
      { id: 'ZZ-4', rule: 'Fourth.' },
    ]);
    expect(readRules(folder)).toEqual([
      { id: 'ZZ-1', section: 'one', rule: 'First.', off: [edit] },
      { id: 'ZZ-2a', section: 'one', rule: 'Second.', off: [edit, other] },
      { id: 'ZZ-H1', section: 'two', rule: 'Third.', off: [], na: 'there is nothing' },
      { id: 'ZZ-4', section: 'two', rule: 'Fourth.', off: [] },
    ]);
  });

  it('switches a known bug off with the rules that prevent it', () => {
    section('bugs', [{ id: 'ZB-1', rule: 'Shipped.', preventedBy: ['ZZ-1', 'ZZ-2'] }]);
    section('rules', [
      { id: 'ZZ-1', rule: 'First.', off: edit },
      { id: 'ZZ-2', rule: 'Second.', off: other },
    ]);
    expect(readRules(folder)[0]?.off).toEqual([edit, other]);
  });

  it.each([
    ['an unknown field', [{ id: 'ZZ-1', rule: 'x', of: edit }], /of/],
    ['an id of another shape', [{ id: 'zz1', rule: 'x' }], /id/],
    ['two ways to be tested', [{ id: 'ZZ-1', rule: 'x', off: edit, na: 'y' }], /more than one of/],
    ['the same id twice', ['ZZ-1', 'ZZ-1'].map((id) => ({ id, rule: 'x' })), /listed twice: ZZ-1/],
    ['a bug that nothing prevents', [{ id: 'ZB-1', rule: 'x', preventedBy: ['ZZ-9'] }], /ZB-1/],
  ])('refuses %s', (_, rows, message) => {
    section('rows', rows);
    expect(() => readRules(folder)).toThrow(message);
  });

  it('finds the rules of this house, of which each but the inapplicable can be broken', () => {
    const rules = readRules('scripts/contract/rules');
    expect(rules.length).toBeGreaterThan(400);
    expect(rules.filter(({ off, na }) => na !== undefined && off.length > 0)).toEqual([]);
  });
});

describe('idShape', () => {
  it('matches whole ids only', () => {
    const text = 'ZZ-12a,ZZ-H1; not zz-1, AZZZ-1, ZZ-1x, ZZ-';
    expect(text.match(idShape)).toEqual(['ZZ-12a', 'ZZ-H1']);
  });
});
