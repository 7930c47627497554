import { describe, expect, it } from 'vitest';
import { type ExportsMap, missingFiles, subPaths } from '../../../scripts/package/exports-map.ts';

const target = (base: string) => ({
  import: { types: `./dist/${base}.d.ts`, default: `./dist/${base}.js` },
  require: { types: `./dist/${base}.d.cts`, default: `./dist/${base}.cjs` },
});
const exports: ExportsMap = {
  '.': target('index'),
  './kit': target('kit'),
  './providers/*': target('providers/*/index'),
  './package.json': './package.json',
};
const filesOf = (base: string) => ['js', 'cjs', 'd.ts', 'd.cts'].map((ending) => `dist/${base}.${ending}`);
const files = [
  ...['index', 'kit', 'providers/one/index', 'providers/two/index'].flatMap(filesOf),
  'package.json',
];

describe('subPaths', () => {
  it('names every export, patterns filled in from the files', () => {
    expect(
      subPaths('pkg', exports, files).map(({ specifier, key, commonjs }) => [specifier, key, commonjs]),
    ).toEqual([
      ['pkg', '.', './dist/index.cjs'],
      ['pkg/kit', './kit', './dist/kit.cjs'],
      ['pkg/providers/one', './providers/one', './dist/providers/one/index.cjs'],
      ['pkg/providers/two', './providers/two', './dist/providers/two/index.cjs'],
      ['pkg/package.json', './package.json', './package.json'],
    ]);
  });

  it('refuses a pattern that matches no file', () => {
    expect(() => subPaths('pkg', exports, ['dist/index.cjs'])).toThrow('./providers/*');
  });
});

describe('missingFiles', () => {
  it('is empty when every file is there', () => {
    expect(missingFiles(exports, files)).toEqual([]);
  });

  it('names files that are exported but absent, declarations too', () => {
    const without = files.filter((file) => file !== 'dist/kit.d.cts' && !file.endsWith('index.d.ts'));
    expect(missingFiles(exports, without)).toEqual([
      './dist/index.d.ts',
      './dist/kit.d.cts',
      './dist/providers/*/index.d.ts',
    ]);
  });
});
