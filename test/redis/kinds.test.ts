import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { memoryStore } from 'runestone';
import { ioredis, redisStore } from 'runestone/redis';
import { describe, expect, inject, it } from 'vitest';
import { redisBinary, startRedis } from './server.ts';

const has = inject('redis') !== '';

/** A port that nobody has, for a moment at least. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const day = {
  name: 'budget/day/a}b{c/ü',
  limit: 9e15,
  span: { kind: 'periods', starts: [1, 4e12] },
} as const;

describe.skipIf(!has).concurrent('a server that is', () => {
  it('a cluster: the keys of one account lie in one slot, those of others elsewhere', async () => {
    // Above this there is no room for the port of its bus.
    const port = (await freePort()) % 50_000 || 7_000;
    const flags = ['--cluster-enabled', 'yes', '--port', `${port}`, '--bind', '127.0.0.1'];
    const server = await startRedis(redisBinary() ?? '', undefined, flags);
    const client = new Redis(server.path);
    try {
      await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'))
        await new Promise((resolve) => setTimeout(resolve, 20));
      const store = redisStore(ioredis(client));
      const take = { account: day, id: 'x', amount: 7e15, leaseMs: 1_000 };
      expect(await store.take(take)).toMatchObject({ granted: true, total: 7e15 });
      await store.settle(day, 'x', 3e15 + 1);
      expect(await store.take({ ...take, id: 'y', amount: 0 })).toMatchObject({ total: 3e15 + 1 });
      await store.mark('m', 5_000);
      const slots = new Set<unknown>();
      for (let index = 0; index < 50; index += 1) {
        const name = `tenant ${index}`;
        await store.take({ ...take, account: { ...day, name } });
        slots.add(await client.call('CLUSTER', 'KEYSLOT', `runestone:{${encodeURIComponent(name)}}:a`));
      }
      expect(slots.size).toBeGreaterThan(45);
    } finally {
      client.disconnect();
      await server.close();
    }
  });

  it('R11: a replica, says so, and is of no use: also where only a mark is made', async () => {
    const server = await startRedis(redisBinary() ?? '', undefined, ['--replicaof', '127.0.0.1', '1']);
    const client = new Redis(server.path);
    try {
      const store = redisStore(ioredis(client));
      await expect(store.take({ account: day, id: 'x', amount: 1, leaseMs: 1 })).rejects.toThrow(
        /READONLY|MASTERDOWN/,
      );
      await expect(store.mark('m', 1)).rejects.toThrow(/READONLY|MASTERDOWN/);
    } finally {
      client.disconnect();
      await server.close();
    }
  });
});

describe('large sums', () => {
  it('are as exact in memory', async () => {
    const store = memoryStore();
    await store.take({ account: day, id: 'x', amount: 7e15, leaseMs: 1_000 });
    await store.settle(day, 'x', 3e15 + 1);
    expect((await store.take({ account: day, id: 'y', amount: 0, leaseMs: 1 })).total).toBe(3e15 + 1);
  });
});
