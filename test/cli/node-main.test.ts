import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { reply, startUpstream } from 'runestone/testing';
import { afterEach, describe, expect, it } from 'vitest';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** The command line as a process of its own. */
function start(argv: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/node-main.ts', ...argv], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
  });
  started.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, ended, out: text(child.stdout), err: text(child.stderr) };
}

describe('the process', () => {
  it('reads standard input, writes standard output, and ends by itself', async () => {
    const upstream = await startUpstream();
    upstream.script(reply.text('Good day.'));
    const { child, ended, out } = start(['chat'], {
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: upstream.url,
    });
    child.stdin.end('Hello');
    expect([await ended, await out]).toEqual([0, 'Good day.\n']);
    expect(JSON.stringify(upstream.requests[0]?.body)).toContain('Hello');
    await upstream.close();
  });

  it('Ctrl-C ends a stream cleanly: what had come stays, and the host is let go', async () => {
    const upstream = await startUpstream();
    upstream.script(reply.text('one two three', { delayMs: 30_000 }));
    const { child, ended, err } = start(['chat', 'Hello'], {
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: upstream.url,
    });
    child.stdin.end();
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await err).toContain('interrupted');
    await upstream.close();
  });

  it('tells a shell that it was not understood', async () => {
    const { ended, err } = start(['nonsense']);
    expect(await ended).toBe(2);
    expect(await err).toContain('no command "nonsense"');
  });
});
