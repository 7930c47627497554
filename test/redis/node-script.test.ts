import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Script } from '../../src/redis/node-script.ts';
import type { RedisClient } from '../../src/redis/redis-client.ts';

const source = "return redis.call('PING')";

/** A server that knows scripts by their digest once it has seen them, as Redis does. */
function server(failure?: Error): RedisClient & { readonly calls: string[]; flush(): void } {
  const known = new Set<string>();
  const calls: string[] = [];
  return {
    calls,
    flush: () => known.clear(),
    async eval(script) {
      calls.push('eval');
      known.add(createHash('sha1').update(script).digest('hex'));
      return 'PONG';
    },
    async evalsha(digest) {
      calls.push('evalsha');
      if (failure) throw failure;
      if (!known.has(digest)) throw new Error('NOSCRIPT No matching script. Please use EVAL.');
      return 'PONG';
    },
  };
}

describe('a script', () => {
  it('is sent whole once, and by its digest from then on', async () => {
    const script = new Script(source);
    const client = server();
    for (let index = 0; index < 3; index += 1) expect(await script.run(client, ['k'], [])).toBe('PONG');
    expect(client.calls).toEqual(['evalsha', 'eval', 'evalsha', 'evalsha']);
  });

  it('R4: is sent again to a server that has lost it', async () => {
    const script = new Script(source);
    const client = server();
    await script.run(client, [], []);
    client.flush();
    expect(await script.run(client, [], [])).toBe('PONG');
    expect(client.calls.slice(-2)).toEqual(['evalsha', 'eval']);
  });

  it.each(['READONLY You can not write against a read only replica.', 'CLUSTERDOWN The cluster is down'])(
    'R11: hands on what else the server says: %s',
    async (message) => {
      const client = server(new Error(message));
      await expect(new Script(source).run(client, [], [])).rejects.toThrow(message);
      expect(client.calls).toEqual(['evalsha']);
    },
  );
});
