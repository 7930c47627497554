import { afterEach, describe, expect, it } from 'vitest';
import { type Arrival, type Gate, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { withoutPrefix } from '../../../src/testing/upstream/arrival.ts';
import { body, headers } from './ask.ts';

let upstream: Upstream;
afterEach(() => upstream?.close());

const ask = (path: string): Promise<Response> =>
  fetch(`${upstream.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body()) });

describe('a gate', () => {
  it('sees every head, keys in the clear', async () => {
    const seen: Arrival[] = [];
    const gate: Gate = (arrival) => void seen.push(arrival);
    upstream = await startUpstream({ gate });
    expect((await ask('/v1/messages')).status).toBe(200);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        path: '/v1/messages',
        nthOfConnection: 1,
        headers: { 'x-api-key': 'sk-ant-test-key' },
      },
    ]);
  });

  it('takes a beginning off the path: the API sees the rest, the log both', async () => {
    upstream = await startUpstream({ gate: () => ({ prefix: '/tenant/a' }) });
    expect((await ask('/tenant/a/v1/messages')).status).toBe(200);
    expect((await ask('/v1/messages')).status).toBe(200);
    expect(upstream.requests.map(({ prefix, path }) => [prefix, path])).toEqual([
      ['/tenant/a', '/v1/messages'],
      ['/tenant/a', '/v1/messages'],
    ]);
    expect(upstream.count).toBe(2);
  });

  it('may answer before the body is read', async () => {
    const steps = [
      { kind: 'head', status: 413, headers: { connection: 'close' } },
      { kind: 'end', how: 'eof' },
    ] as const;
    upstream = await startUpstream({ gate: () => ({ steps }) });
    expect((await ask('/v1/messages')).status).toBe(413);
    expect(upstream.requests).toMatchObject([{ bodyBytes: 0, body: undefined, status: 413 }]);
  });

  it('counts the requests of a connection', async () => {
    const seen: number[] = [];
    upstream = await startUpstream({ gate: ({ nthOfConnection }) => void seen.push(nthOfConnection) });
    for (let turn = 0; turn < 3; turn++) await (await ask('/v1/messages')).text();
    expect(seen).toEqual(upstream.accepted === 1 ? [1, 2, 3] : expect.arrayContaining([1]));
  });
});

describe('a path without its prefix', () => {
  it.each([
    ['/lab/x/v1', '/lab/x', '/v1'],
    ['/lab/x', '/lab/x', '/'],
    ['/v1', '', '/v1'],
    ['/v1', '/lab', '/v1'],
    ['/labour', '/lab', '/our'],
  ])('%s without %s is %s', (path, prefix, rest) => {
    expect(withoutPrefix(path, prefix)).toBe(rest);
  });
});
