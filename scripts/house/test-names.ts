import { posix } from 'node:path';
import type { ModuleFacts } from './read-module.ts';

/**
 * The test files that may answer for a source file, relative to `test/`.
 *
 * `pool/health.ts` has one: `pool/health.test.ts`. An index stands for its folder, so its test may also be named
 * for the folder, inside or beside it.
 */
export function testPathsOf(source: string): string[] {
  const stem = source.replace(/\.m?ts$/, '');
  const { dir, base } = posix.parse(stem);
  const own = `${stem}.test.ts`;
  if (base !== 'index' || dir === '') return [own];
  return [own, `${dir}/${posix.basename(dir)}.test.ts`, `${dir}.test.ts`];
}

/** Modules with a function but without a test at one of their paths. */
export function untestedByPath(sources: readonly ModuleFacts[], testPaths: ReadonlySet<string>): string[] {
  return sources
    .filter(({ functions }) => functions.length > 0)
    .map(({ path }) => path)
    .filter((path) => !testPathsOf(path).some((candidate) => testPaths.has(candidate)));
}

/** Modules that share their name with some test, whatever the folder: the looser rule other repositories can meet. */
export function testedByName(sources: readonly ModuleFacts[], tests: readonly ModuleFacts[]): ModuleFacts[] {
  const names = new Set(tests.map(({ path }) => nameKey(path)));
  return sources.filter(({ path }) => names.has(nameKey(path)));
}

function nameKey(path: string): string {
  const stem = posix.basename(path).replace(/(\.(test|spec|test-d|bench))?\.m?[jt]s$/, '');
  const name = stem === 'index' ? posix.basename(posix.dirname(path)) : stem;
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
