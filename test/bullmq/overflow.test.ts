import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Queue } from 'bullmq';
import { type ChatRequest, LimitExceededError, ProviderPool } from 'runestone';
import { type OverflowCipher, overflow } from 'runestone/bullmq';
import { anthropic } from 'runestone/providers/anthropic';
import { fails, replies, scriptedProvider, startUpstream } from 'runestone/testing';
import { describe, expect, inject, it, vi } from 'vitest';
import { redisBinary, startRedis } from '../redis/server.ts';
import { asking, openBench } from './bench.ts';

const path = inject('redis');
const ready = { timeout: 10_000, interval: 10 };

describe.skipIf(path === '')('a request that the pool has no room for', () => {
  it('waits in the queue, is run later, and is fetched by its id', async () => {
    await using bench = await openBench(path);
    const provider = scriptedProvider('later', [replies('Good day.')]);
    const outcome = await bench.spill.request(asking('Hello?'), {
      tenant: 'acme',
      metadata: { team: 'red' },
    });
    if (outcome.status !== 'queued') throw new Error('not queued');
    expect(await bench.spill.result(outcome.id)).toEqual({ status: 'waiting' });

    bench.work(bench.pool(provider));
    await vi.waitFor(async () => {
      expect(await bench.spill.result(outcome.id)).toMatchObject({
        status: 'answered',
        completion: { choices: [{ message: { content: 'Good day.' } }], runestone: { provider: 'later' } },
      });
    }, ready);
    expect(provider.calls.map(({ request }) => request.messages)).toEqual([asking('Hello?').messages]);
  });

  it('is answered at once where there is room after all', async () => {
    await using bench = await openBench(path);
    const spill = bench.spillWith({}, bench.pool(scriptedProvider('free', [replies('Now.')])));
    expect(await spill.request(asking('Hello?'))).toMatchObject({ status: 'answered' });
    expect(await bench.queue.count()).toBe(0);
  });

  it('is what was asked, not what the caller made of it meanwhile', async () => {
    await using bench = await openBench(path);
    const provider = scriptedProvider('later', [replies('Good day.')]);
    const request: ChatRequest & { messages: unknown[] } = { messages: [{ role: 'user', content: 'first' }] };
    const outcome = bench.spill.request(request);
    request.messages.push({ role: 'user', content: 'second' });
    expect(await outcome).toMatchObject({ status: 'queued' });
    bench.work(bench.pool(provider));
    await vi.waitFor(() => expect(provider.calls).toHaveLength(1), ready);
    expect(provider.calls[0]?.request.messages).toHaveLength(1);
  });

  it('is refused as ever for any other reason', async () => {
    await using bench = await openBench(path);
    const spill = bench.spillWith({}, bench.pool(scriptedProvider('sad', [fails('rate_limited')])));
    await expect(spill.request(asking('Hello?'))).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(bench.spill.request({ messages: [] })).rejects.toMatchObject({ code: 'invalid_request' });
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    await expect(bench.spill.request({ ...asking('x'), cycle })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(await bench.queue.count()).toBe(0);
  });

  it.each([
    ['is longer than is kept', { maxBytes: 200 }, 'x'.repeat(200)],
    ['finds the queue full', { maxQueued: 0 }, 'short'],
  ])('is refused as ever when it %s', async (_, options, text) => {
    await using bench = await openBench(path);
    await expect(bench.spillWith(options).request(asking(text))).rejects.toBeInstanceOf(LimitExceededError);
    expect(await bench.queue.count()).toBe(0);
  });

  it.each([
    ['apiKey', 'sk-secret'],
    ['signal', new AbortController().signal],
    ['priority', 'urgent'],
    ['idempotencyKey', ''],
  ])('may not bring %s', async (key, value) => {
    await using bench = await openBench(path);
    const error: unknown = await bench.spill
      .request(asking('x'), { [key]: value })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(key) });
    expect(String(error)).not.toContain('sk-secret');
    expect(await bench.queue.count()).toBe(0);
  });
});

describe.skipIf(path === '')('an idempotency key', () => {
  it('asks upstream once, however often it is used', async () => {
    await using bench = await openBench(path);
    await using upstream = await startUpstream();
    const call = { idempotencyKey: 'order 7', tenant: 'acme' };
    const many = await Promise.all([1, 2, 3].map(() => bench.spill.request(asking('Hello?'), call)));
    expect(new Set(many.map((each) => JSON.stringify(each))).size).toBe(1);
    const worker = bench.work(bench.pool(anthropic({ apiKey: 'k', baseURL: upstream.url })));
    await vi.waitFor(async () => {
      expect(await bench.spill.request(asking('Hello?'), call)).toMatchObject({ status: 'answered' });
    }, ready);
    await worker.close();
    expect(upstream.count).toBe(1);
  });

  it('is asked for before the pool, which may have room by now', async () => {
    await using bench = await openBench(path);
    const provider = scriptedProvider('free', [replies('Now.')]);
    const call = { idempotencyKey: 'k' };
    const queued = await bench.spill.request(asking('Hello?'), call);
    const free = bench.spillWith({}, bench.pool(provider));
    expect(await free.request(asking('Hello?'), call)).toEqual(queued);
    expect(provider.calls).toHaveLength(0);
  });

  it('of another tenant is another key', async () => {
    await using bench = await openBench(path);
    const ask = (tenant?: string) =>
      bench.spill.request(asking('Hello?'), { idempotencyKey: 'k', ...(tenant && { tenant }) });
    const ids = (await Promise.all([ask('a'), ask('b'), ask()])).map((each) => JSON.stringify(each));
    expect(new Set(ids).size).toBe(3);
  });

  it('may be used again after a failure', async () => {
    await using bench = await openBench(path);
    const provider = scriptedProvider('later', [fails('authentication'), replies('Good day.')]);
    const call = { idempotencyKey: 'k' };
    const outcome = await bench.spill.request(asking('Hello?'), call);
    if (outcome.status !== 'queued') throw new Error('not queued');
    bench.work(bench.pool(provider));
    const status = async () => (await bench.spill.result(outcome.id))?.status;
    await vi.waitFor(async () => expect(await status()).toBe('failed'), ready);
    await vi.waitFor(async () => expect(await bench.queue.getFailedCount()).toBe(1), ready);
    expect(await bench.spill.request(asking('Hello?'), call)).toEqual(outcome);
    await vi.waitFor(async () => expect(await status()).toBe('answered'), ready);
  });

  it.each(['a}b\r\nFLUSHALL', ':::', '42', '\ud800', '../../meta', '{}', ' ', '𝄞 is a clef'])(
    'of any characters is just a key: %j',
    async (idempotencyKey) => {
      await using bench = await openBench(path);
      const call = { idempotencyKey, tenant: 't}\r\n:*' };
      const outcome = await bench.spill.request(asking('Hello?'), call);
      expect(outcome).toEqual({ status: 'queued', id: expect.stringMatching(/^[\w-]{43}$/) });
      expect(await bench.spill.request(asking('Hello?'), call)).toEqual(outcome);
      expect(await bench.queue.count()).toBe(1);
    },
  );
});

describe.skipIf(path === '')('a result', () => {
  it.each(['', 'meta', 'id', 'events', 'a:b', '__proto__', '*', 'x'.repeat(43)])(
    'of an id that was never given is unknown: %j',
    async (id) => {
      await using bench = await openBench(path);
      expect(await bench.spill.result(id)).toBeUndefined();
    },
  );

  it('is shown to the tenant it belongs to', async () => {
    await using bench = await openBench(path);
    const outcome = await bench.spill.request(asking('Hello?'), { tenant: 'a' });
    const id = outcome.status === 'queued' ? outcome.id : '';
    const seen = async () => [
      await bench.spill.result(id, { tenant: 'b' }),
      (await bench.spill.result(id, { tenant: 'a' }))?.status,
    ];
    expect(await seen()).toEqual([undefined, 'waiting']);
    bench.work(bench.pool(scriptedProvider('later', [replies('Good day.')])));
    await vi.waitFor(async () => expect(await seen()).toEqual([undefined, 'answered']), ready);
  });

  it('is gone after its time, from Redis too', async () => {
    await using bench = await openBench(path);
    const spill = bench.spillWith({ keepMs: 300 });
    const outcome = await spill.request(asking('Hello?'), { idempotencyKey: 'k' });
    const id = outcome.status === 'queued' ? outcome.id : '';
    const worker = bench.work(bench.pool(scriptedProvider('later', [replies('Good day.')])));
    await vi.waitFor(async () => expect(await spill.result(id)).toMatchObject({ status: 'answered' }), ready);
    await worker.close();
    await vi.waitFor(async () => expect(await spill.result(id)).toBeUndefined(), ready);
    expect(await bench.dump(true)).not.toContain('Good day.');
    expect(await spill.request(asking('Hello?'), { idempotencyKey: 'k' })).toEqual(outcome);
    expect(await bench.queue.count()).toBe(1);
  });

  it('is one of many: of more than are kept the oldest goes', async () => {
    await using bench = await openBench(path);
    const spill = bench.spillWith({ keepCount: 2 });
    bench.work(bench.pool(scriptedProvider('later', [replies('Good day.')])));
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      const outcome = await spill.request(asking(text));
      ids.push(outcome.status === 'queued' ? outcome.id : '');
      await vi.waitFor(
        async () => expect(await bench.queue.getCompletedCount()).toBe(Math.min(ids.length, 2)),
        ready,
      );
      await vi.waitFor(async () => expect(await bench.queue.getActiveCount()).toBe(0), ready);
    }
    await vi.waitFor(async () => {
      const found = await Promise.all(ids.map(async (id) => (await spill.result(id))?.status));
      expect(found).toEqual([undefined, 'answered', 'answered']);
    }, ready);
  });
});

describe.skipIf(path === '')('what Redis holds', () => {
  const words = 'the prompt nobody may see';
  const answer = 'the answer nobody may see';

  it('of a prompt stands in the data of its job alone, and there until it is answered', async () => {
    await using bench = await openBench(path);
    const [log, error] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
    await bench.spill.request(asking(words), { idempotencyKey: words, metadata: { label: words } });
    expect(await bench.dump()).not.toContain(words);
    expect(await bench.dump(true)).toContain(words);
    bench.work(bench.pool(scriptedProvider('later', [replies(answer)])));
    await vi.waitFor(async () => expect(await bench.queue.getCompletedCount()).toBe(1), ready);
    expect(await bench.dump(true)).not.toContain(words);
    expect(await bench.dump()).not.toContain(answer);
    expect(await bench.dump(true)).toContain(answer);
    expect([log, error].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it('of a failure is a code, and its words in the data', async () => {
    await using bench = await openBench(path);
    await bench.spill.request(asking(words));
    const failure = { message: 'acme: your key is not known here' };
    bench.work(bench.pool(scriptedProvider('later', [fails('authentication', failure)])));
    await vi.waitFor(async () => expect(await bench.queue.getFailedCount()).toBe(1), ready);
    const [job] = await bench.queue.getFailed();
    expect(job).toMatchObject({ name: 'chat', failedReason: 'invalid_api_key', stacktrace: [] });
    expect(await bench.dump(true)).not.toContain(words);
    expect(await bench.dump()).not.toContain(failure.message);
    expect(await bench.spill.result(job?.id ?? '')).toEqual({
      status: 'failed',
      error: {
        message: `later: ${failure.message}`,
        type: 'authentication_error',
        code: 'invalid_api_key',
        param: null,
      },
    });
  });

  it('is nothing but what the cipher made of it, where there is one', async () => {
    await using bench = await openBench(path);
    // That of docs/overflow.md.
    const key = randomBytes(32);
    const cipher: OverflowCipher = {
      seal(text, id) {
        const nonce = randomBytes(12);
        const aes = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id));
        const parts = [nonce, aes.update(text, 'utf8'), aes.final(), aes.getAuthTag()];
        return Buffer.concat(parts).toString('base64');
      },
      open(sealed, id) {
        const bytes = Buffer.from(sealed, 'base64');
        const aes = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(id));
        aes.setAuthTag(bytes.subarray(-16));
        return aes.update(bytes.subarray(12, -16), undefined, 'utf8') + aes.final('utf8');
      },
    };
    const spill = bench.spillWith({ cipher });
    const outcome = await spill.request(asking(words), { tenant: 'acme' });
    const id = outcome.status === 'queued' ? outcome.id : '';
    expect(await bench.dump(true)).not.toMatch(/nobody may see|acme/);
    bench.work(bench.pool(scriptedProvider('later', [replies(answer)])), { cipher });
    await vi.waitFor(async () => {
      expect(await spill.result(id)).toMatchObject({
        status: 'answered',
        completion: { choices: [{ message: { content: answer } }] },
      });
    }, ready);
    expect(await bench.dump(true)).not.toMatch(/nobody may see|acme/);
    // Without the cipher there is nothing to see.
    await vi.waitFor(
      async () => expect(await bench.spill.result(id)).toMatchObject({ status: 'failed' }),
      ready,
    );
  });
});

const binary = redisBinary();

describe.skipIf(binary === undefined)('while Redis does not answer', () => {
  it('a refusal is a refusal, in time, and an answer an answer', async () => {
    const server = await startRedis(binary ?? '');
    await using bench = await openBench(server.path);
    server.process.kill('SIGSTOP');
    const told: string[] = [];
    const options = { storeTimeoutMs: 100, onError: ({ message }: Error) => void told.push(message) };
    const spill = bench.spillWith(options);
    await expect(spill.request(asking('Hello?'))).rejects.toBeInstanceOf(LimitExceededError);
    expect(told).toEqual(['the queue did not answer in 100 ms']);
    const free = bench.spillWith(options, bench.pool(scriptedProvider('free', [replies('Now.')])));
    expect(await free.request(asking('Hello?'), { idempotencyKey: 'k' })).toMatchObject({
      status: 'answered',
    });
    expect(told).toHaveLength(2);
    await expect(spill.result('x'.repeat(43))).rejects.toThrow('did not answer');
    server.process.kill('SIGCONT');
    await bench.queue.close();
    await server.close();
  });
});

it('options are checked before anything is sent', () => {
  const pool = new ProviderPool({ providers: [scriptedProvider('p', [replies('x')])] });
  const queue = { name: 'q', opts: {} } as unknown as Queue;
  expect(() => overflow(pool, { queue, attempts: 0, keepMs: -1 })).toThrow(
    /attempts.*keepMs|keepMs.*attempts/,
  );
});
