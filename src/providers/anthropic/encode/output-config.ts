import { classFacts, type Effort } from '../models/claude-model.ts';
import { requireBeta } from './beta-names.ts';
import { type EncodeContext, warn } from './encode-context.ts';
import { nativeObject, nativePath } from './native-fields.ts';
import { nativeEffort } from './native-thinking.ts';
import type { ThinkingChoice } from './thinking-budget.ts';

/** An object of the caller's, not yet checked. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * `output_config`: the answer's format and the effort; the caller's own object wins over both (RF-14, TH-19).
 *
 * @param format - what `response_format` became
 */
export function outputConfig(
  context: EncodeContext,
  format: Fields | undefined,
  choice: ThinkingChoice,
): Fields | undefined {
  const { effort: _, ...own } = nativeObject(context, 'output_config') ?? {};
  // The retired beta field of the same meaning.
  const outdated = nativeObject(context, 'output_format');
  const effort = legalEffort(context, choice);
  if (own['task_budget'] != null) requireBeta(context, 'field', 'task_budget');
  const config = {
    ...(format && { format }),
    ...(outdated && { format: outdated }),
    ...(effort && { effort }),
    ...own,
  };
  return Object.keys(config).length > 0 ? config : undefined;
}

/** The effort as far as the class takes it; a level too high is cut, since less thinking still answers. */
function legalEffort(context: EncodeContext, choice: ThinkingChoice): Effort | undefined {
  const native = nativeEffort(context);
  const effort = native ?? choice.effort;
  if (effort === undefined) return undefined;
  const { modelClass } = context.model;
  const levels = classFacts[modelClass].efforts;
  const param = native === undefined ? 'reasoning_effort' : `${nativePath(context, 'output_config')}.effort`;
  if (levels.length === 0) {
    warn(context, 'unsupported_parameter', param, 'this model has no effort; not sent');
    return undefined;
  }
  // Thinking may be limited up to effort high only, but for Sonnet 5, which may switch it off at any.
  const type = choice.thinking?.type;
  const isLimited = type === 'between_tools' || (type === 'disabled' && modelClass === 'C');
  const isTooHigh = isLimited && (effort === 'xhigh' || effort === 'max');
  if (levels.includes(effort) && !isTooHigh) return effort;
  warn(context, 'clamped', param, 'the highest effort accepted here is high');
  return 'high';
}
