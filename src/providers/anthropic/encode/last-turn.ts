import { textEntry } from './content-parts.ts';
import type { Conversation } from './conversation.ts';
import { type EncodeContext, refusal } from './encode-context.ts';
import { nativeField } from './native-fields.ts';
import type { Turn } from './turns.ts';

/** What else of the request bears on a conversation that ends with the assistant. */
export interface PrefillFacts {
  /** Thinking with a budget is on. */
  readonly thinks: boolean;
  /** A schema constrains the answer. */
  readonly hasFormat: boolean;
}

/**
 * Settles a conversation that ends with the assistant: a paused answer goes back as it is (MSG-19), a beginning
 * goes to models that continue one, without trailing white space; others refuse it or are asked in words (MSG-18).
 *
 * @throws ProviderError `invalid_request` where the model cannot continue, or cannot while it thinks (TH-10) or answers by schema (RF-9)
 */
export function settleLastTurn(
  context: EncodeContext,
  conversation: Conversation,
  facts: PrefillFacts,
): void {
  const { turns, isPaused } = conversation;
  const last = turns.at(-1);
  if (last?.role !== 'assistant' || isPaused) return;
  // A credit token authorizes the one prefill that continues a refused answer.
  const isRedeemed = nativeField(context, 'fallback_credit_token') !== undefined;
  if (context.model.prefill || isRedeemed) {
    refusePrefillWith(context, facts);
    trimEnd(last);
    return;
  }
  if (prefillOption(context) !== 'convert') {
    throw refusal(
      context,
      lastPath(context),
      'unsupported_value',
      'this model cannot continue an assistant message; end with a user message',
    );
  }
  turns.push({ role: 'user', entries: [textEntry(continuation(last), lastPath(context))] });
}

/** The message that a refusal is about. */
const lastPath = (context: EncodeContext): string => `messages[${context.request.messages.length - 1}]`;

/** The request's own word wins. Only the bag is looked at: `prefill` means nothing at the top level. */
function prefillOption(context: EncodeContext): unknown {
  return nativeField(context, 'prefill', 'bag') ?? context.options.prefill ?? 'reject';
}

/** Neither thinking by budget (TH-10) nor constrained output (RF-9) can begin in the middle of an answer. */
function refusePrefillWith(context: EncodeContext, { thinks, hasFormat }: PrefillFacts): void {
  if (!thinks && !hasFormat) return;
  const what = thinks ? 'while thinking is on' : 'together with a JSON schema';
  throw refusal(
    context,
    lastPath(context),
    'unsupported_value',
    `an assistant message cannot be continued ${what}; end with a user message`,
  );
}

/**
 * "Final assistant content cannot end with trailing whitespace" is a 400, and a block of white space alone is one
 * too. What is left empty is taken out with all empty texts, when the turn is finished.
 */
function trimEnd({ entries }: Turn): void {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    const text = entry?.block['text'];
    if (entry?.block.type !== 'text' || typeof text !== 'string') return;
    const trimmed = text.trimEnd();
    if (trimmed !== text) entries[index] = { ...entry, block: { ...entry.block, text: trimmed } };
    if (trimmed !== '') return;
  }
}

/**
 * The form of recovery that Anthropic documents: quote what there is and ask for the rest. Static but for the
 * quotation, so that the same request is translated the same way (T-10).
 */
function continuation(turn: Turn): string {
  const texts = turn.entries.map(({ block }) => (block.type === 'text' ? String(block['text']) : ''));
  return [
    'Your previous answer was interrupted and ended with the text between the tags.',
    `<partial_answer>${texts.join('')}</partial_answer>`,
    'Continue exactly where it stops, without repeating it.',
  ].join('\n');
}
