import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type AnyTelemetryEvent, type PoolOptions, ProviderPool } from 'runestone';
import { ioredis, redisStore } from 'runestone/redis';
import { replies, type ScriptedProvider, scriptedProvider } from 'runestone/testing';
import { describe, expect, inject, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { type RedisServer, redisBinary, startRedis } from './server.ts';

const has = inject('redis') !== '';

/** The pool's clock runs this much faster, so that the 5 s for which a store is away are half a second. */
const FASTER = 10;

/** A machine that is busy with other tests is not a store that is away: 50 ms are for `shared-store.test.ts`. */
const PATIENCE_MS = 400;

const environment = {
  nowMs: () => performance.now() * FASTER,
  epochMs: Date.now,
  random: () => 0.5,
};

const request = { model: 'a/m', max_tokens: 1_000, messages: [{ role: 'user', content: 'Hello' }] } as const;

interface Process {
  readonly pool: ProviderPool;
  readonly client: Redis;
  readonly provider: ScriptedProvider;
  readonly told: AnyTelemetryEvent[];
}

/** A pool with a budget of 1 USD, at 0.01 USD an answer, with a client of its own. */
function open(socket: string, shared: Partial<NonNullable<PoolOptions['shared']>> = {}): Process {
  const client = new Redis(socket, { retryStrategy: () => 20 });
  // A client without a listener writes to the console.
  client.on('error', () => {});
  const provider = scriptedProvider('a', [
    replies('hi', { usage: { inputTokens: 1_000, outputTokens: 900 } }),
  ]);
  const pool = new ProviderPool(
    {
      providers: [provider],
      shared: { store: redisStore(ioredis(client)), expectedProcesses: 2, timeoutMs: PATIENCE_MS, ...shared },
      limits: { pool: { requestsPerMinute: 1_000 }, queue: { maxWaitMs: 0 } },
      cost: {
        prices: { 'a/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } },
        budgets: [{ limitUsd: 1, window: 'month' }],
      },
    },
    environment,
  );
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => {
    if (event.name.startsWith('store.')) told.push(event);
  });
  return { pool, client, provider, told };
}

async function close({ pool, client }: Process): Promise<void> {
  await pool.close();
  client.disconnect();
}

const ANSWER_NANO_USD = 10_000_000;
/** The most that one can cost. */
const BOUND_NANO_USD = 11_100_000;

async function bookedIn(client: Redis): Promise<number> {
  const [key = ''] = await client.keys('runestone:{budget*:a');
  const { memory: _, ...slots } = await client.hgetall(key);
  return Object.values(slots).reduce((sum, amount) => sum + Number(amount), 0);
}

/** Asks so often in a moment. */
async function ask({ pool }: Process, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => pool.request(request)));
}

/** Lets a process ask until it has heard that the store is there again. */
async function untilBack(of: Process): Promise<void> {
  for (let tries = 0; !of.told.some(({ name }) => name === 'store.recovered'); tries += 1) {
    if (tries > 100) throw new Error('the store is not there again');
    await sleep(50);
    await of.pool.request(request);
  }
  await sleep(50);
}

/** A pool needs a server of its own here: what is done to it would be done to the others. */
async function withServer(test: (server: RedisServer) => Promise<void>): Promise<void> {
  const server = await startRedis(redisBinary() ?? '');
  try {
    await test(server);
  } finally {
    server.process.kill('SIGCONT');
    await server.close();
  }
}

describe.skipIf(!has).concurrent('a store in trouble', () => {
  it('R3: stopped for a while, it costs no request its answer, and no cent is lost', () =>
    withServer(async (server) => {
      const of = open(server.path);
      await ask(of, 5);
      server.process.kill('SIGSTOP');
      await ask(of, 10);
      await ask(of, 10);
      expect(of.told.map(({ name }) => name)).toEqual(['store.lost']);
      server.process.kill('SIGCONT');
      await untilBack(of);
      expect(of.told.map(({ name }) => name)).toEqual(['store.lost', 'store.recovered']);
      await ask(of, 1);
      expect(await bookedIn(of.client)).toBe(of.provider.calls.length * ANSWER_NANO_USD);
      await close(of);
    }));

  it('R4: emptied, it begins from what was spent, and knows its scripts again', () =>
    withServer(async (server) => {
      const [of, other] = [open(server.path), open(server.path)];
      await ask(of, 30);
      await ask(other, 30);
      await of.client.flushall();
      await of.client.script('FLUSH');
      await other.pool.request(request);
      const booked = await bookedIn(of.client);
      expect(booked).toBeGreaterThanOrEqual(61 * ANSWER_NANO_USD);
      // The other one's last word of what was not over yet.
      expect(booked).toBeLessThanOrEqual(61 * BOUND_NANO_USD);
      const results = await Promise.allSettled(Array.from({ length: 60 }, () => of.pool.request(request)));
      expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(39);
      expect(of.told).toEqual([]);
      await Promise.all([close(of), close(other)]);
    }));

  it('R2: killed and restarted empty, it is found again and what all have spent is known', () =>
    withServer(async (server) => {
      const of = open(server.path);
      await ask(of, 20);
      server.process.kill('SIGKILL');
      await new Promise((resolve) => server.process.once('exit', resolve));
      await ask(of, 5);
      const again = await startRedis(redisBinary() ?? '', server.folder);
      try {
        await untilBack(of);
        await ask(of, 1);
        expect(await bookedIn(of.client)).toBe(of.provider.calls.length * ANSWER_NANO_USD);
      } finally {
        await close(of);
        await again.close();
      }
    }));

  it('R1: not there when the pool is made, it is done without, and joined when it comes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runestone-late-'));
    const of = open(join(folder, 'redis.sock'));
    await ask(of, 5);
    // Half of the budget, for one of two processes.
    const results = await Promise.allSettled(Array.from({ length: 80 }, () => of.pool.request(request)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(45);
    expect(of.told.map(({ name }) => name)).toEqual(['store.lost']);
    const server = await startRedis(redisBinary() ?? '', folder);
    try {
      await sleep(600);
      await of.pool.request(request);
      await sleep(100);
      expect(of.told.map(({ name }) => name)).toEqual(['store.lost', 'store.recovered']);
      expect(await bookedIn(of.client)).toBe(of.provider.calls.length * ANSWER_NANO_USD);
    } finally {
      await close(of);
      await server.close();
    }
  });

  it("refuses what is limited, at once, where that is wanted (`onFailure: 'reject'`)", () =>
    withServer(async (server) => {
      const of = open(server.path, { onFailure: 'reject' });
      server.process.kill('SIGSTOP');
      expect(await failureOf(of.pool.request(request))).toMatchObject({
        code: 'limit_exceeded',
        scope: 'pool',
      });
      expect(of.provider.calls).toHaveLength(0);
      server.process.kill('SIGCONT');
      await close(of);
    }));
});
