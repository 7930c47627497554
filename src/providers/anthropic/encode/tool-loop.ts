import { type EncodeContext, warn } from './encode-context.ts';
import type { ThinkingChoice } from './thinking-budget.ts';
import { isThinking, type Turn } from './turns.ts';

/**
 * Switches thinking by budget off for a request in the middle of a tool loop that has lost its reasoning (TH-10).
 *
 * The API would answer "Expected `thinking` or `redacted_thinking`, but found `tool_use`". Adaptive thinking has no
 * such rule, so that models which take both think adaptively instead; Mythos Preview cannot be switched off at all.
 */
export function settleToolLoop(
  context: EncodeContext,
  choice: ThinkingChoice,
  turns: readonly Turn[],
): ThinkingChoice {
  if (choice.thinking?.type !== 'enabled' || !lacksLoopThinking(turns)) return choice;
  const { budget_tokens: _, ...rest } = choice.thinking;
  if (['A_preview', 'F'].includes(context.model.modelClass)) {
    warn(context, 'unsupported_value', 'thinking.type', `${REASON}; thinking is adaptive for this request`);
    return { ...choice, thinking: { ...rest, type: 'adaptive' } };
  }
  const code = 'thinking_disabled_missing_blocks';
  warn(context, code, 'messages', `${REASON}; thinking is off for this request`);
  return { ...choice, thinking: { type: 'disabled' } };
}

const REASON = 'the running tool loop holds no signed thinking';

/**
 * True when the conversation ends in tool results, and no turn since the last real user turn has reasoning.
 */
export function lacksLoopThinking(turns: readonly Turn[]): boolean {
  const hasResult = (turn: Turn): boolean => turn.entries.some(({ block }) => block.type === 'tool_result');
  const last = turns.findLast((turn) => turn.role !== 'system');
  if (last?.role !== 'user' || !hasResult(last)) return false;
  const start = turns.findLastIndex((turn) => turn.role === 'user' && !hasResult(turn)) + 1;
  const loop = turns.slice(start).filter((turn) => turn.role === 'assistant');
  return !loop.some((turn) => turn.entries.some(({ block }) => isThinking(block)));
}
