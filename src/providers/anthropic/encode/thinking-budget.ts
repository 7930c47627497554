import type { Effort } from '../models/claude-model.ts';
import { type EncodeContext, warn } from './encode-context.ts';

/** `thinking` as the Messages API takes it. */
export interface WireThinking {
  readonly type: string;
  readonly budget_tokens?: number;
  readonly display?: unknown;
  readonly [field: string]: unknown;
}

/** How the model is asked to think. */
export interface ThinkingChoice {
  readonly thinking: WireThinking | undefined;
  readonly effort: Effort | undefined;
}

/**
 * Thinking by budget within the caller's cap, which counts it like OpenAI's does; the cap is never raised (TH-9).
 *
 * @returns `undefined` where fewer than 1,024 tokens, the API's minimum, would remain
 */
export function budgeted(
  context: EncodeContext,
  budgetTokens: number,
  maxTokens: number,
  param: string = 'reasoning_effort',
): WireThinking | undefined {
  const budget = Math.min(budgetTokens, maxTokens - 1);
  if (budget >= 1024) return { type: 'enabled', budget_tokens: budget };
  warn(context, 'thinking_disabled', param, 'thinking needs at least 1,024 tokens of the cap; switched off');
  return undefined;
}
