import { isRecord } from '../chat/json.ts';
import type { PromptBound } from '../chat/prompt-bound.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { PriceModifiers, Usage } from '../usage/usage.ts';
import { type Cost, costOf } from './cost-of.ts';
import type { ModelPrice, PricePeriod } from './model-price.ts';

/** A request that has not been sent, and a model that it may be sent to. */
export interface EstimateCase {
  readonly request: ChatRequest;
  /** What is known of the model: its window, and its longest answer, in tokens. */
  readonly spec: { readonly contextWindow?: number; readonly maxOutputTokens?: number } | undefined;
  readonly price: ModelPrice | undefined;
  /** Input tokens, estimated; and of these, those that probably lie in a prompt cache. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** When it would be sent, in epoch milliseconds. */
  readonly atMs: number;
}

/** What a request may take and cost. A number that nobody can know is `undefined`. */
export interface CostEstimate {
  readonly inputTokens: number;
  /** It will hardly be more; never above the model's window. */
  readonly maxInputTokens: number | undefined;
  /** The effective `max_tokens`: the caller's cap, or the model's longest answer. */
  readonly maxOutputTokens: number | undefined;
  /** Half of the estimated prompt at the lowest rate, and one token of an answer. */
  readonly minNanoUsd: number | undefined;
  /** The prompt as estimated, its cached part at the price of a cache, and an answer of the caller's cap. */
  readonly expectedNanoUsd: number | undefined;
  /**
   * The largest prompt at the dearest rate of input, and the longest answer. What a provider's own tools read and
   * cost is not foreseen.
   */
  readonly maxNanoUsd: number | undefined;
}

/** An answer of this length is assumed where the caller set no cap, in tokens. */
const ASSUMED_OUTPUT_TOKENS = 1_000;

/** An estimate of tokens may be too high by this factor. */
const OVERESTIMATE = 2;

/**
 * Tokens and cost of a request before it is sent. Routing by cost, `pool.estimate` and budgets go by it.
 *
 * @param bound - what the prompt may come to at most
 */
export function estimateCost(request: EstimateCase, bound: PromptBound): CostEstimate {
  const { inputTokens, spec } = request;
  const maxInputTokens = least(bound.tokens, spec?.contextWindow);
  const maxOutputTokens = outputCap(request);
  const counts = { inputTokens, maxInputTokens, maxOutputTokens };
  if (bound.hasSound) {
    return { ...counts, minNanoUsd: undefined, expectedNanoUsd: undefined, maxNanoUsd: undefined };
  }
  return {
    ...counts,
    minNanoUsd: lowestCost(request),
    expectedNanoUsd: expectedCost(request)?.nanoUsd,
    maxNanoUsd:
      maxInputTokens === undefined || maxOutputTokens === undefined
        ? undefined
        : highestCost(request, { input: maxInputTokens, output: maxOutputTokens, bound }),
  };
}

/** The middle of an estimate, for what compares prices only: it looks at no text. */
export function expectedCost(request: EstimateCase): Cost | undefined {
  const cached = Math.min(request.cachedTokens, request.inputTokens);
  return costIn(request, {
    inputTokens: request.inputTokens - cached,
    cacheReadTokens: cached,
    outputTokens: expectedOutput(request),
  });
}

function expectedOutput({ request, spec }: EstimateCase): number {
  return Math.min(cap(request) ?? ASSUMED_OUTPUT_TOKENS, spec?.maxOutputTokens ?? Number.POSITIVE_INFINITY);
}

/** Tokens the answer can have, whatever was asked for: those of the model, whose window holds its answer too. */
function outputCap({ request, spec }: EstimateCase): number | undefined {
  return least(cap(request), spec?.maxOutputTokens ?? spec?.contextWindow);
}

function cap({ max_completion_tokens: modern, max_tokens: dated }: ChatRequest): number | undefined {
  return modern ?? dated ?? undefined;
}

function lowestCost(request: EstimateCase): number | undefined {
  const tokens = Math.floor(request.inputTokens / OVERESTIMATE);
  const outputTokens = Math.min(1, expectedOutput(request));
  const fresh = costIn(request, { inputTokens: tokens, outputTokens });
  if (fresh === undefined) return undefined;
  const cached = costIn(request, { inputTokens: 0, cacheReadTokens: tokens, outputTokens });
  return Math.min(fresh.nanoUsd, cached?.nanoUsd ?? fresh.nanoUsd);
}

/** Of all ways to be billed, the dearest: fresh or written to a cache, at the tier asked for or the usual one, at a peak. */
function highestCost(
  request: EstimateCase,
  { input, output, bound }: { readonly input: number; readonly output: number; readonly bound: PromptBound },
): number | undefined {
  const fresh: Usage = { inputTokens: input, outputTokens: output };
  const written: Usage = { inputTokens: 0, cacheWrite5mTokens: input, outputTokens: output };
  const writtenLong: Usage = { inputTokens: 0, cacheWrite1hTokens: input, outputTokens: output };
  const dear = { ...request, price: request.price && atPeak(request.price) };
  // A tier without a price makes all of it unknown, and a prompt that no window holds is not told as cheap.
  const sure = [costIn(dear, fresh), expectedCost(request)];
  if (sure.includes(undefined)) return undefined;
  const usages = [fresh, written, ...(bound.asksForHourCache ? [writtenLong] : [])];
  const costs = usages.flatMap((usage) => [costIn(dear, usage), costOf(usage, dear.price, request)]);
  return Math.max(...[...sure, ...costs].map((cost) => cost?.nanoUsd ?? 0));
}

/** The cost at the tier that the request asks for. */
function costIn(request: EstimateCase, usage: Usage): Cost | undefined {
  const modifiers = askedModifiers(request.request);
  return costOf({ ...usage, modifiers }, request.price, { atMs: request.atMs });
}

/** An attempt is priced by the hour in which it ends, which may be another than that in which it began. */
function atPeak(price: ModelPrice): ModelPrice {
  const dearest = (period: PricePeriod): PricePeriod =>
    period.peak ? { ...period, standard: period.peak.rates } : period;
  return { ...price, periods: price.periods.map(dearest) };
}

/** Words that ask for nothing special, or leave the choice to the host, which then takes what is usual. */
const USUAL: ReadonlySet<unknown> = new Set(['auto', 'default', 'standard', 'standard_only', 'on_demand']);

/**
 * What a request asks for that has another price: in OpenAI's words, or in the bag of native fields.
 *
 * `flex` is cheaper where it exists, and left out: so the estimate holds where it does not.
 */
function askedModifiers(request: ChatRequest): PriceModifiers {
  const bag = isRecord(request['anthropic']) ? request['anthropic'] : {};
  const asked = (name: string): string | undefined => {
    const word = bag[name] ?? request[name];
    return typeof word === 'string' && !USUAL.has(word) && word !== 'flex' ? word : undefined;
  };
  const serviceTier = asked('service_tier');
  const speed = asked('speed');
  const inferenceGeo = asked('inference_geo');
  return {
    ...(serviceTier !== undefined && { serviceTier }),
    ...(speed !== undefined && { speed }),
    ...(inferenceGeo !== undefined && { inferenceGeo }),
  };
}

/** The smaller one of those that are known. */
function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
