/**
 * `npm run bench:shared`: CPU of a request with limits that processes share on Redis, beside the same limits in one
 * process alone; and how many times a request waits for Redis.
 *
 * Options after `--`: `--quick` (few rounds), `--json`, `--rounds N`. Needs a `redis-server`.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { type PoolOptions, ProviderPool, type StateStore } from '../src/index.ts';
import { ioredis, redisStore } from '../src/redis/index.ts';
import { replies, scriptedProvider } from '../src/testing/index.ts';
import { redisBinary, startRedis } from '../test/redis/server.ts';
import { median } from './statistics.ts';

/** What sharing may add to a request, in microseconds of CPU. */
const LIMIT_US = 60;

/** Requests in one round, so many at a time. */
const REQUESTS = 2_000;
const AT_ONCE = 20;

const request = {
  model: 'a/m',
  messages: [{ role: 'user', content: 'Hello' }],
  max_completion_tokens: 100,
} as const;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 5 : 21));

const poolOf = (shared?: PoolOptions['shared']): ProviderPool =>
  new ProviderPool({
    providers: [scriptedProvider('a', [replies('hi', { usage: { inputTokens: 9, outputTokens: 1 } })])],
    limits: { perProvider: { a: { requestsPerMinute: 1e9, tokensPerMinute: 1e12 } } },
    ...(shared && { shared }),
  });

/** CPU of one request, in microseconds. */
async function round(pool: ProviderPool): Promise<number> {
  const before = process.cpuUsage();
  let left = REQUESTS;
  const work = async (): Promise<void> => {
    while (left-- > 0) await pool.request(request);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

/** A store that counts how often somebody waits for it: what is asked in one turn of the loop goes out together. */
function counting(store: StateStore): StateStore & { trips: number } {
  let isCounted = false;
  const count = (): void => {
    if (!isCounted) counted.trips += 1;
    isCounted = true;
    setImmediate(() => {
      isCounted = false;
    });
  };
  const counted: StateStore & { trips: number } = {
    trips: 0,
    take: (take) => {
      count();
      return store.take(take);
    },
    mark: (name, forMs) => {
      count();
      return store.mark(name, forMs);
    },
    // Not waited for.
    settle: (account, id, amount) => store.settle(account, id, amount),
  };
  return counted;
}

const binary = redisBinary();
if (binary === undefined) {
  console.error('redis-server is not installed (Debian: apt-get install redis-server)');
  process.exit(1);
}
const server = await startRedis(binary);
const client = new Redis(server.path);
const store = redisStore(ioredis(client));
const [local, shared] = [poolOf(), poolOf({ store, expectedProcesses: 2, timeoutMs: 5_000 })];
for (const pool of [local, shared, local, shared]) await round(pool);

const samples: { readonly localUs: number; readonly sharedUs: number }[] = [];
for (let index = 0; index < rounds; index += 1)
  samples.push({ localUs: await round(local), sharedUs: await round(shared) });

const counted = counting(store);
const alone = poolOf({ store: counted, expectedProcesses: 2, timeoutMs: 5_000 });
for (let index = 0; index < 100; index += 1) await alone.request(request);
const trips = counted.trips / 100;

await Promise.all([local.close(), shared.close(), alone.close()]);
client.disconnect();
await server.close();

const localUs = median(samples.map((each) => each.localUs));
const sharedUs = median(samples.map((each) => each.sharedUs));
const addedUs = median(samples.map((each) => each.sharedUs - each.localUs));
const isMet = addedUs <= LIMIT_US && trips <= 1;
if (options.json) console.log(JSON.stringify({ localUs, sharedUs, addedUs, trips, isMet }));
else {
  const us = (value: number): string => `${value.toFixed(1)} µs`;
  console.log(`a request with limits of its process ${us(localUs)}, with shared ones ${us(sharedUs)}`);
  console.log(`added: ${us(addedUs)} of at most ${LIMIT_US} µs: ${isMet ? 'met' : 'NOT MET'}`);
  console.log(`round trips that a request waits for: ${trips} of at most 1`);
}
process.exitCode = isMet ? 0 : 1;
