import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatCompletion, type ChatRequest, ConfigError, type Provider, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { type Cassette, cassette, type Reply, recorder, reply, startUpstream } from 'runestone/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../contexts.ts';

const folder = mkdtempSync(join(tmpdir(), 'cassette-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = (): string => join(folder, `deep/er/${count++}.jsonl`);

const KEY = 'sk-ant-canary-key-0001';
const ask = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: 'user', content }],
  max_completion_tokens: 1_000,
  ...more,
});

type Make = (fetch: Cassette, url: string) => Provider;

const wires: [string, Make][] = [
  ['anthropic', (fetch, url) => anthropic({ apiKey: KEY, baseURL: url, fetch })],
  ['openai', (fetch, url) => openai({ apiKey: KEY, baseURL: `${url}/v1`, fetch })],
];

/** What must be the same in a replay; times and our own ids are not. */
function lasting({ runestone, created: _, ...answer }: ChatCompletion): unknown {
  const { attempts, usage, costUsd, provider, model, warnings } = runestone;
  return { ...answer, attempts, usage, costUsd, provider, model, warnings };
}

/** A conversation of several kinds: streamed, whole, with a tool, with a retry. */
async function talk(provider: Provider): Promise<unknown[]> {
  const pool = new ProviderPool({ providers: [provider], retry: { baseDelayMs: 1 } });
  const tools = [
    { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } },
  ] as const;
  const answers = [
    await pool.request(ask('whole')),
    await (await pool.streamRequest(ask('streamed'))).completion(),
    await (await pool.streamRequest(ask('with a tool', { tools }))).completion(),
    await pool.request(ask('after a failure')),
  ];
  const error = await failureOf(pool.streamRequest(ask('broken')).then((stream) => stream.completion()));
  await pool.close();
  return [...answers.map(lasting), { ...Object(error).partial, code: Object(error).code }];
}

const script: Reply[] = [
  reply.text('Grüße aus Köln 🌍'),
  reply.text('one two three'),
  reply.tools([{ name: 'weather', input: { city: 'Köln' } }]),
  reply.status(500, { message: `no: ${KEY}` }),
  reply.text('Better now.'),
  reply.cut({ after: 2, answer: reply.text('one two three'), how: 'reset' }),
];

describe.each(wires)('a conversation with %s', (_, make) => {
  it('is the same when it is replayed, without a network and without a key', async () => {
    const path = fresh();
    await using upstream = await startUpstream();
    upstream.script(...script);
    const recording = recorder({ path });
    expect(recording.mode).toBe('record');
    const recorded = await talk(make(recording, upstream.url));
    await recording.saved();
    expect(recorded.at(-1)).toMatchObject({ code: 'connection', content: 'one two' });

    const replay = cassette(path);
    expect([replay.mode, replay.left]).toEqual(['replay', 6]);
    const asked = upstream.count;
    const replayed = await talk(make(replay, 'https://nowhere.invalid'));
    expect(replayed).toEqual(recorded);
    expect([replay.left, upstream.count]).toEqual([0, asked]);

    const text = readFileSync(path, 'utf8');
    expect(text).not.toMatch(/canary/);
    expect(text).toContain(`no: ${'x'.repeat(KEY.length)}`);
    expect(text).not.toContain('127.0.0.1');
  });

  it('that goes another way fails, and says what is different', async () => {
    const path = fresh();
    await using upstream = await startUpstream();
    const recording = recorder({ path });
    const first = new ProviderPool({ providers: [make(recording, upstream.url)] });
    await first.request(ask('What is up?'));
    await first.close();
    await recording.saved();
    const second = new ProviderPool({ providers: [make(cassette(path), 'https://nowhere.invalid')] });
    const error = await failureOf(
      second.request(ask('canary: what is new?', { max_completion_tokens: 999 })),
    );
    expect(error).toMatchObject({ code: 'config_invalid', attempts: [{ outcome: 'error' }] });
    const { message } = Object(error);
    expect(message).toMatch(
      /matches none of the 1 left; unlike the nearest \(no\. 1\): .*body\.messages\[0\]\.content/,
    );
    expect(message).toMatch(/body\.max_\w+ differs/);
    expect(message).not.toContain('canary');
    await second.close();
  });
});

const init = (body: string) => ({
  method: 'POST',
  headers: {},
  body,
  signal: new AbortController().signal,
  redirect: 'manual' as const,
});
const url = 'https://api.acme.example/v1/chat';

describe('a cassette', () => {
  it('in mode `auto` is recorded once and then replayed', async () => {
    const path = fresh();
    let asked = 0;
    const fetch = async () => new Response(`answer ${++asked}`);
    for (const mode of ['record', 'replay', 'replay']) {
      const it = cassette({ path, mode: 'auto', fetch });
      expect(it.mode).toBe(mode);
      expect(await (await it(url, init('1'))).text()).toBe('answer 1');
      await it.saved();
    }
    expect(asked).toBe(1);
  });

  it('is replaced when it is recorded anew, and not before something is', async () => {
    const path = fresh();
    const fetch = async () => new Response('x');
    for (const bodies of [['1', '2'], ['3']]) {
      const it = cassette({ path, mode: 'record', fetch });
      for (const body of bodies) await (await it(url, init(body))).text();
      await it.saved();
      expect(cassette(path).left).toBe(bodies.length);
    }
    recorder({ path, fetch });
    expect(cassette(path).left).toBe(1);
  });

  it('keeps apart what came at the same time', async () => {
    const path = fresh();
    const fetch = async (_url: string, { body }: { body?: string }) => new Response(`answer to ${body}`);
    const it = recorder({ path, fetch });
    const bodies = Array.from({ length: 50 }, (_, n) => String(n));
    await Promise.all(bodies.map(async (body) => (await it(url, init(body))).text()));
    await it.saved();
    const replay = cassette(path);
    for (const body of bodies.toReversed()) {
      expect(await (await replay(url, init(body))).text()).toBe(`answer to ${body}`);
    }
  });

  it('in order plays only what is next', async () => {
    const path = fresh();
    const it = recorder({ path, fetch: async () => new Response('x') });
    for (const body of ['1', '2']) await (await it(url, init(body))).text();
    await it.saved();
    const replay = cassette({ path, match: 'order' });
    expect(await failureOf(replay(url, init('2')))).toBeInstanceOf(ConfigError);
    await replay(url, init('1'));
    await replay(url, init('2'));
    expect(replay.left).toBe(0);
  });

  it('compares requests as they are kept', async () => {
    const path = fresh();
    const body = (value: unknown) => ({ ...Object(value), id: 0 });
    const it = recorder({ path, body, fetch: async () => new Response('x') });
    await (await it(url, init('{"a":1,"id":17}'))).text();
    await it.saved();
    expect(readFileSync(path, 'utf8')).not.toContain('17');
    const replay = cassette({ path, body });
    await replay(url, init('{"a":1,"id":99}'));
    expect(replay.left).toBe(0);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['no file', undefined, /cannot be read; record it first/],
    ['a file of something else', 'hello', /is no cassette of this version/],
  ])('with %s is refused at once', (_, text, message) => {
    const path = join(folder, `${count++}.jsonl`);
    if (text !== undefined) writeFileSync(path, text);
    expect(() => cassette(path)).toThrow(ConfigError);
    expect(() => cassette(path)).toThrow(message);
  });
});
