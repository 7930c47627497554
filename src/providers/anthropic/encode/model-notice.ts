import type { ClaudeModel } from '../models/claude-model.ts';
import { resolveClaudeModel } from '../models/resolve-claude.ts';
import { type EncodeContext, refusal, warn } from './encode-context.ts';
import type { EncodeOptions } from './encode-options.ts';

/**
 * The model a request is sent to: the one asked for, or its successor where `retiredModels` says so
 * (MOD-4).
 */
export function targetModel(model: ClaudeModel, options: EncodeOptions): ClaudeModel {
  const { status, successor } = model.lifecycle;
  if (options.retiredModels !== 'remap' || status !== 'retired' || successor === undefined) return model;
  return resolveClaudeModel(successor) ?? model;
}

/**
 * Says what is to be known of the model (MOD-1, MOD-4, MOD-5).
 *
 * @param asked - the model before any remapping
 * @throws ProviderError `model_not_found` for a retired model when `retiredModels` is `reject`
 */
export function noticeModel(context: EncodeContext, asked: ClaudeModel): void {
  const { lifecycle } = asked;
  if (lifecycle.status === 'unknown') {
    warn(
      context,
      'unknown_model',
      'model',
      'not in the table of Claude models; its features are guessed by its name',
    );
  }
  if (lifecycle.status === 'deprecated') {
    warn(context, 'model_deprecated', 'model', `${asked.id} ${deprecation(asked)}${advice(asked)}`);
  }
  if (lifecycle.status !== 'retired') return;
  const told = `${asked.id} was retired on ${lifecycle.retired}`;
  if (context.options.retiredModels === 'reject') {
    throw refusal(context, 'model', 'model_retired', `${told}${advice(asked)}`, 'model_not_found');
  }
  if (context.model === asked) warn(context, 'model_retired', 'model', `${told}${advice(asked)}`);
  else warn(context, 'model_remapped', 'model', `${told}; sent to ${context.model.id}`);
}

/** Not every deprecated model has published dates. */
function deprecation({ lifecycle }: ClaudeModel): string {
  if (lifecycle.deprecated === undefined) return 'is deprecated';
  const until = lifecycle.retires === undefined ? '' : ` and retires on ${lifecycle.retires}`;
  return `is deprecated since ${lifecycle.deprecated}${until}`;
}

/** Names what to use: the recommended model first, because Anthropic tested it as a drop-in (4.3). */
function advice({ lifecycle: { successor, preferred } }: ClaudeModel): string {
  if (successor === undefined) return '';
  return `; use ${successor}${preferred === undefined ? '' : ` or ${preferred}`}`;
}
