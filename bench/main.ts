/**
 * `npm run bench`: CPU of one chunk, of one request and of its translation, next to a hand-written loop and the
 * vendor's SDK.
 *
 * Options after `--`: `--quick` (few rounds), `--json`, `--rounds N`, `--contenders floor,anthropic-sdk`,
 * `--shapes json,translate`, `--shapes doors` for OpenAI's client on the pool. The pool is taken from `dist/`, which is built when it is missing or old.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { typescriptFiles } from '../scripts/house/source-files.ts';
import type { Measured, Round } from './client.ts';
import type { ContenderName } from './contenders/contender.ts';
import { reportText, type Samples, summarize } from './report.ts';
import { type ShapeName, shapes } from './shapes.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    contenders: { type: 'string' },
    shapes: { type: 'string', default: Object.keys(shapes).join(',') },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 5 : 21));
const warmUps = 4;
const wanted = options.contenders?.split(',');
const isDoor = (name: string): boolean => name.startsWith('door_');
const shapeNames = options.shapes
  .split(',')
  .flatMap((name) => (name === 'doors' ? Object.keys(shapes).filter(isDoor) : name)) as ShapeName[];
const contendersOf = (shape: ShapeName): ContenderName[] =>
  shapes[shape].contenders.filter((name) => wanted?.includes(name) ?? true);
const names = [...new Set(shapeNames.flatMap(contendersOf))];
const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(local(file), args, { execArgv: process.execArgv });
}

/** The next message of a process; rejects when it dies instead. */
async function reply<Message>(child: ChildProcess): Promise<Message> {
  const settled = new AbortController();
  const { signal } = settled;
  const died = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), died]);
    return message;
  } finally {
    died.catch(() => {});
    settled.abort();
  }
}

function ask(child: ChildProcess, round: Round): Promise<Measured> {
  const answer = reply<Measured>(child);
  child.send(round);
  return answer;
}

/** All contenders in turn, round after round, each round beginning with another one. */
async function contest(
  clients: ReadonlyMap<ContenderName, ChildProcess>,
  round: Round,
): Promise<Samples[ShapeName]> {
  const names = contendersOf(round.shape);
  const samples = new Map<ContenderName, Measured[]>(names.map((name) => [name, []]));
  for (let index = -warmUps; index < rounds; index++) {
    const turn = (index + warmUps) % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const measured = await ask(clients.get(name)!, round);
      if (index >= 0) samples.get(name)!.push(measured);
    }
  }
  return samples;
}

/** Compiled code before anything counts: the more code a contender has, the longer it runs uncompiled. */
async function warmUp(clients: ReadonlyMap<ContenderName, ChildProcess>): Promise<void> {
  const share = options.quick ? 0.3 : 1;
  const amounts: readonly (readonly [ShapeName, number])[] = [
    ['all_at_once', 4_000],
    ['door_all_at_once', 4_000],
    ['json', 4_000],
    ['translate', 200],
  ];
  for (const [shape, requests] of amounts) {
    for (const name of contendersOf(shape)) {
      const client = clients.get(name);
      if (client) await ask(client, { shape, port: ports[shape] ?? 0, requests: requests * share });
    }
  }
}

/** Builds the package when there is none, or when it is older than a source. */
function buildIfStale(): void {
  const built = statSync(local('../dist/index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = typescriptFiles(local('../src')).some(
    (path) => statSync(local(`../src/${path}`)).mtimeMs > built,
  );
  if (!changed) return;
  console.error('building the package');
  execFileSync('npm', ['run', 'build'], { stdio: 'ignore', cwd: local('..') });
}

if (names.includes('runestone') || names.includes('openai-sdk-on-pool')) buildIfStale();
const upstream = start('upstream.ts', []);
const ports = await reply<Partial<Record<ShapeName, number>>>(upstream);
const clients = new Map(names.map((name) => [name, start('client.ts', [name])]));
try {
  const samples: Partial<Record<ShapeName, Samples[ShapeName]>> = {};
  await warmUp(clients);
  for (const shape of shapeNames) {
    const { title, requests } = shapes[shape];
    console.error(`${title}: ${rounds} rounds of ${requests} requests`);
    samples[shape] = await contest(clients, { shape, port: ports[shape] ?? 0, requests });
  }
  const reports = summarize(samples as Samples);
  const head = `Node ${process.version}, CPU of the client process, medians of ${rounds} rounds`;
  if (options.json) console.log(JSON.stringify({ node: process.version, rounds, reports }, null, 2));
  else console.log(`\n${head}\n\n${reportText(reports)}`);
} finally {
  for (const child of [upstream, ...clients.values()]) if (child.connected) child.disconnect();
}
