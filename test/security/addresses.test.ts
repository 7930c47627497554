import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openaiCompatible } from 'runestone/providers/openai-compatible';
import { startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { asking, KEY, open, wires } from './doors.ts';

const NAMES = [
  '../admin',
  '..',
  '.',
  'a?x=1',
  'a#b',
  'a/../../v1/files',
  'a%2f..',
  '%2e%2e',
  '..\\admin',
  'münchen/模型',
  'a\r\nb',
  'a b',
  '\ud800',
  ';a',
  '//evil.example/x',
  'https://evil.example',
];

describe('I7: a model’s name is a name', () => {
  it.each(NAMES)('%j leaves the path as it is, where the name stands in the body', async (name) => {
    const [claude, host] = wires;
    for (const wire of [claude, host]) {
      if (!wire) throw new Error('no wire');
      await using door = await open(wire);
      const model = wire.name === 'anthropic' ? `anthropic/${name}` : `host/${name}`;
      const error = await door.pool.request({ ...asking(wire), model }).catch((failure: unknown) => failure);
      const paths = door.upstream.requests.map(({ path, query }) => path + query);
      expect(paths).toEqual(paths.map(() => wire.path));
      if (error instanceof Error) expect(error.message).not.toMatch(/[\r\n]/);
    }
  });

  it.each(NAMES)('%j is one segment, or refused, where the name stands in the path', async (name) => {
    await using upstream = await startUpstream();
    const paths = { chat: '/deployments/{model}/chat/completions' };
    const provider = openaiCompatible({
      name: 'host',
      apiKey: KEY,
      baseURL: `${upstream.url}/openai`,
      paths,
    });
    const pool = new ProviderPool({ providers: [provider], retry: false });
    const outcome = await pool
      .request({ model: `host/${name}`, messages: [{ role: 'user', content: 'Hi' }] })
      .catch((error: unknown) => error);
    await pool.close();
    const [request] = upstream.requests;
    if (!request)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^(?:model_not_found|invalid_request)$/) });
    else {
      const segments = request.path.split('/');
      expect([segments.length, segments[1], segments[2], ...segments.slice(4)]).toEqual([
        6,
        'openai',
        'deployments',
        'chat',
        'completions',
      ]);
      expect(decodeURIComponent(segments[3] ?? '')).toBe(name);
      expect(request.query).toBe('');
    }
  });

  it('nor does a name choose the provider, its address or its key', async () => {
    for (const wire of wires) {
      await using door = await open(wire);
      for (const model of ['evil.example/m', 'https://evil.example/v1/m', `${wire.name}@evil.example/m`]) {
        expect(await failureOf(door.pool.request({ ...asking(wire), model }))).toMatchObject({
          code: 'no_route',
        });
      }
      expect(door.upstream.accepted).toBe(0);
    }
  });
});

describe('I8, 15: a base URL', () => {
  const make = [
    ['anthropic', (baseURL: string, more: object = {}) => anthropic({ apiKey: KEY, baseURL, ...more })],
    [
      'openai-compatible',
      (baseURL: string, more: object = {}) =>
        openaiCompatible({ name: 'host', apiKey: KEY, baseURL, ...more }),
    ],
  ] as const;

  describe.each(make)('of %s', (_, provider) => {
    it.each([
      'https://user:canary@api.acme.example',
      'https://canary@api.acme.example',
      'https://api.acme.example?key=canary',
      'https://api.acme.example#canary',
      'file:///etc/passwd',
      'data:text/plain,canary',
      'ftp://canary.example',
      'javascript:alert(1)',
      'ws://canary.example',
      'canary.example',
      '//canary.example',
      'https://',
    ])('%j is refused, unquoted', async (baseURL) => {
      for (const more of [{}, { allowHttp: true }]) {
        const error = await failureOf((async () => provider(baseURL, more))());
        expect(error).toMatchObject({ code: 'config_invalid', param: 'baseURL' });
        expect(String(error) + JSON.stringify(error)).not.toContain('canary');
      }
    });

    it.each([
      'http://api.acme.example',
      'http://169.254.169.254',
      'http://10.0.0.1',
      'http://localhost.acme.example',
      'http://localhost.',
      'http://127.0.0.1.nip.io',
      'http://[::ffff:10.0.0.1]',
      'http://0.0.0.0',
      'http://api.acme.example:0',
    ])('%j takes an option of its own', async (baseURL) => {
      const error = await failureOf((async () => provider(baseURL))());
      expect(error).toMatchObject({ code: 'config_invalid', param: 'baseURL' });
      expect(() => provider(baseURL, { allowHttp: true })).not.toThrow();
    });

    it.each([
      'https://api.acme.example',
      'https://api.acme.example.',
      'https://münchen.example',
      'https://api.acme.example:8443/proxy',
      'http://127.0.0.1:8080',
      'http://localhost:8080',
      'http://[::1]:8080',
      // The standard form of an address is what is looked at, however it is written.
      'http://0x7f.1:8080',
      'http://2130706433:8080',
    ])('%j is fine', (baseURL) => {
      expect(() => provider(baseURL)).not.toThrow();
    });
  });

  it('with port 0 reaches nobody', async () => {
    for (const wire of wires) {
      const pool = new ProviderPool({ providers: [wire.make('http://127.0.0.1:0')], retry: false });
      expect(await failureOf(pool.request(asking(wire)))).toMatchObject({ code: 'connection' });
      await pool.close();
    }
  });
});

describe.each(wires)('I10, 3: what a request cannot choose, through $name', (wire) => {
  const FIELDS = [
    'base_url',
    'baseURL',
    'api_base',
    'apiBase',
    'url',
    'endpoint',
    'host',
    'proxy',
    'custom_llm_provider',
    'api_key',
    'apiKey',
    'key',
    'authorization',
    'headers',
    'extra_headers',
    'extraHeaders',
    'default_headers',
    'extra_query',
    'query',
    'path',
    'fetch',
    'fetchOptions',
    'dispatcher',
    'httpAgent',
    'client',
    'provider',
    'organization',
    'timeout',
    'maxRetries',
  ];

  it('is where it goes, and with which key', async () => {
    await using trap = await startUpstream();
    await using door = await open(wire);
    const values: unknown[] = [
      trap.url,
      { authorization: 'Bearer theirs', 'x-api-key': 'theirs', host: 'evil.example' },
    ];
    for (const field of FIELDS) {
      for (const value of values) {
        const bags = {
          extra_body: { [field]: value },
          anthropic: { [field]: value },
          openai: { [field]: value },
        };
        for (const more of [{ [field]: value }, bags]) {
          await door.pool.request(asking(wire, more)).catch(() => {});
          await (await door.pool.streamRequest(asking(wire, more)).catch(() => undefined))?.cancel();
        }
      }
    }
    expect(trap.accepted).toBe(0);
    expect(door.upstream.requests.length).toBeGreaterThan(100);
    const [first] = door.upstream.requests;
    for (const { path, query, key, headers } of door.upstream.requests) {
      expect([path, query, key]).toEqual([wire.path, '', first?.key]);
      expect(headers['host']).toBe(first?.headers['host']);
      expect(Object.keys(headers).sort()).toEqual(Object.keys(first?.headers ?? {}).sort());
    }
  }, 60_000);

  it('a key for one call goes to the provider that the call names', async () => {
    await using other = await startUpstream();
    await using door = await open(wire);
    const name = door.pool.providers()[0]?.name ?? '';
    const pool = new ProviderPool({
      providers: [
        wire.make(door.upstream.url),
        openaiCompatible({ name: 'other', apiKey: 'sk-other-key-0001', baseURL: `${other.url}/v1` }),
      ],
      models: { any: [wire.model.includes('/') ? wire.model : `${name}/${wire.model}`, 'other/m'] },
      retry: false,
    });
    expect(await failureOf(pool.request(asking(wire), { apiKey: 'sk-theirs-0001' }))).toMatchObject({
      code: 'config_invalid',
    });
    await pool.request({ ...asking(wire), model: 'any' }, { apiKey: 'sk-theirs-0001', provider: name });
    await pool.request({ ...asking(wire), model: 'any' }, { provider: 'other' });
    expect(new Set([...door.upstream.requests, ...other.requests].map(({ key }) => key)).size).toBe(2);
    expect(other.requests).toHaveLength(1);
    await pool.close();
  });
});

describe.each(wires)('I9, 16: a URL in a request, through $name', (wire) => {
  it('is passed on untouched, and never fetched', async () => {
    await using trap = await startUpstream();
    await using door = await open(wire);
    const urls = [
      `${trap.url}/image.png`,
      'http://169.254.169.254/latest/meta-data',
      'http://localhost./a.png',
      'http://0x7f.1/a.png',
      'http://[::ffff:127.0.0.1]/a.png',
      'https://rebinding.example/a.png',
    ];
    for (const url of urls) {
      const content = [
        { type: 'text', text: 'Look' },
        { type: 'image_url', image_url: { url } },
      ];
      const before = door.upstream.requests.length;
      await door.pool.request(asking(wire, { messages: [{ role: 'user', content }] })).catch(() => {});
      const sent = JSON.stringify(door.upstream.requests.slice(before).map(({ body }) => body));
      expect(sent === '[]' || sent.includes(JSON.stringify(url))).toBe(true);
    }
    expect(trap.accepted).toBe(0);
    expect(door.upstream.requests.length).toBeGreaterThan(0);
  });
});
