import { Anthropic } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { rememberHeads } from '../../../src/providers/anthropic/remember-heads.ts';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: unknown;
  readonly mark: unknown;
}

/** A client whose `fetch` writes down what it is given. */
function setUp(Client: typeof Anthropic) {
  const sent: Sent[] = [];
  const client = new Client({
    apiKey: 'unused',
    baseURL: 'http://127.0.0.1:9/base',
    maxRetries: 0,
    logLevel: 'off',
    fetch: async (url, init = {}) => {
      const mark = 'mark' in init ? init.mark : undefined;
      const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
      sent.push({ url: String(url), method: init.method, headers, body: init.body, mark });
      return new Response('{}');
    },
  });
  const post = (path: string, body: unknown, headers: Record<string, string | null> = {}, mark?: unknown) =>
    client.post(path, { body, headers, fetchOptions: { mark } as object, timeout: 60_000 }).asResponse();
  return { sent, post };
}

const plain = ({ url, method, headers, body }: Sent): unknown => ({
  url,
  method,
  headers: [...headers],
  body,
});

describe('rememberHeads', () => {
  it('sends what the SDK itself would send, the first time and every time after', async () => {
    const own = setUp(Anthropic);
    const remembering = setUp(rememberHeads(Anthropic));
    for (const { post } of [own, remembering]) {
      for (const text of ['one', 'two', 'three — ünïcödé']) {
        await post(
          '/v1/messages',
          { text, none: undefined },
          { authorization: 'Bearer a', 'anthropic-beta': null },
        );
      }
      await post(
        '/v1/messages?beta=true',
        { a: 1 },
        { authorization: 'Bearer a', 'anthropic-beta': 'b-2026' },
      );
      await post('/v1/messages', { a: 1 }, { authorization: 'Bearer b' });
    }
    expect(remembering.sent.map(plain)).toEqual(own.sent.map(plain));
  });

  it('works out a head once for each kind of request, told apart by path and every header', async () => {
    const { sent, post } = setUp(rememberHeads(Anthropic));
    const kinds: [string, Record<string, string | null>][] = [
      ['/v1/messages', { authorization: 'Bearer a' }],
      ['/v1/messages', { authorization: 'Bearer b' }],
      ['/v1/messages', { authorization: 'Bearer a', 'anthropic-beta': 'x' }],
      ['/v1/messages?beta=true', { authorization: 'Bearer a' }],
    ];
    for (const round of [1, 2]) for (const [path, headers] of kinds) await post(path, { round }, headers);
    const objects = sent.map(({ headers }) => headers);
    expect(new Set(objects).size).toBe(kinds.length);
    expect(objects.slice(4)).toEqual(objects.slice(0, 4));
    expect(sent.map(({ headers }) => headers.get('authorization')).slice(4, 6)).toEqual([
      'Bearer a',
      'Bearer b',
    ]);
  });

  it('passes on what rides along with each request', async () => {
    const { sent, post } = setUp(rememberHeads(Anthropic));
    for (const mark of ['first', 'second', 'third']) await post('/v1/messages', {}, {}, mark);
    expect(sent.map(({ mark }) => mark)).toEqual(['first', 'second', 'third']);
  });

  it('forgets, so that rotating keys do not fill the memory', async () => {
    const { sent, post } = setUp(rememberHeads(Anthropic));
    const key = (n: number) => post('/v1/messages', {}, { authorization: `Bearer ${n}` });
    await key(0);
    for (let n = 1; n <= 100; n++) await key(n);
    await key(0);
    expect(sent.at(-1)?.headers).not.toBe(sent[0]?.headers);
    expect(sent.at(-1)?.headers.get('authorization')).toBe('Bearer 0');
  });
});
