/** Marks signatures of this upstream, so that a test may use any other word as a signature of its own. */
const PREFIX = 'EpUpstream';

/** What a thinking block is signed with: enough of a hash to notice that a block was changed on its way. */
export function signatureOf(thinking: string): string {
  return `${PREFIX}${fingerprint(thinking)}`;
}

/** True when a block that came back is not the block that was sent. Signatures of others are not judged. */
export function isForged(thinking: string, signature: string): boolean {
  return signature.startsWith(PREFIX) && signature !== signatureOf(thinking);
}

/**
 * A short name for a text: FNV-1a, 32 bits, as 8 hex digits.
 *
 * Good for telling texts apart, not for security: many texts share a name, so the text cannot be had back from it.
 */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
