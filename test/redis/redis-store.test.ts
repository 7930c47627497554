import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { ioredis, nodeRedis, redisStore } from 'runestone/redis';
import { stateStoreConformance } from 'runestone/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const path = inject('redis');

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let runs = 0;

describe.skipIf(path === '')('a store on Redis', () => {
  describe('by ioredis', () => {
    let clients: Redis[];
    beforeAll(() => {
      clients = [new Redis(path), new Redis(path)];
    });
    afterAll(() => Promise.all(clients.map((client) => client.quit())));

    const open = async () => {
      const prefix = `io${runs++}`;
      const [here, there] = clients;
      if (!here || !there) throw new Error('no clients');
      const storeOf = (client: Redis) => redisStore(ioredis(client), { prefix });
      const forget = async (): Promise<void> => {
        const keys = await here.keys(`${prefix}:*`);
        await here.del(...keys);
        await here.script('FLUSH');
      };
      return { stores: [storeOf(here), storeOf(there)] as const, pass: sleep, forget };
    };

    for (const { name, run } of stateStoreConformance(open)) it.concurrent(name, run);

    it('leaves no key without an end', async () => {
      const [client] = clients;
      const keys = (await client?.keys('io*')) ?? [];
      for (const key of keys) expect(await client?.pttl(key)).toBeGreaterThan(0);
      const day = keys.find((key) => key.endsWith('{d}:a'));
      expect(await client?.pttl(day ?? ''), 'a period is remembered to its end').toBeGreaterThan(1e11);
    });
  });

  describe('by node-redis', () => {
    const client = createClient({ socket: { path, tls: false } });
    beforeAll(async () => {
      await client.connect();
    });
    afterAll(() => client.close());

    const open = async () => {
      const prefix = `node${runs++}`;
      const store = redisStore(nodeRedis(client), { prefix });
      return { stores: [store, store] as const, pass: sleep };
    };

    for (const { name, run } of stateStoreConformance(open)) it.concurrent(name, run);
  });

  it('R10: a name cannot leave its hash tag, nor say a command', async () => {
    const client = new Redis(path);
    const store = redisStore(ioredis(client), { prefix: 'hostile' });
    await store.mark('a}b\r\nFLUSHALL', 5_000);
    expect(await client.keys('hostile*')).toEqual(['hostile:{a%7Db%0D%0AFLUSHALL}:m']);
    await client.quit();
  });
});
