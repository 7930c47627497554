/**
 * `npm run bench`: CPU of one chunk and of one request, next to a hand-written loop and the vendor's SDK.
 *
 * Options after `--`: `--quick` (few rounds), `--json`, `--rounds N`, `--contenders floor,anthropic-sdk`,
 * `--shapes json,all_at_once`. The pool is taken from `dist/`, which is built when it is missing.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ContenderName, Measured, Round } from './client.ts';
import { reportText, type Samples, summarize } from './report.ts';
import { type ShapeName, shapes } from './shapes.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    contenders: { type: 'string', default: 'floor,anthropic-sdk,runestone' },
    shapes: { type: 'string', default: Object.keys(shapes).join(',') },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 5 : 21));
const warmUps = options.quick ? 2 : 4;
const names = options.contenders.split(',') as ContenderName[];
const shapeNames = options.shapes.split(',') as ShapeName[];
const local = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(local(file), args, { execArgv: [...process.execArgv, '--expose-gc'] });
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

if (names.includes('runestone') && !existsSync(local('../dist/index.js'))) {
  execFileSync('npm', ['run', 'build'], { stdio: 'inherit', cwd: local('..') });
}
const upstream = start('upstream.ts', []);
const ports = await reply<Record<ShapeName, number>>(upstream);
const clients = new Map(names.map((name) => [name, start('client.ts', [name])]));
try {
  const samples: Partial<Record<ShapeName, Samples[ShapeName]>> = {};
  for (const shape of shapeNames) {
    if (!options.json)
      console.error(`${shapes[shape].title}: ${rounds} rounds of ${shapes[shape].requests} requests`);
    samples[shape] = await contest(clients, { shape, port: ports[shape], requests: shapes[shape].requests });
  }
  const reports = summarize(samples as Samples);
  const facts = { node: process.version, rounds, contenders: names };
  if (options.json) console.log(JSON.stringify({ ...facts, reports }, null, 2));
  else
    console.log(
      `\nNode ${process.version}, median of ${rounds} rounds, CPU of the client process\n\n${reportText(reports)}`,
    );
} finally {
  for (const child of [upstream, ...clients.values()]) child.disconnect();
}
