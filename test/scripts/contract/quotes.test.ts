import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quotedIds, quotesIn } from '../../../scripts/contract/quotes.ts';

/** A hole of a template, in two pieces: whole, it looks like a forgotten backtick. */
const HOLE = ['$', "{'ZZ-9'}"].join('');

describe('quotedIds', () => {
  it.each([
    ['a title', "it('ZZ-1 holds', () => {});", ['ZZ-1']],
    ['a row of a table', "it.each([['ZZ-1 ZZ-2a', 3]])('%s', () => {});", ['ZZ-1', 'ZZ-2a']],
    ['a template', `it(\`ZZ-1 ${HOLE} ZZ-2 ${HOLE} ZZ-3\`, () => {});`, ['ZZ-1', 'ZZ-9', 'ZZ-2', 'ZZ-3']],
    ['text behind a comment mark', "x('// ZZ-1', '/* ZZ-2');", ['ZZ-1', 'ZZ-2']],
    ['a comment', '// ZZ-1\n/* ZZ-2 */ /** ZZ-3 */ it("x", () => {});', []],
    ['code', 'const a = ZZ-1; /ZZ-2/.test(a);', []],
  ])('%s', (_, text, ids) => {
    expect([...quotedIds(text)]).toEqual(ids);
  });
});

describe('quotesIn', () => {
  it('looks into test files of every depth, and into no helper', () => {
    const folder = mkdtempSync(join(tmpdir(), 'runestone-quotes-'));
    mkdirSync(join(folder, 'deep'));
    for (const path of ['a.test.ts', 'deep/b.test.ts', 'deep/helper.ts']) {
      writeFileSync(join(folder, path), "it('ZZ-1', () => {});");
    }
    expect([...quotesIn(folder)]).toEqual([['ZZ-1', [`${folder}/a.test.ts`, `${folder}/deep/b.test.ts`]]]);
    rmSync(folder, { recursive: true });
  });
});
