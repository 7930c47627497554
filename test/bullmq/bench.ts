import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type Provider, ProviderPool } from 'runestone';
import { type OverflowOptions, type OverflowWorkerOptions, overflow, overflowWorker } from 'runestone/bullmq';
import { replies, scriptedProvider } from 'runestone/testing';

/** Looks often enough for a test to wait for a job of a lost worker. */
const quick = { stalledInterval: 150, drainDelay: 1 };

/** A queue of a test's own on a real server, and all that hangs on it, closed together. */
export interface Bench extends AsyncDisposable {
  readonly queue: Queue;
  /** What an `overflow` on this queue with a pool that has no room does. */
  readonly spill: ReturnType<typeof overflow>;
  readonly front: ProviderPool;
  spillWith(options: Partial<OverflowOptions>, pool?: ProviderPool): ReturnType<typeof overflow>;
  pool(provider: Provider, limits?: ConstructorParameters<typeof ProviderPool>[0]['limits']): ProviderPool;
  work(pool: ProviderPool, options?: Partial<OverflowWorkerOptions>): Worker;
  /** Every key of the queue with what it holds, as text; of jobs without their data, if asked. */
  dump(withData?: boolean): Promise<string>;
}

/** @param path - of the server's socket */
export async function openBench(path: string): Promise<Bench> {
  const connection = { path };
  const prefix = `test-${randomUUID()}`;
  const queue = new Queue('overflow', { connection, prefix });
  const closers: (() => Promise<unknown>)[] = [];
  const pool: Bench['pool'] = (provider, limits) => {
    const made = new ProviderPool({ providers: [provider], retry: false, ...(limits && { limits }) });
    closers.push(() => made.close());
    return made;
  };
  const front = pool(scriptedProvider('front', [replies('at once')]), {
    pool: { requestsPerMinute: 1 },
    queue: { size: 0 },
  });
  // The one request of this minute.
  await front.request(asking('hello'));
  const spillWith: Bench['spillWith'] = (options, behind = front) => overflow(behind, { queue, ...options });
  return {
    queue,
    front,
    spill: spillWith({}),
    spillWith,
    pool,
    work(behind, options = {}) {
      const worker = overflowWorker(behind, { queue, Worker, worker: quick, retryDelayMs: 20, ...options });
      closers.unshift(() => worker.close());
      return worker;
    },
    dump: (withData = false) => dumpOf(path, prefix, withData),
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
      await queue.close();
    },
  };
}

/** A request of one message. */
export function asking(content: string): { readonly messages: { role: 'user'; content: string }[] } {
  return { messages: [{ role: 'user', content }] };
}

async function dumpOf(path: string, prefix: string, withData: boolean): Promise<string> {
  const redis = new Redis(path);
  const keys = await redis.keys(`${prefix}:*`);
  const values = keys.map(async (key) => {
    const type = await redis.type(key);
    if (type === 'hash') {
      const { data = '', ...rest } = await redis.hgetall(key);
      return JSON.stringify(withData ? { ...rest, data } : rest);
    }
    if (type === 'stream') return JSON.stringify(await redis.xrange(key, '-', '+'));
    if (type === 'zset') return JSON.stringify(await redis.zrange(key, '0', '-1'));
    if (type === 'list') return JSON.stringify(await redis.lrange(key, 0, -1));
    return type === 'set' ? JSON.stringify(await redis.smembers(key)) : String(await redis.get(key));
  });
  const text = (await Promise.all(values)).join('\n');
  redis.disconnect();
  return [...keys, text].join('\n');
}
