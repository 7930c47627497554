import { estimateTokens } from '../chat/estimate-tokens.ts';
import type { ForeignChatRequest } from '../chat/foreign-request.ts';
import { parseRequest } from '../chat/parse-request.ts';
import type { ChatRequest } from '../chat/request.ts';
import { isRunestoneError } from '../errors/index.ts';
import { tokenCount } from '../usage/usage.ts';
import type { Answer } from './answer.ts';
import type { Asked } from './front-desk.ts';
import { CANNOT } from './plan.ts';

/** How many input tokens a request would be. */
export interface TokenCount {
  readonly tokens: number;
  /** `reported` by the provider that would read them, or `estimated` by their length. */
  readonly precision: 'reported' | 'estimated';
  /** Who counted. Absent for an estimate. */
  readonly provider?: string;
  readonly model?: string;
}

/** A request to be counted. */
export function askForCount(input: ChatRequest | ForeignChatRequest): Asked {
  return { request: parseRequest(input, false), operation: { kind: 'count_tokens' } };
}

/** What the provider counted; what is no count is as good as none. */
export async function countOf(answer: Answer): Promise<TokenCount> {
  const counted = tokenCount(await answer.result());
  const { request } = answer.running.context;
  if (counted === undefined) return estimated(request);
  const { provider, model } = answer.running.info();
  return { tokens: counted, precision: 'reported', provider, model };
}

/** Codes that say that the question was wrong, or no longer asked: an estimate would hide that. */
const MISTAKES: ReadonlySet<string> = new Set([
  'cancelled',
  'context_overflow',
  'deadline_exceeded',
  'invalid_request',
  'no_route',
  'pool_closed',
]);

/**
 * An estimate in place of the count that failed.
 *
 * @throws what it was given, when that is not about the counting
 */
export function estimateAfter(error: unknown, asked: () => Asked): TokenCount {
  const cannot = isRunestoneError(error) && error.code === 'no_route' && error.reason === CANNOT;
  if (!isRunestoneError(error) || (MISTAKES.has(error.code) && !cannot)) throw error;
  return estimated(asked().request);
}

function estimated(request: ChatRequest): TokenCount {
  return { tokens: estimateTokens(request), precision: 'estimated' };
}
