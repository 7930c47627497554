import { isRecord, type JsonObject, tokenCount, type Usage } from '../../../provider-kit/index.ts';
import { canBeWritten } from './can-be-written.ts';

/** Figures that have a bucket of ours, or say the same thing once more. */
const KNOWN: ReadonlySet<string> = new Set([
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'prompt_tokens_details',
  'completion_tokens_details',
  'prompt_cache_hit_tokens',
  'prompt_cache_miss_tokens',
  'cached_tokens',
  'reasoning_tokens',
]);

/** Tiers that are the ordinary price under various names. */
const ORDINARY_TIERS: ReadonlySet<string> = new Set(['', 'auto', 'default', 'standard', 'on_demand']);

/**
 * A host's usage in our disjoint buckets; `undefined` when it says nothing that can be trusted.
 *
 * @param serviceTier - as the answer names it; it may change the price
 */
export function readUsage(usage: JsonObject, serviceTier: unknown): Usage | undefined {
  const prompt = tokenCount(usage['prompt_tokens']);
  const completion = tokenCount(usage['completion_tokens']);
  // A prompt of nothing is a placeholder, as some hosts put into every chunk (USE-7).
  if (!prompt && !completion) return undefined;
  const cacheRead = cachedTokens(usage);
  const cacheWrite = detail(usage, 'prompt_tokens_details', 'cache_write_tokens');
  const { input, output } = disjoint(usage, prompt, completion, (cacheRead ?? 0) + (cacheWrite ?? 0));
  const reasoning = reasoningTokens(usage);
  const tier = typeof serviceTier === 'string' && !ORDINARY_TIERS.has(serviceTier) ? serviceTier : undefined;
  const audioInput = detail(usage, 'prompt_tokens_details', 'audio_tokens');
  const audioOutput = detail(usage, 'completion_tokens_details', 'audio_tokens');
  const further = furtherFigures(usage);
  return {
    ...(input !== undefined && { inputTokens: input }),
    ...(cacheRead !== undefined && { cacheReadTokens: cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite5mTokens: cacheWrite }),
    ...(output !== undefined && { outputTokens: output }),
    ...(reasoning !== undefined && reasoning <= (output ?? reasoning) && { reasoningTokens: reasoning }),
    // Most hosts say 0 of what they cannot do; it is told where there was some.
    ...(audioInput && { audioInputTokens: audioInput }),
    ...(audioOutput && { audioOutputTokens: audioOutput }),
    ...(tier !== undefined && { modifiers: { serviceTier: tier } }),
    ...(further && { providerSpecific: further }),
  };
}

/**
 * Input without what was cached, and all of the output.
 *
 * OpenAI counts cached tokens inside the prompt and reasoning inside the completion. What a total has over both
 * is either the cache that a host counts beside the prompt (BUG-14), or reasoning that xAI and Gemini count beside
 * the completion.
 */
function disjoint(
  usage: JsonObject,
  prompt: number | undefined,
  completion: number | undefined,
  cached: number,
): { readonly input: number | undefined; readonly output: number | undefined } {
  if (prompt === undefined || completion === undefined) return { input: prompt, output: completion };
  const over = (tokenCount(usage['total_tokens']) ?? 0) - prompt - completion;
  const isBeside = cached > prompt || (over > 0 && over === cached);
  return {
    input: isBeside ? prompt : prompt - cached,
    output: isBeside ? completion : completion + Math.max(0, over),
  };
}

/** OpenAI's place; DeepSeek's; Moonshot's. */
function cachedTokens(usage: JsonObject): number | undefined {
  return (
    detail(usage, 'prompt_tokens_details', 'cached_tokens') ??
    tokenCount(usage['prompt_cache_hit_tokens']) ??
    tokenCount(usage['cached_tokens'])
  );
}

/** OpenAI's place; Perplexity's. */
function reasoningTokens(usage: JsonObject): number | undefined {
  return (
    detail(usage, 'completion_tokens_details', 'reasoning_tokens') ?? tokenCount(usage['reasoning_tokens'])
  );
}

function detail(usage: JsonObject, group: string, name: string): number | undefined {
  const details = usage[group];
  return isRecord(details) ? tokenCount(details[name]) : undefined;
}

/** Costs, searches and seconds, carried as they came. */
function furtherFigures(usage: JsonObject): JsonObject | undefined {
  const further = Object.entries(usage).filter(([name, value]) => !KNOWN.has(name) && value !== null);
  const figures = Object.fromEntries(further);
  return further.length > 0 && canBeWritten(figures) ? figures : undefined;
}
