import { ProviderError } from '../../../provider-kit/index.ts';
import type { ClaudeModel } from './claude-model.ts';
import { activeModels, firstGeneration, retiredModels } from './data.ts';
import { guessClaudeModel } from './pattern.ts';

/** Prefixes by which other gateways mark Anthropic's models. */
const PREFIX = /^(?:anthropic|claude)\//i;

/** Claude 1 and Instant, whose many ids are not worth a row each. */
const FIRST_GENERATION = /^claude-(?:1|instant)(?:-|$)/;

/** Dots and dashes are equal and case does not matter (MOD-2). */
const canonical = (name: string): string => name.toLowerCase().replaceAll('.', '-');

/** Ids and aliases in canonical form. No two rows share one; a test holds that. */
const byName: ReadonlyMap<string, ClaudeModel> = new Map(
  [...activeModels, ...retiredModels].flatMap((model) =>
    [model.id, ...model.aliases].map((name) => [canonical(name), model] as const),
  ),
);

/**
 * The facts of a Claude model by id, alias or prefixed name (MOD-1).
 *
 * An id the table does not list resolves by pattern, with `lifecycle.status` `unknown`.
 *
 * @returns `undefined` when the name is not a Claude model
 */
export function resolveClaudeModel(name: string): ClaudeModel | undefined {
  const bare = name.replace(PREFIX, '');
  const key = canonical(bare);
  const listed = byName.get(key);
  if (listed) return listed;
  if (FIRST_GENERATION.test(key)) return { ...firstGeneration, id: bare };
  return guessClaudeModel(bare);
}

/**
 * The facts of a Claude model, for a caller who needs one.
 *
 * @throws ProviderError `model_not_found` when the name is not a Claude model
 */
export function requireClaudeModel(name: string, provider: string): ClaudeModel {
  const model = resolveClaudeModel(name);
  if (model) return model;
  throw new ProviderError({
    code: 'model_not_found',
    provider,
    message: 'not a Claude model; use an id such as claude-sonnet-5-5, without suffixes',
    param: 'model',
    reason: 'model_not_found',
    retryable: false,
  });
}
