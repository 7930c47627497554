/**
 * Runs the tests of `runestone/sqlite` on each Node line, with the SQLite that there is: `npm run test:sqlite`, or with
 * lines as arguments.
 *
 * On Node 20 that is the package better-sqlite3, which has to be installed, and perhaps compiled, in a project of its
 * own: from 22.13 on nobody needs it.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nodeBinary } from './package/node-binary.ts';
import { versionFits } from './package/node-lines.ts';
import { capture, step } from './package/run.ts';

const asked = process.argv.slice(2);
const lines = asked.length > 0 ? asked : ['20', '22', '24'];
const project = resolve('test/sqlite');
const folder = mkdtempSync(join(tmpdir(), 'runestone-sqlite-'));

/** The binary of a line; this very one if it fits, since then it is also known how to compile for it. */
function binaryOf(line: string): string {
  return versionFits(process.version, line) ? process.execPath : nodeBinary(line, folder);
}

/** Installs better-sqlite3 for a binary, once. */
function install(node: string): void {
  if (existsSync(join(project, 'node_modules/better-sqlite3/build/Release'))) return;
  // npm and its compiler take the first Node of the PATH.
  const path = `PATH=${dirname(node)}:${process.env['PATH']}`;
  step('install better-sqlite3', () =>
    capture('env', [path, 'npm', 'ci', '--no-audit', '--no-fund'], project),
  );
}

let failed = false;
try {
  for (const line of lines) {
    const node = binaryOf(line);
    if (versionFits(`v${line}`, '20')) install(node);
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/sqlite/vitest.config.ts'];
    step(`Node ${line}`, () => console.log(capture('env', [`NODE_LINE=${line}`, node, ...vitest])));
  }
} catch (error) {
  failed = true;
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
