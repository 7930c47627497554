import { type PoolOptions, type Provider, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai } from 'runestone/providers/openai-compatible';
import { fails, hangs, replies, reply, scriptedProvider, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { asking, open, wires } from './doors.ts';

const ask = { messages: [{ role: 'user', content: 'Hello' }] } as const;

async function withPool(
  provider: Provider,
  options: Partial<PoolOptions>,
  use: (pool: ProviderPool) => Promise<void>,
): Promise<void> {
  const pool = new ProviderPool({ providers: [provider], ...options });
  try {
    await use(pool);
  } finally {
    await pool.close({ drainMs: 0 });
  }
}

describe('29: one tenant cannot harm another', () => {
  it('P10: requests that are always wrong open no circuit and leave no cooldown', async () => {
    await using upstream = await startUpstream({
      respond: ({ body }) => (JSON.stringify(body).includes('poison') ? reply.status(400) : undefined),
    });
    const claude = anthropic({ apiKey: 'key-of-a-test', baseURL: upstream.url });
    await withPool(claude, { breaker: { failureThreshold: 3 } }, async (pool) => {
      const told: string[] = [];
      pool.on('*', ({ name }) => told.push(name));
      const poison = { messages: [{ role: 'user', content: 'poison' }] } as const;
      for (let n = 0; n < 30; n++) {
        expect(await failureOf(pool.request(poison, { tenant: 'bad' }))).toMatchObject({
          code: 'invalid_request',
        });
      }
      await pool.request(ask, { tenant: 'good' });
      expect(told.filter((name) => /circuit|cooldown/.test(name))).toEqual([]);
      expect(pool.health().status).toBe('healthy');
    });
  });

  it('P11: a model that does not exist is no fault of another', async () => {
    await using upstream = await startUpstream({
      respond: ({ body }) => (Object(body).model === 'claude-opus-4-8' ? reply.status(500) : undefined),
    });
    const claude = anthropic({ apiKey: 'key-of-a-test', baseURL: upstream.url });
    await withPool(claude, { retry: false, breaker: { failureThreshold: 2 } }, async (pool) => {
      for (let n = 0; n < 5; n++) await failureOf(pool.request({ ...ask, model: 'claude-opus-4-8' }));
      await pool.request({ ...ask, model: 'claude-haiku-4-5' });
    });
  });

  it('a key that a call brings is the caller’s own trouble: it takes no other out', async () => {
    const provider = scriptedProvider('a', [
      ({ apiKey }) => (apiKey ? fails('authentication', { status: 401 }) : replies('hi')),
    ]);
    await withPool(provider, { retry: false }, async (pool) => {
      for (let n = 0; n < 10; n++) {
        const error = await failureOf(
          pool.request(ask, { tenant: 'bad', provider: 'a', apiKey: 'stolen-key-1' }),
        );
        expect(error).toMatchObject({ code: 'authentication' });
      }
      await pool.request(ask, { tenant: 'good' });
    });
  });

  it('whoever fills the limit of a tenant fills no other', async () => {
    const provider = scriptedProvider('a', [
      ({ requestId }) => (requestId === 'hangs' ? hangs() : replies('hi')),
    ]);
    const limits = { perTenant: { concurrency: 1 }, queue: { size: 0 } };
    await withPool(provider, { limits }, async (pool) => {
      const hanging = failureOf(pool.request(ask, { tenant: 'a', requestId: 'hangs' }));
      expect(await failureOf(pool.request(ask, { tenant: 'a' }))).toMatchObject({
        code: expect.stringMatching(/^(?:queue_full|limit_exceeded)$/),
      });
      await pool.request(ask, { tenant: 'b' });
      await pool.close({ drainMs: 0 });
      await hanging;
    });
  });

  it.each([
    ['a:b', 'a', 'b'],
    ['a/b', 'a', 'b'],
    ['a\0b', 'a', 'b'],
    ['a', 'A', 'a '],
    ['__proto__', 'constructor', 'prototype'],
  ])('names are kept apart: %j, %j, %j', async (...tenants) => {
    const provider = scriptedProvider('a', [replies('hi')]);
    const limits = { perTenant: { requestsPerMinute: 1 }, queue: { maxWaitMs: 0 } };
    await withPool(provider, { limits }, async (pool) => {
      for (const tenant of tenants) {
        await pool.request(ask, { tenant, sessionId: 'b', metadata: { team: 'b' } });
        expect(await failureOf(pool.request(ask, { tenant }))).toMatchObject({ code: 'limit_exceeded' });
      }
    });
  });
});

describe('44: answers are not shared', () => {
  it('by two tenants who ask the same at the same time', async () => {
    await using upstream = await startUpstream({ respond: (_, n) => reply.text(`answer ${n}`) });
    const claude = anthropic({ apiKey: 'key-of-a-test', baseURL: upstream.url });
    await withPool(claude, {}, async (pool) => {
      const asked = ['a', 'b', 'c'].map((tenant) => pool.request(ask, { tenant }));
      const answers = (await Promise.all(asked)).map(({ choices }) => choices[0]?.message.content);
      expect(new Set(answers).size).toBe(3);
      expect(upstream.count).toBe(3);
    });
  });
});

describe.each(wires)('42: a request cannot multiply itself, through $name', (wire) => {
  it.each<[string, object]>([
    ['n', { n: 128 }],
    ['n, in disguise', { n: '128' }],
    ['a negative cap', { max_tokens: -1 }],
    ['no number', { max_completion_tokens: Number.POSITIVE_INFINITY }],
    ['a fraction', { max_completion_tokens: 0.5 }],
    ['too many stops', { stop: Array.from({ length: 1_000 }, String), n: 2 }],
  ])('%s is refused before anything is sent', async (_, more) => {
    await using door = await open(wire);
    const error = await failureOf(door.pool.request(asking(wire, more)));
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(door.upstream.accepted).toBe(0);
  });

  it('a cap of a billion tokens is one request, and no more than the model gives', async () => {
    await using door = await open(wire);
    const { max_completion_tokens: _, ...bare } = asking(wire);
    await door.pool.request({ ...bare, max_tokens: 1e9 });
    expect(door.upstream.count).toBe(1);
    if (wire.name === 'anthropic') {
      expect(door.upstream.requests[0]?.body).toMatchObject({ max_tokens: 64_000 });
    }
  });

  it('attempts are counted over everything: a host that always fails is asked three times', async () => {
    await using door = await open(wire, { retry: { baseDelayMs: 1, attemptsPerTarget: 100 } });
    door.upstream.respond(() => reply.status(500));
    await failureOf(door.pool.request(asking(wire)));
    expect(door.upstream.count).toBe(3);
  });
});

it('42: of a cap of a billion tokens an OpenAI host is asked for what the call may cost', async () => {
  await using upstream = await startUpstream();
  const gpt = openai({ apiKey: 'key-of-a-test', baseURL: `${upstream.url}/v1` });
  await withPool(gpt, {}, async (pool) => {
    await pool.request({ ...ask, model: 'gpt-4.1-mini', max_tokens: 1e9 }, { maxCostUsd: 0.01 });
    const { max_completion_tokens: cap } = Object(upstream.requests[0]?.body);
    // At $1.60 for a million tokens.
    expect(cap).toBeGreaterThan(1_000);
    expect(cap).toBeLessThanOrEqual(6_250);
  });
});

it('42: a turn that is paused for ever is continued five times', async () => {
  await using upstream = await startUpstream({
    respond: () => reply.answer([{ type: 'text', pieces: ['again '] }], { stopReason: 'pause_turn' }),
  });
  const claude = anthropic({ apiKey: 'key-of-a-test', baseURL: upstream.url });
  await withPool(claude, {}, async (pool) => {
    await pool.request({ ...ask, max_completion_tokens: 500 }).catch(() => {});
    expect(upstream.count).toBeLessThanOrEqual(6);
    expect(upstream.count).toBeGreaterThan(1);
  });
});
