import { isRecord } from '../../../provider-kit/index.ts';
import type { WireBlock } from './claude-wire.ts';

/**
 * The blocks of reasoning that the API would take back (TH-12).
 *
 * An empty text with a signature is valid and must be kept. Without a signature a block is dropped: sent as it is
 * it is a 400, sent as text it would show the reasoning to everybody.
 */
export function signedOnly(blocks: readonly WireBlock[]): readonly WireBlock[] {
  return blocks.filter(isSigned);
}

/** True for what the API itself once returned: redacted reasoning is its own signature. */
function isSigned(block: WireBlock): boolean {
  if (block.type === 'redacted_thinking') return isFilled(block['data']);
  return block.type === 'thinking' && typeof block['thinking'] === 'string' && isFilled(block['signature']);
}

/** Signed blocks from OpenRouter's `reasoning_details`. */
export function signedDetails(details: readonly unknown[]): readonly WireBlock[] {
  return details.flatMap((detail): readonly WireBlock[] => {
    if (!isRecord(detail)) return [];
    const { type, text, signature, data } = detail;
    if (type === 'reasoning.encrypted' && isFilled(data)) return [{ type: 'redacted_thinking', data }];
    if (type !== 'reasoning.text' || !isFilled(signature)) return [];
    return [{ type: 'thinking', thinking: typeof text === 'string' ? text : '', signature }];
  });
}

/** Proxies send empty strings for what they do not know. */
function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
