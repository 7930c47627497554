import type { ThinkingBlock } from '../../chat/events.ts';
import { isRecord } from '../../chat/json.ts';

/** Ours, and how it is written. What other servers encrypted means nothing here. */
const MARK = 'runestone/1:';

/**
 * A signed block of reasoning as `encrypted_content` of a reasoning item. Clients keep that as it is and send it back,
 * which is all that a block needs to stay valid (TH-12); it is not encrypted by us.
 */
export function toEncrypted(block: ThinkingBlock): string {
  return MARK + JSON.stringify(block);
}

/** The block in it; `undefined` for anything that is none of ours. */
export function fromEncrypted(content: unknown): ThinkingBlock | undefined {
  if (typeof content !== 'string' || !content.startsWith(MARK)) return undefined;
  try {
    return thinkingBlock(JSON.parse(content.slice(MARK.length)));
  } catch {
    return undefined;
  }
}

/** Rebuilt field by field: the client may have sent anything under our mark, and Claude refuses what it does not know. */
function thinkingBlock(value: unknown): ThinkingBlock | undefined {
  if (!isRecord(value)) return undefined;
  const { type, thinking, signature, data } = value;
  if (type === 'redacted_thinking' && typeof data === 'string') return { type, data };
  if (type !== 'thinking' || typeof thinking !== 'string' || typeof signature !== 'string') return undefined;
  return { type, thinking, signature };
}
