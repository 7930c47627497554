import { reply } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { authorizeFrom } from '../../src/cli/command-serve.ts';
import { run } from '../../src/cli/run.ts';
import { fakeIo, openShell, type Shell } from './io.ts';

let shell: Shell;

beforeEach(async () => {
  shell = await openShell();
});
afterEach(() => shell.close());

/** A served pool on a free port. */
async function served(env: Record<string, string> = {}, argv: readonly string[] = []) {
  const io = fakeIo({ ...shell.env, ...env });
  const ended = run(['serve', '--port', '0', ...argv], io);
  await vi.waitFor(() => expect(io.said.err).toContain('listening'));
  const url = /listening on (\S+),/.exec(io.said.err)?.[1] ?? '';
  return { io, ended, url };
}

const question = { model: 'claude-3-5-sonnet', messages: [{ role: 'user', content: 'Hello' }] };

function post(url: string, key?: string): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(question),
  });
}

describe('runestone serve', () => {
  it('answers over HTTP and over the WebSocket, and ends at Ctrl-C', async () => {
    shell.upstream.script(reply.text('Good day.'), reply.text('Good night.'));
    const { io, ended, url } = await served();
    const answer = await (await post(url)).json();
    expect(Object(answer).choices[0].message.content).toBe('Good day.');
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      socket.onopen = () => socket.send(JSON.stringify({ event: 'chat:stream', payload: question }));
      socket.onmessage = ({ data }) => {
        events.push(JSON.parse(String(data)).event);
        if (events.at(-1) === 'chat:done') resolve();
      };
    });
    expect(events[0]).toBe('chat:chunk');
    socket.close();
    io.interrupt();
    expect(await ended).toBe(0);
    await expect(post(url)).rejects.toThrow();
  });

  it('asks for the keys of RUNESTONE_API_KEYS', async () => {
    const { io, ended, url } = await served({ RUNESTONE_API_KEYS: 'sk-one, sk-two=acme' });
    const refused = await post(url);
    expect([refused.status, await refused.json()]).toEqual([
      401,
      { error: { type: 'invalid_request_error', message: 'Invalid API key', code: 'invalid_api_key' } },
    ]);
    expect((await post(url, 'sk-wrong')).status).toBe(401);
    expect((await post(url, 'sk-two')).status).toBe(200);
    expect(io.said.err).not.toContain('sk-');
    io.interrupt();
    await ended;
  });

  it('does not listen to other machines without them', async () => {
    const { code, err } = await shell.cli(['serve', '--host', '0.0.0.0', '--port', '0']);
    expect(code).toBe(2);
    expect(err).toContain('0.0.0.0');
  });

  it.each(['x', '-1', '70000', ''])('has no port %s', async (port) => {
    const { code } = await shell.cli(['serve', `--port=${port}`]);
    expect(code).toBe(2);
  });
});

describe('RUNESTONE_API_KEYS', () => {
  const visitor = (key: string) => ({ headers: new Headers({ authorization: `Bearer ${key}` }) }) as never;

  it('maps keys to tenants', () => {
    const authorize = authorizeFrom('a=one,b, c=x=y');
    expect(['a', 'b', 'c', 'd', 'a=one'].map((key) => authorize?.(visitor(key)))).toEqual([
      { tenant: 'one' },
      {},
      { tenant: 'x=y' },
      false,
      false,
    ]);
  });

  it('asks nobody where it is not set, and is wrong where it holds nothing', () => {
    expect(authorizeFrom(undefined)).toBeUndefined();
    expect(() => authorizeFrom(' , ')).toThrow('RUNESTONE_API_KEYS');
  });
});
