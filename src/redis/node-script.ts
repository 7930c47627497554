import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client.ts';

/** A script that is sent once to each server, and by its digest from then on. */
export class Script {
  readonly #source: string;
  readonly #digest: string;

  constructor(source: string) {
    this.#source = source;
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  /** One round trip, but for the first on a server, and after that has lost its scripts. */
  async run(client: RedisClient, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#digest, keys, args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await client.eval(this.#source, keys, args);
    }
  }
}
