import { getEventListeners } from 'node:events';
import Anthropic from '@anthropic-ai/sdk';
import type OpenAI6 from 'openai6';
import { openaiCompatible } from 'runestone/providers/openai-compatible';
import { type Reply, reply, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { framesIn } from '../http/support.ts';
import { until } from '../provider-kit/loopback.ts';
import { around, KEY, question, type Stand, stand, wordsOf } from './lab.ts';
import { majors, onPool } from './official.ts';

const asked = {
  model: 'claude-haiku-4-5',
  messages: [{ role: 'user' as const, content: 'How are you?' }],
  max_completion_tokens: 1_000,
};
const streamed = { ...asked, stream: true as const };
// A machine that is busy with other things may be late now and then; a promise that is broken is so every time.
const timely = { retry: 5 };

const endless = reply.text('word '.repeat(1_000), { delayMs: 5 });

/** A pool of an OpenAI host, for what Claude does not do. */
async function ofOpenAI(): Promise<Stand> {
  const upstream = await startUpstream();
  return around(upstream, {
    providers: [openaiCompatible({ name: 'oa', apiKey: KEY, baseURL: upstream.url })],
  });
}

/** What a stream says until it fails, and how. */
async function readUntilFailure(
  stream: AsyncIterable<{ choices: { delta: { content?: string | null } }[] }>,
) {
  let said = '';
  const reading = async (): Promise<void> => {
    for await (const { choices } of stream) said += choices[0]?.delta.content ?? '';
  };
  const error = await failureOf(reading());
  return { said, error };
}

describe.each(majors)('openai $name on pool.clientOptions()', ({ OpenAI }) => {
  it('reads legacy completions, whole and streamed', async () => {
    await using it = await stand();
    it.upstream.script(reply.text('upon a time.'), reply.text('upon a time.'));
    const client = onPool(OpenAI, it.pool);
    const prompt = { model: 'claude-haiku-4-5', prompt: 'Once ', max_tokens: 10, echo: true };
    const whole = await client.completions.create(prompt);
    expect(whole).toMatchObject({
      object: 'text_completion',
      choices: [{ text: 'Once upon a time.', finish_reason: 'stop', index: 0 }],
      usage: { completion_tokens: expect.any(Number) },
    });
    let said = '';
    let reason: string | null = null;
    for await (const { choices } of await client.completions.create({ ...prompt, stream: true })) {
      said += choices[0]?.text ?? '';
      reason = choices[0]?.finish_reason ?? reason;
    }
    expect([said, reason]).toEqual(['Once upon a time.', 'stop']);
  });

  it('reads embeddings, which it asks for in base64, and as numbers', async () => {
    await using it = await ofOpenAI();
    const client = onPool(OpenAI, it.pool);
    const wanted = { model: 'oa/text-embedding-3-small', input: ['a', 'b'], dimensions: 8 };
    const packed = await client.embeddings.create(wanted);
    const plain = await client.embeddings.create({ ...wanted, encoding_format: 'float' });
    expect(packed.data.map(({ index }) => index)).toEqual([0, 1]);
    for (const [at, { embedding }] of packed.data.entries()) {
      expect([...embedding]).toEqual(plain.data[at]?.embedding.map(Math.fround));
    }
  });

  it('lists models, and finds one by a name with a slash', async () => {
    await using it = await stand({ pool: { models: { fast: ['anthropic/claude-haiku-4-5'] } } });
    const client = onPool(OpenAI, it.pool);
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids[0]).toBe('fast');
    expect(ids).toContain('claude-opus-5-5');
    expect(await client.models.retrieve('anthropic/claude-opus-5-5')).toMatchObject({
      id: 'anthropic/claude-opus-5-5',
      object: 'model',
    });
    expect(await failureOf(client.models.retrieve('no/such/model'))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    expect(it.upstream.accepted).toBe(0);
  });

  it('gets class, code, type, request id and wait of an error, and does not try again', async () => {
    await using it = await stand({ pool: { retry: false } });
    // As people have it: with retries of its own.
    const client: OpenAI6 = new OpenAI({ ...it.pool.clientOptions(), maxRetries: 2 });
    it.upstream.respond(() => reply.status(429, { headers: { 'retry-after': '7', 'request-id': 'req_up' } }));
    const error = await failureOf(client.chat.completions.create(asked));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'rate_limit_error',
      requestID: expect.any(String),
    });
    expect(Object.fromEntries(Object(error).headers)).toMatchObject({
      'retry-after': '7',
      'retry-after-ms': '7000',
      'x-should-retry': 'false',
      'x-runestone-upstream-request-id': 'req_up',
    });
    expect(it.upstream.count).toBe(1);
  });

  it('makes no more calls than the pool allows itself', async () => {
    await using it = await stand();
    it.upstream.respond(() => reply.status(500));
    const error = await failureOf(onPool(OpenAI, it.pool).chat.completions.create(asked));
    expect([Object(error).status, it.upstream.count]).toEqual([502, 2]);
  });

  it('finds what the pool knows of an answer beside it, under one id', async () => {
    await using it = await stand();
    const { data, request_id, response } = await onPool(OpenAI, it.pool)
      .chat.completions.create(asked)
      .withResponse();
    expect(data).toMatchObject({ runestone: { provider: 'anthropic', attempts: 1, requestId: request_id } });
    expect(response.headers.get('x-request-id')).toBe(request_id);
  });

  // Each looks like an ordinary end to one client or another, if it is let through as it comes.
  it.each<readonly [string, Reply]>([
    ['a reset', reply.cut({ after: 3, how: 'reset' })],
    ['a closed connection', reply.cut({ after: 3, how: 'close' })],
    ['an end without a finish', reply.cut({ after: 3, how: 'eof' })],
    ['a cut in the middle of an event', reply.cut({ after: 3, how: 'eof', midEvent: true })],
    ['silence', reply.stall({ after: 3 })],
    ['an error event', reply.errorEvent({ after: 3 })],
  ])('reports %s of upstream in the middle as an error, with what came before', async (_, fault) => {
    await using it = await stand({ pool: { timeouts: { idleMs: 100 } } });
    it.upstream.script({ ...reply.text('one two three four five six'), ...fault } as Reply);
    const stream = await onPool(OpenAI, it.pool).chat.completions.create(streamed);
    const { said, error } = await readUntilFailure(stream);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(Object(error).code).toEqual(expect.any(String));
    expect(said.length).toBeGreaterThan(0);
    expect(it.of('request.stop')).toMatchObject([{ outcome: 'error' }]);
  });

  it(
    'reports an abort of its user as such, whatever it is waiting for, and nothing is left',
    timely,
    async () => {
      for (const body of [asked, streamed]) {
        await using it = await stand();
        it.upstream.script(reply.hangBeforeHeaders());
        const controller = new AbortController();
        const failing = failureOf(
          onPool(OpenAI, it.pool).chat.completions.create(body, { signal: controller.signal }),
        );
        await until(() => it.upstream.inFlight === 1, 1_000);
        const leftMs = performance.now();
        controller.abort();
        expect(await failing).toBeInstanceOf(OpenAI.APIUserAbortError);
        await until(() => it.upstream.inFlight === 0, 1_000);
        expect((it.upstream.requests.at(-1)?.endedMs ?? Number.NaN) - leftMs).toBeLessThan(50);
        expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      }
    },
  );

  it('does not hang when its user aborts in the middle of a stream', timely, async () => {
    await using it = await stand();
    it.upstream.script(endless);
    const stream = await onPool(OpenAI, it.pool).chat.completions.create(streamed);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next();
    const leftMs = performance.now();
    stream.controller.abort();
    await Promise.allSettled([pending, iterator.next()]);
    expect(performance.now() - leftMs).toBeLessThan(200);
    await until(() => it.upstream.inFlight === 0, 1_000);
    expect((it.upstream.requests.at(-1)?.endedMs ?? Number.NaN) - leftMs).toBeLessThan(50);
    expect(it.of('request.stop')).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('enforces its own time limit', async () => {
    await using it = await stand();
    it.upstream.script(reply.hangBeforeHeaders());
    const client = onPool(OpenAI, it.pool);
    const error = await failureOf(client.chat.completions.create(asked, { timeout: 50 }));
    expect(error).toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    await until(() => it.upstream.inFlight === 0, 1_000);
  });
});

describe('@anthropic-ai/sdk on pool.anthropicOptions()', () => {
  it('lists models, and finds one', async () => {
    await using it = await stand();
    const client = new Anthropic(it.pool.anthropicOptions());
    const [first] = (await client.models.list()).data;
    expect(first).toMatchObject({ type: 'model', id: expect.any(String), display_name: expect.any(String) });
    expect(await client.models.retrieve('claude-opus-5-5')).toMatchObject({
      id: 'claude-opus-5-5',
      created_at: expect.stringMatching(/^20\d\d-/),
    });
  });
});

describe('pool.fetch', () => {
  it('lets chunks that are ready together leave in one write', async () => {
    await using it = await stand();
    const words = 'one two three four five six seven eight';
    it.upstream.script({ ...reply.text(words), style: { split: 'once' } });
    const response = await it.pool.fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...question(), stream: true }),
    });
    const pieces: string[] = [];
    for await (const piece of response.body!) pieces.push(new TextDecoder().decode(piece));
    const chunks = pieces.flatMap((piece) => framesIn(piece));
    expect(chunks.length).toBeGreaterThan(9);
    expect(pieces.length).toBeLessThan(4);
  });

  it('is a homomorphism: its stream, folded, is the pool’s own (INV-39)', async () => {
    await using it = await stand();
    const words = 'Grüße, 世界! \n\ndata: [DONE]\n\n😀';
    it.upstream.script(reply.text(words), reply.text(words), reply.text(words));
    const body = { ...question(), stream: true, stream_options: { include_usage: true } };
    const own: unknown[] = [];
    for await (const chunk of await it.pool.streamRequest(body)) own.push(chunk);
    const response = await it.pool.fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const wire = framesIn(await response.text()).slice(0, -1);
    const known = new Set(['id', 'created', 'runestone']);
    const told = (chunks: unknown): unknown =>
      JSON.parse(JSON.stringify(chunks, (key, value) => (known.has(key) ? undefined : value)));
    expect(told(wire)).toEqual(told(own));
    expect(await wordsOf(await it.pool.streamRequest(body))).toBe(words);
  });

  it('lets no field of a request choose key, host or path (faults 5.3)', async () => {
    await using it = await stand();
    const evil = 'http://evil.invalid';
    const fields = {
      api_key: 'theirs',
      apiKey: 'theirs',
      base_url: evil,
      baseURL: evil,
      api_base: evil,
      provider: 'evil',
      extra_headers: { authorization: 'Bearer theirs', host: 'evil.invalid' },
      headers: { 'x-api-key': 'theirs' },
      runestone: { provider: 'evil', apiKey: 'theirs' },
    };
    const response = await it.pool.fetch(`${evil}/v1/chat/completions?api_key=theirs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer theirs', 'x-api-key': 'theirs' },
      body: JSON.stringify({ ...question(), ...fields }),
    });
    expect(response.status).toBe(200);
    const [seen] = it.upstream.requests;
    expect(seen).toMatchObject({ path: '/v1/messages', query: '' });
    expect(JSON.stringify(seen?.headers)).not.toContain('theirs');
    expect(seen?.headers['host']).toBe(new URL(it.upstream.url).host);
  });

  it('carries hostile model names nowhere but into the request (I7, faults 5.25)', async () => {
    await using it = await stand();
    for (const name of [
      '../admin',
      'a?x=1',
      'a/../../v1/files',
      'a%2f..',
      'a\r\nset-cookie: b=c',
      '__proto__',
    ]) {
      for (const model of [name, `anthropic/${name}`]) {
        const response = await it.pool.fetch('/v1/chat/completions', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...question(), model }),
        });
        expect([200, 400, 404, 502]).toContain(response.status);
        expect(response.headers.has('set-cookie')).toBe(false);
      }
    }
    expect(it.upstream.requests.every(({ path }) => path === '/v1/messages')).toBe(true);
  });
});
