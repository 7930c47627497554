import type { ChatEncodeOptions } from './chat-context.ts';
import { isNamed } from './model-pattern.ts';

/** True when the model is one that refuses sampling parameters while it reasons (4.5, quirk `reasoningModels`). */
export function reasons({
  model,
  spec,
  quirks,
}: Pick<ChatEncodeOptions, 'model' | 'spec' | 'quirks'>): boolean {
  // `gpt-5-chat` and its like have the name, and not the rule.
  if (spec?.capabilities?.reasoning === false) return false;
  return isNamed(model, quirks.reasoningModels ?? []);
}
