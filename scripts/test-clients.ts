/**
 * Other people's clients on both doors of a pool, as a table of client × case: `npm run test:clients`, or with a part
 * of a client's name as argument.
 *
 * Their packages are a project of their own in `test/clients`, installed when it is first needed. Each runs on the
 * newest of these Nodes that it can run on; most of them want 22. A second table has the web frameworks that mount a
 * pool, in `test/hosts`, by the programs of `docs/doors.md`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientResult, failuresIn, HOST_CASES, tableOf, toResults } from './clients/results.ts';
import { nodeBinary } from './package/node-binary.ts';
import { capture, step } from './package/run.ts';

const [only = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'runestone-clients-'));

function install(project: string): void {
  const isThere = existsSync(join(project, 'node_modules', '.package-lock.json'));
  if (!isThere) step(`install ${project}`, () => capture('npm', ['ci', '--no-audit', '--no-fund'], project));
}

function run(node: string, program = 'test/clients/matrix.mjs'): readonly ClientResult[] {
  return toResults(capture(node, [program, ...(only === '' ? [] : [only])]));
}

try {
  install('test/clients');
  install('test/clients/instructor');
  install('test/hosts');
  step('build', () => capture('npm', ['run', 'build']));
  const old = step('clients on this Node', () => run(process.execPath));
  const [major = 0] = process.versions.node.split('.').map(Number);
  const modern = major >= 22 ? [] : step('clients on Node 22', () => run(nodeBinary('22', folder)));
  const hosts = step('web frameworks', () => run(process.execPath, 'test/hosts/recipes.mjs'));
  const results = [...old, ...modern, ...hosts];
  console.log(tableOf([...old, ...modern]));
  console.log(`\n${tableOf(hosts, HOST_CASES)}`);
  const failures = failuresIn(results);
  for (const { node, client, door, case: name, outcome } of failures) {
    console.error(`${client}, ${door}, ${name} (${node}): ${outcome}`);
  }
  console.log(`${results.length - failures.length} of ${results.length} passed`);
  if (failures.length > 0 || results.length === 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
