/**
 * Tokens in disjoint buckets: no token is counted in two of them. An unknown number is absent, never 0.
 *
 * Normalised at the provider's edge, because the wires disagree: Anthropic's `input_tokens` leaves cached
 * tokens out, OpenAI's `prompt_tokens` counts them in.
 */
export interface TokenCounts {
  /** Input tokens that were neither read from nor written to a cache. */
  readonly inputTokens?: number;
  /** Input tokens read from a prompt cache. */
  readonly cacheReadTokens?: number;
  /** Input tokens written to a cache that lives 5 minutes (also the bucket of writes without a stated life). */
  readonly cacheWrite5mTokens?: number;
  /** Input tokens written to a cache that lives 1 hour. */
  readonly cacheWrite1hTokens?: number;
  /** Output tokens, reasoning included. */
  readonly outputTokens?: number;
  /** Of `outputTokens`, those spent on reasoning. */
  readonly reasoningTokens?: number;
  /** Of the input, cached or not, what was sound: it has a price of its own. */
  readonly audioInputTokens?: number;
  /** Of `outputTokens`, what was sound. */
  readonly audioOutputTokens?: number;
}

/** What one run of a model took, of several that an answer was made of. */
export interface ModelRun extends TokenCounts {
  /** The model, where it is another than the one that answered. */
  readonly model?: string;
}

/** Tokens of one attempt, and all else that its provider said of its use. */
export interface Usage extends TokenCounts {
  /** Calls of tools that the provider ran itself; billed per call, not per token. */
  readonly serverTools?: ServerToolUsage;
  /** All that is billed, where the counts above are those of the last run only (USE-9). @default those counts */
  readonly runs?: readonly ModelRun[];
  /** What changes the price of these tokens, as the provider reported it. */
  readonly modifiers?: PriceModifiers;
  /** False when the provider says that these tokens are not billed (a refusal before any output). */
  readonly billed?: boolean;
  /** True while the attempt has not ended properly: more tokens may have been used than are known. */
  readonly partial?: boolean;
  /** The provider's own further figures, carried as they came. */
  readonly providerSpecific?: Readonly<Record<string, unknown>>;
}

/** Calls of provider-run tools. */
export interface ServerToolUsage {
  readonly webSearchRequests?: number;
  readonly webFetchRequests?: number;
}

/** Facts of an answer that select another row or factor of the price table. */
export interface PriceModifiers {
  /** `batch` and `flex` are cheaper, `priority` and `fast` dearer; where that has no public price, it is unknown. */
  readonly serviceTier?: string;
  /** `fast` has rates of its own. */
  readonly speed?: string;
  /** `us` multiplies on models that support residency. */
  readonly inferenceGeo?: string;
}

const BUCKETS = [
  'inputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'outputTokens',
  'reasoningTokens',
] as const;

/** The name of one bucket of tokens. */
export type UsageBucket = (typeof BUCKETS)[number];

/** All bucket names, in the order in which tables show them. */
export const usageBuckets: readonly UsageBucket[] = BUCKETS;

/** Everything that was read as input, cached or not; `undefined` when the uncached part is unknown. */
export function promptTokens(usage: TokenCounts): number | undefined {
  if (usage.inputTokens === undefined) return undefined;
  return (
    usage.inputTokens +
    (usage.cacheReadTokens ?? 0) +
    (usage.cacheWrite5mTokens ?? 0) +
    (usage.cacheWrite1hTokens ?? 0)
  );
}

/** Bucket by bucket; a bucket unknown on both sides stays unknown, unknown on one side counts as nothing. */
export function addUsage(left: Usage, right: Usage): Usage {
  const sum: { -readonly [Bucket in UsageBucket]?: number } = {};
  for (const bucket of BUCKETS) {
    const a = left[bucket];
    const b = right[bucket];
    if (a !== undefined || b !== undefined) sum[bucket] = (a ?? 0) + (b ?? 0);
  }
  return sum;
}

/** A token count as it may be trusted: a non-negative safe integer, or unknown. Hosts send `-5`, `"12"` and `1e999`. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
