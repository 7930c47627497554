import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readModules, typescriptFiles } from '../../../scripts/house/source-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'runestone-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const each of ['b/c', 'b/node_modules/x']) mkdirSync(join(folder, each), { recursive: true });
for (const path of ['a.ts', 'b/c/d.mts', 'b/node_modules/x/y.ts', 'b/e.d.ts', 'b/f.json', 'b/g.tsx.txt']) {
  writeFileSync(join(folder, path), '// one line\n');
}

describe('typescriptFiles', () => {
  it('finds sources at any depth, without declarations, packages and other files', () => {
    expect(typescriptFiles(folder)).toEqual(['a.ts', 'b/c/d.mts']);
  });

  it('of a folder that is not there are none', () => {
    expect(typescriptFiles(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('readModules', () => {
  it('reads them under their relative paths', () => {
    expect(readModules(folder).map(({ path, lines }) => [path, lines])).toEqual([
      ['a.ts', 1],
      ['b/c/d.mts', 1],
    ]);
  });
});
