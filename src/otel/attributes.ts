import type { Usage } from '../index.ts';

/**
 * Which names are used: those of the semantic conventions 1.41, as dashboards know them, or those of the GenAI
 * conventions' own repository, where everything is still under development.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export type Semconv = '1.41' | 'latest' | 'both';

/** Names of spans' attributes, and of what the conventions have no word for: ours, below `runestone.` */
export const attribute = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheRead: 'gen_ai.usage.cache_read.input_tokens',
  cacheCreation: 'gen_ai.usage.cache_creation.input_tokens',
  cacheWrite: 'gen_ai.usage.cache_write.input_tokens',
  reasoning: 'gen_ai.usage.reasoning.output_tokens',
  tokenType: 'gen_ai.token.type',
  errorType: 'error.type',
  status: 'http.response.status_code',
  stream: 'gen_ai.request.stream',
  requestId: 'runestone.request.id',
  upstreamRequestId: 'runestone.upstream.request.id',
  tenant: 'runestone.tenant',
  target: 'runestone.target',
  attempt: 'runestone.attempt',
  attempts: 'runestone.attempts',
  outcome: 'runestone.outcome',
  costUsd: 'runestone.cost.usd',
  costPrecision: 'runestone.cost.precision',
} as const;

/** What the conventions call a provider that we call otherwise. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  vertex: 'gcp.vertex_ai',
  xai: 'x_ai',
};

/** A provider by the name of the conventions, or by its own. */
export function providerName(name: string): string {
  return Object.hasOwn(PROVIDERS, name) ? (PROVIDERS[name] ?? name) : name;
}

/** One number of tokens, as spans and metrics count them. */
export interface TokenCounts {
  /** Cached ones too, as the conventions want it; `undefined` while unknown. */
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
}

/** Tokens as the conventions count them: those of the cache are part of the input. */
export function tokenCounts(usage: Usage | undefined): TokenCounts {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage ?? {};
  const written = sum(cacheWrite5mTokens, cacheWrite1hTokens);
  return {
    input: inputTokens === undefined ? undefined : inputTokens + (cacheReadTokens ?? 0) + (written ?? 0),
    output: usage?.outputTokens,
    cacheRead: cacheReadTokens,
    cacheWrite: written,
    reasoning: usage?.reasoningTokens,
  };
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0);
}
