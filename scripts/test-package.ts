/**
 * Builds, packs, installs and uses the package as a stranger would: `npm run test:package`.
 *
 * attw's node10 profile cannot resolve sub-paths at all, hence node16; it also skips patterns in `exports`, so each
 * provider is named to it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeConsumer } from './package/consumer.ts';
import { missingFiles, subPaths } from './package/exports-map.ts';
import { capture, run, step } from './package/run.ts';
import { pack, readManifest, tarballFaults } from './package/tarball.ts';

const folder = mkdtempSync(join(tmpdir(), 'runestone-package-'));
try {
  const { name, exports } = readManifest();
  step('build', () => capture('npm', ['run', 'build']));
  const tarball = step('pack', () => pack(folder));
  const paths = subPaths(name, exports, tarball.files);
  const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;
  console.log(`      ${kilobytes(tarball.packedBytes)} packed, ${kilobytes(tarball.unpackedBytes)} unpacked`);
  step('contents and size', () => {
    const missing = missingFiles(exports, tarball.files).map(
      (file) => `${file} is exported but not in the package`,
    );
    const faults = [...tarballFaults(tarball), ...missing];
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
  step('publint', () => run('npx', ['publint', 'run', tarball.path, '--strict']));
  step('attw', () => {
    const code = paths.map(({ key }) => key).filter((key) => !key.endsWith('.json'));
    const named = code.map((key) => key.replace(/^\.\//, ''));
    capture('npx', [
      'attw',
      tarball.path,
      '--profile',
      'node16',
      '--no-definitely-typed',
      '--entrypoints',
      ...named,
    ]);
  });
  const consumer = step('install in an empty project', () =>
    makeConsumer(join(folder, 'consumer'), tarball.path, paths),
  );
  step(`import and require: ${paths.map(({ key }) => key).join(' ')}`, () => consumer.loadAll());
  step('the CommonJS build by itself', () => consumer.loadCommonjs());
  step('compile a user, ES module and CommonJS', () => consumer.compile());
  step('run the command: explain, and doctor with its lab', () => consumer.command());
  step('run a user, ES module and CommonJS', () => consumer.use());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
