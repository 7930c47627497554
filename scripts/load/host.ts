import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Provider } from 'runestone';
import type { WireName } from 'runestone/testing';
import { host } from '../faults/stand.ts';

/** How the host is to behave from now on. */
export interface HostOrder {
  /** Of what is under `/faulty`. */
  readonly mode: 'well' | 'mix' | 'down';
  /** Before each answer, in milliseconds. @default 0 */
  readonly firstMs?: number;
}

/** What the host has done since it was told the last time. */
export interface HostReport {
  readonly seen: number;
  /** Of these, those that went wrong. */
  readonly faults: number;
  /** Requests whose answer it sent to the end. */
  readonly whole: number;
  /** Nonces of those that were answered to the end more than once. */
  readonly twice: readonly string[];
  /** Nonces as they came. */
  readonly order: readonly string[];
}

/** A host in a process of its own. */
export class LoadHost implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start(): Promise<LoadHost> {
    const child = fork(fileURLToPath(new URL('host-main.ts', import.meta.url)), {
      execArgv: process.execArgv,
    });
    const [{ port }] = await once(child, 'message');
    return new LoadHost(child, port);
  }

  /** Where OpenAI's wire is spoken, and nothing goes wrong. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/well/v1/chat/completions`;
  }

  /** A provider that asks it. */
  provider(name: string, wire: WireName, place: 'faulty' | 'well'): Provider {
    return host(name, wire, `http://127.0.0.1:${this.#port}/${place}${wire === 'openai' ? '/v1' : ''}`);
  }

  /** Changes how it behaves. Resolves with what it has done until now. */
  async order(order: HostOrder): Promise<HostReport> {
    const said = once(this.#child, 'message');
    this.#child.send(order);
    const [report] = await said;
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}
