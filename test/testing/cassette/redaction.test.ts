import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/errors/index.ts';
import { Redaction } from '../../../src/testing/cassette/redaction.ts';

const KEY = 'sk-ant-canary-key-0001';
const url = 'https://user:pass@api.acme.example/v1/chat?api_key=canary-query-key&beta=true';

const init = (more: { headers?: Record<string, string>; body?: string } = {}) => ({
  method: 'POST',
  headers: { Authorization: `Bearer ${KEY}`, accept: 'text/event-stream' },
  signal: new AbortController().signal,
  redirect: 'manual' as const,
  ...more,
});

describe('of a request', () => {
  it('a cassette keeps method, path, body and harmless headers; no host, no key', () => {
    const headers = {
      'x-api-key': KEY,
      'Api-Key': KEY,
      Cookie: 'session=canary',
      'User-Agent': 'me',
      'Anthropic-Version': '2026-10-21',
    };
    const body = JSON.stringify({ messages: [{ content: `is ${KEY} mine?` }] });
    expect(new Redaction({}).request(url, init({ headers, body }))).toEqual({
      method: 'POST',
      path: `/v1/chat?api_key=${'x'.repeat(16)}&beta=true`,
      headers: { 'anthropic-version': '2026-10-21' },
      body: { messages: [{ content: `is ${'x'.repeat(KEY.length)} mine?` }] },
    });
  });

  it.each<[string, ConstructorParameters<typeof Redaction>[0], string | undefined, object]>([
    ['no body', {}, undefined, {}],
    ['a body that is no JSON', {}, 'plain', { body: 'plain' }],
    ['no body by choice', { body: false }, '{"a":1}', {}],
    ['what a function makes of it', { body: (value) => [value, 'b'] }, '{"a":1}', { body: [{ a: 1 }, 'b'] }],
    ['nothing that a function throws away', { body: () => undefined }, '{"a":1}', {}],
    ['further headers', { headers: ['X-Tenant'] }, undefined, { headers: { 'x-tenant': 'me' } }],
    [
      'no word that is a secret',
      { secrets: ['Grace Hopper'] },
      '{"a":"for Grace Hopper"}',
      { body: { a: 'for xxxxxxxxxxxx' } },
    ],
  ])('it keeps %s', (_, options, body, kept) => {
    const headers = { 'x-tenant': 'me' };
    const given = init({ headers, ...(body !== undefined && { body }) });
    expect(new Redaction(options).request('https://a.example/p', given)).toEqual({
      method: 'POST',
      path: '/p',
      headers: {},
      ...kept,
    });
  });

  it.each([
    'Authorization',
    'x-api-key',
    'api-key',
    'Cookie',
    'x-goog-auth-user',
    'X-Amz-Security-Token',
    'x-secret',
  ])('it never keeps %s, asked or not', (name) => {
    expect(() => new Redaction({ headers: ['x-fine', name] })).toThrow(
      new ConfigError(`cassette: headers: "${name}" carries a credential`),
    );
  });
});

describe('of an answer', () => {
  it('it keeps the headers that the library reads', () => {
    const headers = new Headers({
      'content-type': 'text/event-stream',
      'retry-after': '7',
      'request-id': 'req_1',
      'anthropic-ratelimit-requests-remaining': '5',
      'x-ratelimit-reset-tokens': '1s',
      'set-cookie': 'canary=1',
      'anthropic-organization-id': 'org_1',
      'content-encoding': 'gzip',
    });
    expect(Object.keys(new Redaction({}).headersOf(headers)).sort()).toEqual([
      'anthropic-ratelimit-requests-remaining',
      'content-type',
      'request-id',
      'retry-after',
      'x-ratelimit-reset-tokens',
    ]);
  });

  it.each<[string, string]>([
    ['as it is', KEY],
    ['in base64', btoa(`key: ${KEY}!`)],
    ['as the query has it', 'canary-query-key'],
    ['as it is set to be a secret', 'Grüße, Köln'],
  ])('a key is masked %s, wherever it is cut', (_, said) => {
    const redaction = new Redaction({ secrets: ['Grüße, Köln'] });
    const bytes = new TextEncoder().encode(`data: "${said}" ü\n\n`);
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      const kept = redaction.chunks(url, init(), pieces);
      expect(kept.map(({ length }) => length)).toEqual([at, bytes.length - at]);
      const text = new TextDecoder().decode(new Uint8Array(kept.flatMap((piece) => [...piece])));
      expect(text).not.toContain(said);
      expect(text).toMatch(/^data: "[^"]*x{8,}[^"]*" ü\n\n$/);
    }
  });

  it('whatever holds no secret stays as it is, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (pieces) => {
        expect(new Redaction({}).chunks(url, init(), pieces)).toEqual(pieces);
      }),
      { numRuns: 200 },
    );
  });
});
