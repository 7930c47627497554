import * as z from 'zod';
import { type CallOptions, ConfigError } from '../index.ts';
import type { OverflowQueue } from './bull-queue.ts';
import { type StoredOption, storedCall } from './overflow-data.ts';
import type { OverflowCipher } from './sealing.ts';

/** Where requests go that the pool has no room for, and for how long. */
export interface OverflowOptions {
  /** BullMQ's `Queue`, for this alone: other workers would not know its jobs. */
  readonly queue: OverflowQueue;
  /** Encryption at rest. The worker needs the same. @default none: a job's data is the request, in clear */
  readonly cipher?: OverflowCipher;
  /** How many may wait, about; 0 for none. @default 10_000 */
  readonly maxQueued?: number;
  /** A longer request, in bytes of JSON, is refused as if there were no queue. @default 1_048_576 */
  readonly maxBytes?: number;
  /** A request that has waited longer fails, in milliseconds. @default 24 hours */
  readonly maxWaitMs?: number;
  /** How long a result can be fetched, in milliseconds. @default 24 hours */
  readonly keepMs?: number;
  /** How many results can be fetched: of more the oldest go. @default 10_000 */
  readonly keepCount?: number;
  /** Rounds through the pool, each with its own retries, where the failure may pass. @default 2 */
  readonly attempts?: number;
  /** Longest wait for Redis, in milliseconds, before the pool's own refusal is thrown. @default 5_000 */
  readonly storeTimeoutMs?: number;
  /** Told when the queue could not be reached, in words that hold nothing of a request. */
  readonly onError?: (error: Error) => void;
}

/** With every default filled in. */
export type OverflowSettings = OverflowOptions &
  Required<Omit<OverflowOptions, 'queue' | 'cipher' | 'onError'>>;

/** What a call may say: what the pool takes, but no `apiKey` and no `signal`. `deadlineMs` is for the first try alone. */
export interface OverflowCall extends Pick<CallOptions, StoredOption | 'deadlineMs'> {
  /** Any text of at most 1,024 characters. The same one of the same tenant is queued once, until it has failed. */
  readonly idempotencyKey?: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

const milliseconds = z.number().min(1);
const numbers = {
  maxQueued: z.int().min(0).default(10_000),
  maxBytes: z.int().min(1).default(1_048_576),
  maxWaitMs: milliseconds.default(DAY_MS),
  keepMs: milliseconds.default(DAY_MS),
  keepCount: z.int().min(1).default(10_000),
  attempts: z.int().min(1).max(100).default(2),
  // A timer's longest delay.
  storeTimeoutMs: milliseconds.max(2 ** 31 - 1).default(5_000),
};

const optionsShape = z.strictObject({
  ...numbers,
  queue: z.unknown(),
  cipher: z.unknown().optional(),
  onError: z.unknown().optional(),
});

const callShape = storedCall.extend({
  deadlineMs: z.number().exactOptional(),
  idempotencyKey: z.string().min(1).max(1_024).exactOptional(),
});

/** Fills in the defaults. @throws ConfigError that names every fault */
export function toOverflowSettings(options: OverflowOptions): OverflowSettings {
  const parsed = optionsShape.safeParse(options);
  if (!parsed.success) throw configError('overflow', parsed.error);
  return { ...options, ...z.object(numbers).parse(options) };
}

/** Checks what a call passed beside its request. @throws ConfigError */
export function checkedCall(call: object): OverflowCall {
  const said = Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined));
  for (const key of ['apiKey', 'signal']) {
    if (key in said) {
      const message = `overflow: ${key}: cannot be queued with its request; ask the pool itself, or leave it out`;
      throw new ConfigError(message, { param: key });
    }
  }
  const parsed = callShape.safeParse(said);
  if (!parsed.success) throw configError('overflow: call options', parsed.error);
  return parsed.data;
}

function configError(what: string, { issues }: z.ZodError): ConfigError {
  const faults = issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  return new ConfigError(`${what}: ${faults.join('; ')}`);
}
