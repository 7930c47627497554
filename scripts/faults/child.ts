import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WireName } from 'runestone/testing';

/** What a process of its own is told. */
export interface ChildTask {
  /** A name of `child-scenes.ts`. */
  readonly scene: string;
  readonly wire: WireName;
  /** Base URLs by the names of hosts; the first is the usual one. */
  readonly urls: Readonly<Record<string, string>>;
}

/** How its process is started. */
export interface ChildStart {
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Files that it may have open. */
  readonly files?: number;
}

/** Where the process begins. */
const childFile = fileURLToPath(new URL('child-main.ts', import.meta.url));

/** A process with a pool of its own, whose host is in ours: the one can stand still while the other goes on. */
export class Child {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #complaints = '';

  constructor(task: ChildTask, { flags = [], files }: ChildStart = {}) {
    const args = [...process.execArgv, ...flags, childFile, JSON.stringify(task)];
    const shell = ['-c', `ulimit -n ${files} && exec "$0" "$@"`, process.execPath, ...args];
    const child = spawn(files ? 'sh' : process.execPath, files ? shell : args, {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (bytes) => {
      this.#complaints += bytes;
    });
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    this.process = child;
  }

  /** The next thing that it says. */
  async says(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the process ended without a word: ${this.#complaints}`);
    return JSON.parse(value);
  }

  /** Waits for its end. Returns what it complained of, and how it went. */
  async ends(): Promise<string> {
    const { exitCode, signalCode } = this.process;
    if (exitCode === null && signalCode === null) await once(this.process, 'close');
    return this.#complaints + (this.process.exitCode ? `exit ${this.process.exitCode}` : '');
  }
}

/** Plays a scene in a thread of this process. Returns all that it says. */
export async function playThread(task: ChildTask): Promise<string> {
  // Loaders are not handed down to threads on every Node.
  const begin = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(childFile)})))`;
  const worker = new Worker(begin, { eval: true, argv: [JSON.stringify(task)], stdout: true });
  return text(worker.stdout);
}

/** Plays a scene to its end. Returns the last that it says. */
export async function playChild(task: ChildTask, start?: ChildStart): Promise<Record<string, unknown>> {
  const child = new Child(task, start);
  const said = await child.says();
  return { ...said, complaints: await child.ends() };
}
