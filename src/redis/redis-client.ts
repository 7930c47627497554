/** What is asked of a client of Redis: to run a script, whole or by its SHA-1. Anything that can is one. */
export interface RedisClient {
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  evalsha(digest: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

/** The part of `ioredis` that is used: of `Redis`, or of `Cluster`. */
export interface IoRedis {
  eval(script: string, count: number, ...keysAndArgs: string[]): Promise<unknown>;
  evalsha(digest: string, count: number, ...keysAndArgs: string[]): Promise<unknown>;
}

/** The part of `redis` (node-redis) that is used, connected. */
export interface NodeRedis {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(digest: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A client of `ioredis`. Calls of one tick leave in one write. */
export function ioredis(client: IoRedis): RedisClient {
  return {
    eval: (script, keys, args) => client.eval(script, keys.length, ...keys, ...args),
    evalsha: (digest, keys, args) => client.evalsha(digest, keys.length, ...keys, ...args),
  };
}

/** A client of `redis`. Calls of one tick leave in one write. */
export function nodeRedis(client: NodeRedis): RedisClient {
  return {
    eval: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    evalsha: (digest, keys, args) => client.evalSha(digest, { keys: [...keys], arguments: [...args] }),
  };
}
