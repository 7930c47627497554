import { createHash } from 'node:crypto';
import type { AttemptContext } from '../pipeline/middleware.ts';

/** Hexadecimal digits of a digest: enough to tell keys apart, useless to whoever wants to use one. */
const DIGEST_LENGTH = 12;

/** What the ledger calls the key of an attempt: its provider's label for it, or a digest of the caller's own key. */
export function keyLabelOf({
  request: { apiKey },
  target: { provider, key },
}: Pick<AttemptContext, 'request' | 'target'>): string | undefined {
  if (!apiKey) return provider.keys?.[key];
  const digest = createHash('sha256').update(apiKey.reveal()).digest('hex');
  return `own:${digest.slice(0, DIGEST_LENGTH)}`;
}
