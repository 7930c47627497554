/** Runs the suite and the packed package on each Node line: `npm run test:nodes`, or with versions as arguments. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Consumer, makeConsumer } from './package/consumer.ts';
import { subPaths } from './package/exports-map.ts';
import { nodeBinary } from './package/node-binary.ts';
import { capture, step } from './package/run.ts';
import { pack, readManifest } from './package/tarball.ts';

const asked = process.argv.slice(2);
const lines = asked.length > 0 ? asked : ['20.19.0', '20', '22', '24', '26'];
const folder = mkdtempSync(join(tmpdir(), 'runestone-nodes-'));

function testLine(line: string, consumer: Consumer): void {
  const node = attempt(`Node ${line}: binary`, () => nodeBinary(line, folder));
  if (node === undefined) return;
  const root = resolve('.');
  const suite = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root];
  attempt(`Node ${line}: suite`, () => capture(node, suite));
  attempt(`Node ${line}: packed package`, () => {
    consumer.loadAll(node);
    consumer.loadCommonjs(node);
    consumer.use(node);
    consumer.command(node);
  });
}

/** A step whose failure is noted and does not keep the others from running. */
function attempt<Result>(name: string, work: () => Result): Result | undefined {
  try {
    return step(name, work);
  } catch (error) {
    failed.push(name);
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

const failed: string[] = [];
try {
  const consumer = attempt('build, pack, install, compile', () => {
    const { name, exports } = readManifest();
    capture('npm', ['run', 'build']);
    const tarball = pack(folder);
    const paths = subPaths(name, exports, tarball.files);
    const made = makeConsumer(join(folder, 'consumer'), tarball.path, paths);
    made.compile();
    return made;
  });
  if (consumer) for (const line of lines) testLine(line, consumer);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed.length === 0 ? `all of ${lines.join(', ')} pass` : `failed: ${failed.join('; ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
