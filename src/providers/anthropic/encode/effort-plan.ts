import type { ReasoningEffort } from '../../../provider-kit/index.ts';
import type { Effort, ModelClass } from '../models/claude-model.ts';

/** What one value of `reasoning_effort` means for one class of models. */
export interface EffortPlan {
  readonly thinking?: 'adaptive' | 'between_tools' | 'disabled';
  /** Tokens to think with, before the cap of the answer is looked at (TH-9). */
  readonly budgetTokens?: number;
  readonly effort?: Effort;
  /** Why the model gets something else than was asked for. */
  readonly notice?: { readonly code: 'clamped' | 'unsupported_value'; readonly message: string };
}

/** Budgets of the classes that know no effort. */
const BUDGET_TOKENS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 4096,
  high: 16_000,
  xhigh: 32_000,
  max: 32_000,
};

/** Class A answers 400 to `thinking: disabled`, so that thinking little is the nearest thing (D-18). */
const ALWAYS_THINKS = {
  code: 'unsupported_value',
  message: 'this model always thinks; sent as low effort',
} as const;
/** "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium." */
const NO_XHIGH = { code: 'clamped', message: 'this model has no xhigh effort; sent as high' } as const;
/** The 3 and 3.5 models, where any `thinking` is a 400. */
const NEVER_THINKS = { code: 'unsupported_value', message: 'this model cannot think; not sent' } as const;

/** The table of section 1.8, rows TH-2 to TH-8. `reasoning_effort` absent is the caller's business (TH-1). */
export function effortPlan(modelClass: ModelClass, asked: ReasoningEffort): EffortPlan {
  if (asked === 'none') return withoutThinking(modelClass);
  const effort: Effort = asked === 'minimal' ? 'low' : asked;
  switch (modelClass) {
    case 'A':
    case 'A_preview':
      return asked === 'minimal' ? { effort, notice: ALWAYS_THINKS } : { effort };
    case 'B':
    case 'C':
    case 'D':
      return { effort };
    case 'E':
      return { thinking: 'adaptive', effort };
    case 'F':
      if (effort === 'xhigh') return { thinking: 'adaptive', effort: 'high', notice: NO_XHIGH };
      return { thinking: 'adaptive', effort };
    case 'G':
    case 'H':
      return { budgetTokens: BUDGET_TOKENS[asked] };
    case 'I':
      return { notice: NEVER_THINKS };
  }
}

/** Row TH-2. Classes E to I do not think unless they are asked to, so that saying nothing is enough there. */
function withoutThinking(modelClass: ModelClass): EffortPlan {
  switch (modelClass) {
    case 'A':
    case 'A_preview':
      return { effort: 'low', notice: ALWAYS_THINKS };
    case 'B':
      return { thinking: 'between_tools' };
    case 'C':
    case 'D':
      return { thinking: 'disabled' };
    default:
      return {};
  }
}

/** The effort that stands for a budget where budgets are not taken any more (TH-19). */
export function effortOfBudget(budgetTokens: number): Effort {
  if (budgetTokens <= 2048) return 'low';
  if (budgetTokens <= 8192) return 'medium';
  return budgetTokens <= 24_000 ? 'high' : 'xhigh';
}

/** The budget that stands for an effort where effort is not taken yet. */
export function budgetOfEffort(effort: Effort): number {
  return BUDGET_TOKENS[effort];
}
