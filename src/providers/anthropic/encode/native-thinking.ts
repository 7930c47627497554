import type { ReasoningEffort } from '../../../provider-kit/index.ts';
import type { Effort, ModelClass } from '../models/claude-model.ts';
import { budgetOfEffort, effortOfBudget, effortPlan } from './effort-plan.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import { nativeObject } from './native-fields.ts';
import { budgeted, type ThinkingChoice, type WireThinking } from './thinking-budget.ts';

/** Types of `thinking` that each class accepts (section 1.8). */
const ACCEPTED: Readonly<Record<ModelClass, readonly string[]>> = {
  A: ['adaptive'],
  A_preview: ['adaptive', 'enabled'],
  B: ['adaptive', 'between_tools'],
  C: ['adaptive', 'disabled'],
  D: ['adaptive', 'disabled'],
  E: ['adaptive', 'disabled'],
  F: ['adaptive', 'enabled', 'disabled'],
  G: ['enabled', 'disabled'],
  H: ['enabled', 'disabled'],
  I: [],
};

/**
 * The caller's own `thinking`, as this model takes it (TH-19). What the class refuses is rewritten to the nearest
 * thing it accepts, with a warning.
 *
 * @throws ProviderError `invalid_request` for a budget that is no number
 */
export function nativeThinking(
  context: EncodeContext,
  native: Readonly<Record<string, unknown>>,
  maxTokens: number,
  asked: ReasoningEffort | undefined,
): ThinkingChoice {
  const type = String(native['type']);
  const { modelClass } = context.model;
  if (!ACCEPTED[modelClass].includes(type)) return rewritten(context, native, type, maxTokens, asked);
  if (type !== 'enabled') return { thinking: { ...native, type }, effort: undefined };
  const thinking = budgeted(context, budgetOf(context, native), maxTokens, 'thinking.budget_tokens');
  return { thinking: thinking && { ...native, ...thinking }, effort: undefined };
}

/** A budget that is no number cannot be weakened into anything meaningful. */
function budgetOf(context: EncodeContext, native: Readonly<Record<string, unknown>>): number {
  const budget = native['budget_tokens'];
  if (typeof budget === 'number' && Number.isInteger(budget) && budget > 0) return budget;
  throw refusal(context, 'thinking.budget_tokens', 'invalid_value', 'expected a whole number of tokens');
}

/**
 * What comes closest to a type that the class refuses: budgets and efforts stand for each other, and "off"
 * is whatever TH-2 makes of it. A type nobody knows is left out.
 */
function rewritten(
  context: EncodeContext,
  native: Readonly<Record<string, unknown>>,
  type: string,
  maxTokens: number,
  asked: ReasoningEffort | undefined,
): ThinkingChoice {
  warn(
    context,
    'unsupported_value',
    'thinking.type',
    `this model does not take thinking "${type}"; rewritten`,
  );
  const { modelClass } = context.model;
  if (modelClass === 'I') return { thinking: undefined, effort: undefined };
  if (type === 'enabled') {
    const thinking = { type: 'adaptive', ...displayOf(native) };
    return { thinking, effort: effortOfBudget(budgetOf(context, native)) };
  }
  if (type === 'adaptive') {
    const budget = budgetOfEffort(nativeEffort(context) ?? effortOf(asked));
    return { thinking: budgeted(context, budget, maxTokens, 'thinking.type'), effort: undefined };
  }
  if (type !== 'disabled') return { thinking: undefined, effort: undefined };
  const plan = effortPlan(modelClass, 'none');
  return { thinking: plan.thinking && { type: plan.thinking }, effort: plan.effort };
}

/** The wish to see the reasoning survives the rewriting of its type. */
const displayOf = (native: Readonly<Record<string, unknown>>): Pick<WireThinking, 'display'> =>
  native['display'] == null ? {} : { display: native['display'] };

/** Adaptive thinking without a word about effort means the API's default, which is high. */
const effortOf = (asked: ReasoningEffort | undefined): Effort =>
  asked === undefined || asked === 'none' || asked === 'minimal' ? 'high' : asked;

/** All levels there are; which of them a model takes is `output-config.ts`'s business. */
const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'] satisfies readonly Effort[];

/** True for a value that `output_config.effort` can have. */
export function isEffort(value: unknown): value is Effort {
  return typeof value === 'string' && EFFORTS.includes(value);
}

/** The caller's own `output_config.effort`. */
export function nativeEffort(context: EncodeContext): Effort | undefined {
  const effort = nativeObject(context, 'output_config')?.['effort'];
  if (effort == null) return undefined;
  if (isEffort(effort)) return effort;
  throw refusal(context, 'output_config.effort', 'invalid_value', `expected one of ${EFFORTS.join(', ')}`);
}
