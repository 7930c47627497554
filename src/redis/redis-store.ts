import { type Account, SETTLED_MS, SLOTS, type StateStore, type Take, type Taken } from '../index.ts';
import { Script } from './node-script.ts';
import type { RedisClient } from './redis-client.ts';
import { MARK, SETTLE, TAKE } from './scripts.ts';

/** Where the store keeps its keys. */
export interface RedisStoreOptions {
  /** In front of every key. @default 'runestone' */
  readonly prefix?: string;
}

const take = new Script(TAKE);
const settle = new Script(SETTLE);
const mark = new Script(MARK);

/**
 * Limits, budgets and cooldowns that several processes share, on Redis 6.2 or later or on a cluster of it.
 *
 * Each operation is one script on the keys of one account, so there is no key that everybody uses. The clock is
 * Redis' own. Connecting, and how often to try again, is the client's business.
 *
 * @param client - `ioredis(new Redis())`, `nodeRedis(createClient())`, or anything that can run a script
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): StateStore {
  const { prefix = 'runestone' } = options;
  return {
    async take(wanted) {
      const { account } = wanted;
      const reply = await take.run(client, keysOf(prefix, account.name), argumentsOf(wanted));
      return takenFrom(reply);
    },
    async settle({ name, span }, id, amount) {
      await settle.run(client, keysOf(prefix, name), [span.kind, id, String(amount), String(SETTLED_MS)]);
    },
    async mark(name, forMs) {
      return Number(await mark.run(client, [`${prefix}:{${tagOf(name)}}:m`], [String(forMs)]));
    },
  };
}

/** In one hash slot of a cluster. */
function keysOf(prefix: string, name: string): string[] {
  const tag = `${prefix}:{${tagOf(name)}}`;
  return [`${tag}:a`, `${tag}:h`, `${tag}:u`];
}

/** Any text, without what would end a hash tag or a line. */
function tagOf(name: string): string {
  // Half a pair of surrogates cannot be encoded.
  return encodeURIComponent(name.replace(/[\ud800-\udfff]/gu, '\ufffd'));
}

function argumentsOf({ account, id, amount, leaseMs, known }: Take): string[] {
  const { limit, span }: Account = account;
  return [
    span.kind,
    String(limit),
    String(span.kind === 'rolling' ? span.windowMs : 0),
    String(SLOTS),
    id,
    String(amount),
    String(leaseMs),
    known?.memory ?? '',
    String(known?.total ?? 0),
    crypto.randomUUID(),
    known?.slot === undefined ? '' : String(known.slot),
    ...(span.kind === 'periods' ? span.starts.map(String) : []),
  ];
}

function takenFrom(reply: unknown): Taken {
  if (!Array.isArray(reply) || reply.length < 5)
    throw new TypeError('redis: the script did not answer as it should');
  const [granted, waitMs, total, memory, slot]: unknown[] = reply;
  return {
    granted: Number(granted) === 1,
    waitMs: Number(waitMs),
    total: Number(total),
    memory: String(memory),
    slot: Number(slot),
  };
}
