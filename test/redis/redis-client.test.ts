import { ioredis, nodeRedis } from 'runestone/redis';
import { describe, expect, it } from 'vitest';

/** A client that says how it was called. */
const echo = (...given: unknown[]): Promise<unknown> => Promise.resolve(given);

describe('a client', () => {
  it('of ioredis is given the number of keys, and all in a row', async () => {
    const client = ioredis({ eval: echo, evalsha: echo });
    expect(await client.eval('return 1', ['k', 'l'], ['a'])).toEqual(['return 1', 2, 'k', 'l', 'a']);
    expect(await client.evalsha('abc', ['k'], [])).toEqual(['abc', 1, 'k']);
  });

  it('of node-redis is given keys and arguments apart', async () => {
    const client = nodeRedis({ eval: echo, evalSha: echo });
    expect(await client.eval('return 1', ['k'], ['a'])).toEqual([
      'return 1',
      { keys: ['k'], arguments: ['a'] },
    ]);
    expect(await client.evalsha('abc', [], ['a', 'b'])).toEqual(['abc', { keys: [], arguments: ['a', 'b'] }]);
  });
});
