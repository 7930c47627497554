import { createHash, randomBytes } from 'node:crypto';

/**
 * Id of a queued request: 43 letters, digits, `-` and `_`, whatever the key is made of. BullMQ takes no colon.
 *
 * Without a key nobody can guess it; with one whoever knows tenant and key can work it out.
 */
export function overflowId(tenant: string | undefined, key: string | undefined): string {
  if (key === undefined) return randomBytes(32).toString('base64url');
  // As JSON, where no tenant and key look like another pair.
  return createHash('sha256')
    .update(JSON.stringify([tenant ?? null, key]))
    .digest('base64url');
}

/** Any other text could name another key of the queue. */
export function isOverflowId(id: unknown): id is string {
  return typeof id === 'string' && /^[\w-]{43}$/.test(id);
}
