import { isObject, listOf, objectOf } from '../read-json.ts';
import { checkMessages } from './check-messages.ts';
import { checkTools } from './check-tools.ts';
import { blocksOf } from './prompt-segments.ts';

/** Top-level fields of the Messages API, GA and beta (`@anthropic-ai/sdk` 1.12, 2026-11). */
const fields: ReadonlySet<string> = new Set(
  `model max_tokens messages system stream stop_sequences metadata tools tool_choice thinking output_config
  cache_control container diagnostics inference_geo service_tier speed billing_policy compaction context_management
  fallback_credit_token fallbacks mcp_servers output_format thread`.split(/\s+/),
);

/** Not part of the API from version 2026-10-21 on: any value is refused (T-1). */
const samplingFields: ReadonlySet<string> = new Set(['temperature', 'top_p', 'top_k']);

/**
 * What the API would hold against a request: its message, worded like the API's own, or undefined.
 *
 * It checks what translations get wrong, not everything the API checks.
 */
export function checkRequest(version: string | undefined, body: unknown): string | undefined {
  if (version === undefined) return 'anthropic-version: header is required';
  if (!isObject(body)) return 'The request body is not valid JSON: expected an object';
  return (
    checkFields(version, body) ??
    checkMessages(body['messages']) ??
    checkTools(body['tools'], body['tool_choice']) ??
    checkThinking(body) ??
    checkBreakpoints(body)
  );
}

/** The top level: what must be there, what must not, and what must not be null (REQ-38). */
function checkFields(version: string, body: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof body['model'] !== 'string') return 'model: Field required';
  const unknown = Object.keys(body).find((key) => !fields.has(key) && !isOldSampling(version, key));
  if (unknown !== undefined) return `${unknown}: Extra inputs are not permitted`;
  const maxTokens = body['max_tokens'];
  if (maxTokens === undefined) return 'max_tokens: Field required';
  if (!Number.isInteger(maxTokens) || Number(maxTokens) < 0)
    return 'max_tokens: Input should be a valid integer';
  const nullField = Object.keys(body).find((key) => body[key] === null && key !== 'cache_control');
  if (nullField !== undefined) return `${nullField}: Input should not be null`;
  const stop = listOf(body['stop_sequences']).findIndex(
    (one) => typeof one !== 'string' || one.trim() === '',
  );
  if (stop >= 0) return `stop_sequences.${stop}: each stop sequence must contain non-whitespace`;
  const extra = Object.keys(objectOf(body['metadata'])).find((key) => key !== 'user_id');
  return extra === undefined ? undefined : `metadata.${extra}: Extra inputs are not permitted`;
}

/** Versions are dates, so text order is time order. */
function isOldSampling(version: string, key: string): boolean {
  return version < '2026-10-21' && samplingFields.has(key);
}

/** A budget has a floor, and room to answer must be left beside it (TH-9). */
function checkThinking({ thinking, max_tokens }: Readonly<Record<string, unknown>>): string | undefined {
  const { type, budget_tokens: budget } = objectOf(thinking);
  if (type !== 'enabled') return undefined;
  if (typeof budget !== 'number' || budget < 1024) {
    return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
  }
  return budget < Number(max_tokens)
    ? undefined
    : '`max_tokens` must be greater than `thinking.budget_tokens`';
}

/** At most 4 in one request, the automatic one included (CA-3). */
function checkBreakpoints(body: Readonly<Record<string, unknown>>): string | undefined {
  const blocks = [
    body,
    ...listOf(body['tools']),
    ...blocksOf(body['system']),
    ...listOf(body['messages']).flatMap((message) => blocksOf(objectOf(message)['content'])),
  ];
  const found = blocks.filter((block) => isObject(objectOf(block)['cache_control'])).length;
  return found > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${found}.` : undefined;
}
