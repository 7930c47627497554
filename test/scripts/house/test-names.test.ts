import { describe, expect, it } from 'vitest';
import { readModule } from '../../../scripts/house/read-module.ts';
import { isData } from '../../../scripts/house/source-files.ts';
import { testedByName, testPathsOf, untestedByPath } from '../../../scripts/house/test-names.ts';

const withFunction = (path: string) => readModule(path, 'export function f() {}');

describe('testPathsOf', () => {
  it.each([
    ['pool/health.ts', ['pool/health.test.ts']],
    ['index.ts', ['index.test.ts']],
    [
      'providers/one/index.ts',
      ['providers/one/index.test.ts', 'providers/one/one.test.ts', 'providers/one.test.ts'],
    ],
  ])('%s', (source, expected) => {
    expect(testPathsOf(source)).toEqual(expected);
  });
});

describe('untestedByPath', () => {
  it('asks for the path, where the looser rule asks for the name', () => {
    const sources = [withFunction('errors/guard.ts'), withFunction('pipeline/guard.ts')];
    const tests = ['errors/guard.test.ts'];
    expect(untestedByPath(sources, new Set(tests))).toEqual(['pipeline/guard.ts']);
    expect(
      testedByName(
        sources,
        tests.map((path) => readModule(path, '')),
      ),
    ).toEqual(sources);
  });

  it('leaves lists and types alone', () => {
    expect(untestedByPath([readModule('a/index.ts', "export { b } from './b.ts';")], new Set())).toEqual([]);
  });
});

describe('isData', () => {
  it.each([
    ['pricing/data.ts', true],
    ['pricing/data/anthropic.ts', true],
    ['data.ts', true],
    ['pricing/metadata.ts', false],
    ['database/a.ts', false],
    ['pricing/data-row.ts', false],
  ])('%s: %s', (path, expected) => {
    expect(isData(path)).toBe(expected);
  });
});
