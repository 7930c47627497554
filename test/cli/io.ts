import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startUpstream, type Upstream } from 'runestone/testing';
import type { CliIo } from '../../src/cli/cli-io.ts';
import { run } from '../../src/cli/run.ts';

/** A process that is none: what it was told and said. */
export interface FakeIo extends CliIo {
  readonly said: { out: string; err: string };
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** How many wait for Ctrl-C. */
  readonly waiting: () => number;
}

export function fakeIo(env: CliIo['env'] = {}, input = ''): FakeIo {
  const said = { out: '', err: '' };
  const stops = new Set<() => void>();
  return {
    env,
    said,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    input: async () => input,
    isColoured: false,
    onInterrupt(stop) {
      stops.add(stop);
      return () => stops.delete(stop);
    },
    interrupt: () => {
      for (const stop of [...stops]) stop();
    },
    waiting: () => stops.size,
  };
}

/** A host, and the command line in front of it. */
export interface Shell {
  readonly upstream: Upstream;
  readonly env: CliIo['env'];
  readonly cli: (
    argv: readonly string[],
    input?: string,
  ) => Promise<{ code: number; io: FakeIo; out: string; err: string }>;
  /** Writes a file of its own, which goes with it. */
  readonly write: (name: string, content: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openShell(): Promise<Shell> {
  const upstream = await startUpstream();
  const folder = await mkdtemp(join(tmpdir(), 'runestone-cli-'));
  const env = { ANTHROPIC_API_KEY: 'sk-ant-secret', ANTHROPIC_BASE_URL: upstream.url };
  return {
    upstream,
    env,
    async cli(argv, input = '') {
      const io = fakeIo(env, input);
      const code = await run(argv, io);
      return { code, io, ...io.said };
    },
    async write(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    async close() {
      await upstream.close();
      await rm(folder, { recursive: true });
    },
  };
}
