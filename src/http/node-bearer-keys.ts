import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../errors/index.ts';
import type { Visitor } from './doorkeeper.ts';

/** What fits in a header. */
const KEY = /^[\x21-\x7e]{1,512}$/;

/**
 * An `authorize` for fixed keys, sent as `Authorization: Bearer …`, or as `x-api-key` like Anthropic's older clients.
 *
 * Compares digests, all of them, each in constant time: how long it takes tells nothing of any key. Made for up to a
 * few hundred keys; look up more of them in a store, by their digest.
 *
 * @param keys - each key with the call options of whoever sends it, such as its tenant; or keys alone
 * @throws ConfigError when there is none, or one cannot be sent; no message holds a key
 *
 * @example
 * createHandler(pool, { authorize: bearerKeys({ [process.env.ACME_KEY!]: { tenant: 'acme' } }) });
 */
export function bearerKeys<Call extends object>(
  keys: Readonly<Record<string, Call>> | readonly string[],
): (visitor: Visitor) => Call | boolean {
  const entries: readonly (readonly [string, Call | true])[] = isList(keys)
    ? keys.map((key) => [key, true])
    : Object.entries(keys);
  if (entries.length === 0) throw new ConfigError('bearerKeys: needs at least one key');
  // An environment variable that is not set becomes a key by that name.
  if (!entries.every(([key]) => KEY.test(key) && key !== 'undefined')) {
    throw new ConfigError('bearerKeys: a key must be 1 to 512 visible ASCII characters, and not undefined');
  }
  // A secret of its own makes digests that nobody outside can compute.
  const secret = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  const known = entries.map(([key, call]) => ({ digest: digest(key), call }));
  return ({ headers }) => {
    const sent = digest(keyIn(headers));
    let found: Call | boolean = false;
    for (const each of known) if (timingSafeEqual(each.digest, sent)) found = each.call;
    return found;
  };
}

function keyIn(headers: Headers): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  return token ?? headers.get('x-api-key') ?? '';
}

function isList(keys: object): keys is readonly string[] {
  return Array.isArray(keys);
}
