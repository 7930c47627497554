import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { type Middleware, type Provider, ProviderPool } from 'runestone';
import { breaks, fails, hangs, replies, type ScriptedStep, scriptedProvider } from 'runestone/testing';
import { describe, expect, it, vi } from 'vitest';
import { poolFetch } from '../../src/http/pool-fetch.ts';
import { ask, failureOf } from '../contexts.ts';
import { runs } from '../runs.ts';
import { completion, framesIn, pool } from './support.ts';

const url = 'http://pool.invalid/v1/chat/completions';

const post = (body: unknown, init: RequestInit = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...init,
});

/** A real pool around a script. */
function around(...steps: readonly ScriptedStep[]) {
  const provider = scriptedProvider('a', steps);
  return { provider, pool: new ProviderPool({ providers: [provider], retry: false }) };
}

describe('poolFetch', () => {
  it('answers in all three forms of a request', async () => {
    const { pool } = around(replies('Good day.'));
    const asked = post(ask());
    for (const input of [url, new URL(url)]) {
      const response = await pool.fetch(input, asked);
      expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Good day.' } }] });
    }
    const response = await pool.fetch(new Request(url, asked));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  });

  it('is bound: it can be handed on by itself', async () => {
    const { fetch } = around(replies('ok')).pool;
    expect((await fetch('/health')).status).toBe(200);
  });

  it('streams with the usual headers', async () => {
    const { pool } = around(replies(['Good ', 'day.']));
    const response = await pool.fetch(url, post({ ...ask(), stream: true }));
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-request-id': expect.any(String),
    });
    const frames = framesIn(await response.text());
    expect(frames.at(-1)).toBe('[DONE]');
    expect(frames.at(-2)).toMatchObject({ runestone: { requestId: response.headers.get('x-request-id') } });
  });

  it('names each request by an id of its own, or the one it is given', async () => {
    const { pool } = around(replies('ok'));
    const idOf = async (init: Parameters<typeof pool.fetch>[1]): Promise<string | null> =>
      (await pool.fetch('/v1/models', init)).headers.get('x-request-id');
    expect(await idOf({})).not.toBe(await idOf({}));
    expect(await idOf({ runestone: { requestId: 'mine' } })).toBe('mine');
  });

  it('hands the call options of `init.runestone` on, and nothing of the body', async () => {
    const request = vi.fn(async () => completion);
    const fetch = poolFetch(pool({ request }));
    const body = { ...ask(), tenant: 'theirs', apiKey: 'theirs', provider: 'theirs', signal: {} };
    await fetch(url, { ...post(body), runestone: { tenant: 'ours' } });
    expect(request.mock.calls).toEqual([[body, { requestId: expect.any(String), tenant: 'ours' }]]);
  });

  it('asks for no signal, and is content without (AI SDK)', async () => {
    const request = vi.fn(async () => completion);
    await poolFetch(pool({ request }))(url, post(ask(), { signal: null }));
    expect(request.mock.calls[0]?.[1 as never]).not.toHaveProperty('signal');
  });

  it('answers HEAD with the head alone', async () => {
    const { pool } = around(replies('ok'));
    const response = await pool.fetch('/health', { method: 'HEAD' });
    expect([response.status, response.body, response.headers.get('content-type')]).toEqual([
      200,
      null,
      'application/json',
    ]);
  });

  it('limits a body that arrives as a stream', async () => {
    const { pool } = around(replies('ok'));
    const body = new Blob([JSON.stringify(ask('x'.repeat(100)))]).stream();
    const init = { ...post(null, { body }), duplex: 'half' as const, limits: { bodyLimitBytes: 50 } };
    const response = await pool.fetch(url, init);
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { error: { code: 'request_too_large' } },
    ]);
  });
});

describe('a failure before the first byte', () => {
  it.each<readonly [ScriptedStep, number, string]>([
    [fails('rate_limited', { status: 429, retryAfterMs: 2_500 }), 429, 'rate_limit_exceeded'],
    [fails('authentication', { status: 401 }), 502, 'invalid_api_key'],
    [fails('overloaded'), 503, 'overloaded'],
    [fails('context_overflow'), 400, 'context_length_exceeded'],
    [breaks([]), 502, 'upstream_stream_interrupted'],
  ])('is a response with its true status, streamed or not (%#)', async (step, status, code) => {
    for (const stream of [false, true]) {
      const { pool } = around(step);
      const response = await pool.fetch(url, post({ ...ask(), stream }));
      expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
      expect(response.headers.get('x-should-retry')).toBe('false');
      expect(response.headers.get('x-request-id')).toEqual(expect.any(String));
    }
  });

  it('of a plug-in is a 500 that tells nothing', async () => {
    const boom = {
      name: 'boom',
      request: () => {
        throw new DOMException('canary', 'AbortError');
      },
    };
    const broken = new ProviderPool({
      providers: [scriptedProvider('a', [replies('ok')])],
      middleware: [boom],
    });
    const response = await broken.fetch(url, post(ask()));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('canary');
  });

  it('is a JSON error whatever is sent (INV-39)', async () => {
    const { pool } = around(replies('ok'));
    const paths = [
      '/v1/chat/completions',
      '/v1/completions',
      '/v1/embeddings',
      '/v1/models',
      '/x',
      '/health',
    ];
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.record({ messages: fc.anything(), stream: fc.anything(), model: fc.anything() }).map((value) => {
        try {
          return JSON.stringify(value) ?? '';
        } catch {
          return '';
        }
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, fc.boolean(), async (path, text, typed) => {
        const headers = typed ? { 'content-type': 'application/json' } : {};
        const response = await pool.fetch(path, { method: 'POST', body: text, headers });
        if (response.status === 200) return void (await response.body?.cancel());
        expect([400, 404, 405, 415]).toContain(response.status);
        expect(await response.json()).toEqual({
          error: {
            message: expect.any(String),
            type: 'invalid_request_error',
            code: expect.toSatisfy((code) => code === null || typeof code === 'string'),
            param: expect.toSatisfy((param) => param === null || typeof param === 'string'),
          },
        });
      }),
      runs(),
    );
  });
});

describe('a failure after the first byte (STR-20)', () => {
  it('is an error frame and a plain end of the body', async () => {
    const { pool } = around(breaks(['Good ', 'day'], { code: 'server_error' }));
    const response = await pool.fetch(url, post({ ...ask(), stream: true }));
    expect(response.status).toBe(200);
    const frames = framesIn(await response.text());
    expect(frames.at(-1)).toMatchObject({ error: { code: 'server_error', type: 'server_error' } });
    expect(frames).not.toContain('[DONE]');
  });

  it('is a frame also where a plug-in fails with an AbortError, which clients would take for the end', async () => {
    const boom: Middleware = {
      name: 'boom',
      async *request(context, next) {
        yield* next(context);
        throw new DOMException('canary', 'AbortError');
      },
    };
    const provider: Provider = {
      name: 'a',
      defaultModel: 'm',
      async *stream() {
        yield { type: 'text_delta', text: 'Good' };
        throw new DOMException('canary', 'AbortError');
      },
    };
    for (const broken of [
      new ProviderPool({ providers: [provider], retry: false }),
      new ProviderPool({ providers: [scriptedProvider('a', [replies('Good')])], middleware: [boom] }),
    ]) {
      const body = await (await broken.fetch(url, post({ ...ask(), stream: true }))).text();
      expect(framesIn(body).at(-1)).toHaveProperty('error');
      expect(body).not.toContain('[DONE]');
      expect(body).not.toContain('canary');
    }
  });

  it('is a frame when the pool is closed, which is not the client’s doing', async () => {
    const { pool } = around(hangs('Good'));
    const response = await pool.fetch(url, post({ ...ask(), stream: true }));
    const text = response.text();
    await pool.close({ drainMs: 1 });
    expect(framesIn(await text).at(-1)).toMatchObject({ error: { code: 'pool_closed' } });
  });
});

describe('a client that aborts', () => {
  it.each(['enough', new Error('mine'), undefined, null])(
    'before: is told its reason (%s)',
    async (reason) => {
      const { pool, provider } = around(replies('ok'));
      const signal = AbortSignal.abort(reason);
      expect(await failureOf(pool.fetch(url, post(ask(), { signal })))).toBe(signal.reason);
      expect(provider.calls).toEqual([]);
    },
  );

  it.each([true, false])(
    'while it waits (streamed: %s): is told its reason, and nothing is left',
    async (stream) => {
      const { pool, provider } = around(hangs());
      const controller = new AbortController();
      const { signal } = controller;
      const failing = failureOf(pool.fetch(url, post({ ...ask(), stream }, { signal })));
      await vi.waitFor(() => expect(provider.open).toBe(1));
      controller.abort();
      expect(await failing).toMatchObject({ name: 'AbortError' });
      expect(provider.open).toBe(0);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    },
  );

  it('while it reads: its body fails with its reason at once, as that of `fetch` does', async () => {
    const { pool, provider } = around(hangs('Good'));
    const controller = new AbortController();
    const { signal } = controller;
    const response = await pool.fetch(url, post({ ...ask(), stream: true }, { signal }));
    const reader = response.body!.getReader();
    await reader.read();
    const reading = failureOf(reader.read());
    controller.abort();
    expect(await reading).toBe(signal.reason);
    expect(provider.open).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('while nobody reads: the next read fails', async () => {
    const { pool, provider } = around(hangs('Good'));
    const controller = new AbortController();
    const response = await pool.fetch(url, post({ ...ask(), stream: true }, { signal: controller.signal }));
    controller.abort('enough');
    await vi.waitFor(() => expect(provider.open).toBe(0));
    const reading = (async () => {
      for await (const _ of response.body!);
    })();
    expect(await failureOf(reading)).toBe('enough');
  });

  it('or drops the body: upstream is cut', async () => {
    const { pool, provider } = around(hangs('Good'));
    const response = await pool.fetch(url, post({ ...ask(), stream: true }));
    await response.body?.cancel();
    expect([provider.open, provider.calls[0]?.signal.aborted]).toEqual([0, true]);
  });
});
