import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the unix socket of a private server; empty where there is no binary of it. */
    redis: string;
  }
}

/** A server of a test's own: no port to choose, nothing shared, nothing saved. */
export interface RedisServer {
  readonly path: string;
  readonly folder: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

/** The server's binary, if the machine has one. */
export function redisBinary(): string | undefined {
  return ['redis-server', 'valkey-server'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

/**
 * @param folder - of its socket; the same one again for a server that comes back
 * @param more - further options; the last of each counts
 */
export async function startRedis(
  binary: string,
  folder: string = mkdtempSync(join(tmpdir(), 'runestone-redis-')),
  more: readonly string[] = [],
): Promise<RedisServer> {
  const path = join(folder, 'redis.sock');
  const where = ['--port', '0', '--unixsocket', path, '--dir', folder];
  const server = spawn(binary, [...where, '--save', '', '--appendonly', 'no', ...more], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (let tries = 0; !(await accepts(path)); tries += 1) {
    if (server.exitCode !== null || tries > 500) throw new Error(`${binary} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    path,
    folder,
    process: server,
    async close() {
      server.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** One server for all test files. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const binary = redisBinary();
  if (binary === undefined) {
    const message =
      'redis-server is not installed: its tests are skipped (Debian: apt-get install redis-server)';
    if (process.env['RUNESTONE_REQUIRE_REDIS'] === '1') throw new Error(message);
    if (project.name === 'whole') console.warn(message);
    project.provide('redis', '');
    return undefined;
  }
  const server = await startRedis(binary);
  project.provide('redis', server.path);
  return () => server.close();
}
