import type { Worker, WorkerOptions } from 'bullmq';
import * as z from 'zod';
import { ConfigError, type ProviderPool } from '../index.ts';
import type { OverflowJob, OverflowQueue, OverflowWorkerClass } from './bull-queue.ts';
import type { OverflowFinished } from './overflow-data.ts';
import { JobEnd, runJob } from './run-job.ts';
import type { OverflowCipher } from './sealing.ts';
import { bare } from './within.ts';

/** How queued requests are run. */
export interface OverflowWorkerOptions {
  /** That of `overflow`. Its connection and prefix are used; a client of your own needs `maxRetriesPerRequest: null`. */
  readonly queue: OverflowQueue;
  /** BullMQ's class `Worker`. */
  readonly Worker: OverflowWorkerClass;
  /** That of `overflow`. */
  readonly cipher?: OverflowCipher;
  /** Requests at once in this process; the pool's limits hold all the same. @default 10 */
  readonly concurrency?: number;
  /** Of a longer answer, in bytes of JSON, only `onResult` is told. @default 1_048_576 */
  readonly maxBytes?: number;
  /** Ceiling of the wait for a further round, in milliseconds, unless a host names a longer one; doubles. @default 5_000 */
  readonly retryDelayMs?: number;
  /**
   * Told each result once it is stored; after a crash maybe twice. What it throws is another attempt to tell, if the
   * job has one left.
   */
  readonly onResult?: (id: string, result: OverflowFinished) => void | Promise<void>;
  /** Told what goes wrong with Redis, or in `onResult`. */
  readonly onError?: (error: Error) => void;
  /** More of BullMQ's options: `connection`, `lockDuration`, `stalledInterval`, `limiter`, … */
  readonly worker?: Partial<WorkerOptions>;
}

const shape = z.object({
  concurrency: z.int().min(1).default(10),
  maxBytes: z.int().min(1).default(1_048_576),
  retryDelayMs: z.number().min(1).default(5_000),
});

/** BullMQ would fail a job of a lost worker by itself, without a result; `runJob` counts them instead. */
const NEVER = 2 ** 31 - 1;

/**
 * Runs queued requests through a pool, in this process or in any other that has the same queue.
 *
 * What the pool refuses for want of room goes back into the queue for as long as the pool says, and is no attempt. A
 * worker that dies loses nothing: another one runs its jobs again after `lockDuration`.
 *
 * @returns BullMQ's worker, at work; `close()` waits for what it has begun
 * @throws ConfigError
 *
 * @example
 * const worker = overflowWorker(pool, { queue, Worker, onResult: (id, result) => save(id, result) });
 */
export function overflowWorker(pool: Pick<ProviderPool, 'request'>, options: OverflowWorkerOptions): Worker {
  const { queue, Worker: Made, cipher, onResult, onError, worker = {} } = options;
  const parsed = shape.safeParse(options);
  if (!parsed.success) throw new ConfigError(`overflowWorker: ${z.prettifyError(parsed.error)}`);
  const { concurrency, maxBytes, retryDelayMs } = parsed.data;
  const { lockDuration = 30_000 } = worker;
  const parts = { pool, cipher, maxBytes, lockMs: lockDuration, onResult, onError, nowMs: Date.now };
  const { connection, prefix } = queue.opts;
  const made = new Made(queue.name, (job: OverflowJob, token = '') => runJob(job, token, parts), {
    connection,
    ...(prefix !== undefined && { prefix }),
    concurrency,
    ...worker,
    maxStalledCount: NEVER,
    settings: { backoffStrategy: backoffOf(retryDelayMs) },
  });
  // Without a listener BullMQ prints errors, and those of ioredis carry the command.
  made.on('error', (error) => onError?.(bare(error)));
  return made;
}

/** The longest wait that doubling comes to, in milliseconds: an hour. */
const LONGEST_MS = 3_600_000;

/** @returns the wait before the next attempt, in milliseconds, from the number of those made and the last failure */
export function backoffOf(delayMs: number): (made: number, kind?: string, error?: Error) => number {
  return (made, _, error) => {
    const named = error instanceof JobEnd ? error.retryAfterMs : 0;
    return Math.max(named, Math.min(delayMs * 2 ** (made - 1), LONGEST_MS));
  };
}
