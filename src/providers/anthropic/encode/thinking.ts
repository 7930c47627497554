import type { ReasoningEffort } from '../../../provider-kit/index.ts';
import { isRecord } from '../../../provider-kit/index.ts';
import { requireBeta } from './beta-names.ts';
import { type EffortPlan, effortPlan } from './effort-plan.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { nativeField, nativeObject } from './native-fields.ts';
import { nativeThinking } from './native-thinking.ts';
import { budgeted, type ThinkingChoice, type WireThinking } from './thinking-budget.ts';

/** The thinking and effort to send, before the conversation has been looked at (TH-1 to TH-11, TH-19). */
export function chooseThinking(context: EncodeContext, maxTokens: number): ThinkingChoice {
  const { model } = context;
  const asked = effortAsked(context);
  const plan = asked === undefined ? {} : effortPlan(model.modelClass, asked);
  const native = nativeObject(context, 'thinking');
  if (native) {
    const choice = nativeThinking(context, native, maxTokens, asked);
    return { thinking: withDisplay(context, choice.thinking), effort: choice.effort ?? plan.effort };
  }
  notice(context, plan, asked);
  const thinking =
    plan.budgetTokens === undefined ? named(plan) : budgeted(context, plan.budgetTokens, maxTokens);
  return { thinking: withDisplay(context, thinking), effort: plan.effort };
}

/**
 * The effort that is asked of Claude: none, when the bag says `null`. A request in Claude's own words has said all by
 * `thinking` and `output_config`, and names an effort for other hosts only.
 */
function effortAsked({ request }: EncodeContext): ReasoningEffort | undefined {
  const { anthropic: bag, reasoning_effort: asked } = request;
  return isRecord(bag) && bag['reasoning_effort'] === null ? undefined : (asked ?? undefined);
}

/** Says why the model thinks otherwise than it was asked to. */
function notice(context: EncodeContext, plan: EffortPlan, asked: ReasoningEffort | undefined): void {
  if (plan.notice && asked) warn(context, plan.notice.code, 'reasoning_effort', plan.notice.message);
}

/** A plan's thinking as the API spells it. */
const named = ({ thinking }: EffortPlan): WireThinking | undefined =>
  thinking === undefined ? undefined : { type: thinking };

/** True when readable reasoning that comes is to be told: where it is asked for, or the bag wants what there is. */
export function exposesReasoning(context: EncodeContext): boolean {
  return nativeField(context, 'include_reasoning', 'bag') === 'when_sent' || asksForReasoning(context);
}

/** True when upstream is asked for readable reasoning; the request's own word wins over the option (TH-11). */
function asksForReasoning(context: EncodeContext): boolean {
  const { request, options } = context;
  const include = nativeField(context, 'include_reasoning');
  if (typeof include === 'boolean') return include;
  if (include === 'when_sent') return false;
  const exclude = isRecord(request['reasoning']) ? request['reasoning']['exclude'] : undefined;
  return typeof exclude === 'boolean' ? !exclude : (options.exposeReasoning ?? false);
}

/** Asks for a readable summary where the model thinks anyway; never switches thinking on (TH-11). */
function withDisplay(context: EncodeContext, thinking: WireThinking | undefined): WireThinking | undefined {
  const thinksByItself = ['A', 'A_preview', 'B', 'C', 'D'].includes(context.model.modelClass);
  const drops = context.options.thinkingMismatch === 'drop_block' && context.model.boundThinking;
  const wantsObject = thinksByItself && (asksForReasoning(context) || drops);
  const base = thinking ?? (wantsObject ? { type: 'adaptive' } : undefined);
  if (base?.type !== 'adaptive' && base?.type !== 'enabled') return base;
  if (base.display === 'updates') requireBeta(context, 'field', 'display_updates');
  if (drops) requireBeta(context, 'field', 'block_binding');
  return {
    ...base,
    ...(base.display == null && asksForReasoning(context) && { display: 'summarized' }),
    // Upstream then drops blocks that do not fit the history, instead of answering 400 (TH-16).
    ...(drops && { block_binding: { prefix_mismatch_behavior: 'drop_block' } }),
  };
}
