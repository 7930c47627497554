import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/testing/upstream/node-read-request.ts';
import { maskKey } from '../../../src/testing/upstream/request-log.ts';

/** As much of a request as is looked at. */
const incoming = (chunks: readonly (string | Buffer)[], more: object = {}): IncomingMessage =>
  Object.assign(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
    {
      method: 'POST',
      url: '/v1/messages?beta=true',
      headers: {},
      ...more,
    },
  ) as unknown as IncomingMessage;

describe('readRequest', () => {
  it('joins a body that came in pieces, also inside a character', async () => {
    const bytes = Buffer.from('{"a":"é"}');
    const { entry } = await readRequest(incoming([bytes.subarray(0, 7), bytes.subarray(7)]), 3);
    expect(entry).toMatchObject({ body: { a: 'é' }, bodyBytes: 10, arrivedMs: 3 });
  });

  it('tells path and query apart', async () => {
    const { entry } = await readRequest(incoming(['{}']), 0);
    expect(entry).toMatchObject({ method: 'POST', path: '/v1/messages', query: '?beta=true' });
  });

  it.each([[['{"a":']], [[]], [['hello']]])('has no body when there is no JSON: %j', async (chunks) => {
    const { entry } = await readRequest(incoming(chunks), 0);
    expect(entry.body).toBeUndefined();
    expect(entry.bodyBytes).toBe(chunks.join('').length);
  });

  it('masks keys in the log, but not in the headers it hands on', async () => {
    const { entry, headers } = await readRequest(
      incoming(['{}'], { headers: { 'x-api-key': 'sk-secret-key', 'set-cookie': ['a', 'b'] } }),
      0,
    );
    expect(headers).toEqual({ 'x-api-key': 'sk-secret-key', 'set-cookie': 'a, b' });
    expect(entry.headers['x-api-key']).toBe(maskKey('sk-secret-key'));
  });

  it('fails when the client leaves before its body is through', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('{"a"');
        throw new Error('aborted');
      })(),
    );
    const request = Object.assign(broken, { method: 'POST', url: '/', headers: {} });
    await expect(readRequest(request as unknown as IncomingMessage, 0)).rejects.toThrow('aborted');
  });
});
