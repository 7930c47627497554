import { describe, expect, it } from 'vitest';
import { readIncoming } from '../../src/http/incoming.ts';

const url = 'http://pool.invalid/v1/models?limit=2';

describe('readIncoming', () => {
  it.each<readonly [string, Request | URL | string]>([
    ['text', url],
    ['a URL', new URL(url)],
    ['a Request', new Request(url)],
    ['a path alone', '/v1/models?limit=2'],
    ['a scheme of its own', 'runestone://pool/v1/models'],
  ])('takes %s', (_, input) => {
    const incoming = readIncoming(input);
    expect([incoming.path, incoming.method, incoming.body]).toEqual(['/v1/models', 'GET', null]);
  });

  it('rejects what is no URL, as `fetch` does', () => {
    expect(() => readIncoming('http://')).toThrow(TypeError);
  });

  it('lets `init` go before the request', async () => {
    const request = new Request(url, { method: 'POST', body: 'old', headers: { 'x-a': '1', 'x-b': '1' } });
    const own = new AbortController().signal;
    const changed = readIncoming(request, {
      method: 'put',
      body: 'new',
      headers: { 'x-a': '2' },
      signal: own,
    });
    expect([changed.method, changed.body, changed.headers.get('x-a'), changed.headers.get('x-b')]).toEqual([
      'PUT',
      'new',
      '2',
      null,
    ]);
    expect(changed.signal).toBe(own);
    const same = readIncoming(request);
    expect([same.method, same.headers.get('x-a'), same.signal]).toEqual(['POST', '1', request.signal]);
    expect(same.body).toBe(request.body);
  });

  it('keeps a `Headers` as it is, and takes the other two forms', () => {
    const headers = new Headers({ a: '1' });
    expect(readIncoming(url, { headers }).headers).toBe(headers);
    expect(readIncoming(url, { headers: [['a', '2']] }).headers.get('a')).toBe('2');
    expect(readIncoming(url, { headers: { a: '3' } }).headers.get('a')).toBe('3');
  });

  it.each<readonly [string, RequestInit['body']]>([
    ['bytes', new TextEncoder().encode('{"a":1}')],
    ['a buffer', new TextEncoder().encode('{"a":1}').buffer],
    ['a blob', new Blob(['{"a":1}'])],
    ['a stream', new Blob(['{"a":1}']).stream()],
  ])('makes a stream of %s', async (_, body) => {
    const read = readIncoming(url, { method: 'POST', body: body! }).body;
    expect(read).toBeInstanceOf(ReadableStream);
    expect(await new Response(read).text()).toBe('{"a":1}');
  });

  it('does without a signal, and with null for one', () => {
    expect(readIncoming(url).signal).toBeUndefined();
    expect(readIncoming(url, { signal: null }).signal).toBeUndefined();
  });

  it('is not led astray by what hosts pass in second place', () => {
    const odd = { method: 7, signal: 'now', env: {}, waitUntil() {} } as unknown as RequestInit;
    const request = new Request(url, { method: 'POST', body: '{}' });
    expect(readIncoming(request, odd)).toMatchObject({ method: 'POST', signal: request.signal });
  });
});
