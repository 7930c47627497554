import type { ProviderErrorCode, Repair } from '../errors/index.ts';
import type { ErrorBody } from './read-error-body.ts';

/** A failed call, as far as its kind can be read off it. */
export interface UpstreamFailure extends ErrorBody {
  /** The HTTP status. For an error inside a 200 the one its words stand for, `undefined` when they stand for none. */
  readonly status: number | undefined;
}

/** What a failure turned out to be. */
export interface Finding {
  readonly code: ProviderErrorCode;
  /** The finer word of the provider or of OpenAI. */
  readonly reason?: string;
  /** Path in the caller's request. */
  readonly param?: string;
  /** Only where this failure deviates from its row in the policy. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  /** A change under which the same request may be accepted. */
  readonly repair?: Repair;
}

/** Kinds that the words of a body decide, whatever the status: the first that fits. */
const byWords: readonly {
  readonly statuses: readonly number[];
  readonly codes?: ReadonlySet<string>;
  readonly text?: RegExp;
  readonly finding: Finding;
}[] = [
  {
    // Another target with a larger window may take it (S2).
    statuses: [400, 413, 422],
    codes: new Set(['context_length_exceeded']),
    text: /prompt is too long|exceed context limit|maximum context length|context length (?:is )?exceeded|context (?:size|window)|too many (?:input )?tokens|input is too long/i,
    finding: { code: 'context_overflow', reason: 'context_length_exceeded' },
  },
  {
    // A 429 that no waiting cures (S4, BUG-85).
    statuses: [400, 402, 403, 429],
    codes: new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']),
    text: /exceeded your current quota|credit balance|insufficient (?:balance|credits|funds|quota)|spend(?:ing)? limit|usage limits/i,
    finding: { code: 'quota_exhausted' },
  },
  {
    // Refused before an answer, not a fault of the key: a 403 of this kind must not take it out (ERR-42).
    statuses: [400, 403, 422],
    codes: new Set(['content_filter', 'content_policy_violation', 'moderation_blocked']),
    text: /content (?:management )?policy|requires moderation|flagged by/i,
    finding: { code: 'content_filtered' },
  },
  {
    // OpenAI answers 403 for a model the project may not use, Groq 400 for one it has switched off.
    statuses: [400, 403, 404],
    codes: new Set(['model_not_found', 'model_not_available', 'model_decommissioned', 'unknown_model']),
    finding: { code: 'model_not_found' },
  },
  {
    // A 500 that means an overload still means one (ERR-53).
    statuses: [500, 502, 503],
    text: /overloaded|slow down|capacity/i,
    finding: { code: 'overloaded' },
  },
];

const byStatus: Readonly<Record<number, Finding>> = {
  401: { code: 'authentication' },
  402: { code: 'quota_exhausted' },
  403: { code: 'permission' },
  408: { code: 'timeout' },
  409: { code: 'conflict' },
  413: { code: 'request_too_large' },
  // "Too early": the host refused to risk a replay and wants the same request once more.
  425: { code: 'server_error' },
  429: { code: 'rate_limited' },
  // A proxy says that we hung up. Had we, the pool would know (ERR-19).
  499: { code: 'connection', reason: 'client_closed_request', retryable: false },
  501: { code: 'server_error', retryable: false },
  503: { code: 'overloaded' },
  504: { code: 'timeout' },
  529: { code: 'overloaded' },
};

/** Objects that a 404 may mean instead of the model (ERR-11). */
const otherObject = /\b(?:file|container|thread|batch|skill|upload|conversation|response|vector store)s?\b/i;

/** The kind of a failure. Total: every status and body has exactly one (invariant 22). */
export function kindOf(failure: UpstreamFailure): Finding {
  const { status, structured } = failure;
  if (status === undefined) return { code: 'server_error', reason: 'upstream_stream_error' };
  if (status >= 300 && status < 400) return { code: 'redirect' };
  // An answer without content may be gone on the next call (N7).
  if (status === 204) return { code: 'bad_response', retryable: true };
  // A 200 in here was no answer, and 999 is no status.
  if (status < 400 || status > 599) return { code: 'bad_response' };
  const finding = worded(failure, status) ?? byStatus[status];
  if (finding) return finding;
  if (status === 404) return notFound(failure);
  if (status < 500) return { code: 'invalid_request' };
  // Cloudflare's own statuses carry its page, not the host's words (ERR-24).
  const fromEdge = status >= 520 && status <= 527 && !structured;
  return { code: 'server_error', ...(fromEdge && { reason: 'upstream_invalid_response' }) };
}

/** By code or type exactly, or by what the message says: many hosts have no codes. */
function worded(failure: UpstreamFailure, status: number): Finding | undefined {
  const { code = '', type = '', message } = failure;
  return byWords.find(
    ({ statuses, codes, text }) =>
      statuses.includes(status) && (codes?.has(code) || codes?.has(type) || text?.test(message)),
  )?.finding;
}

/** When in doubt the model: then another target gets its chance, while a missing file is missing everywhere. */
function notFound({ structured, message }: UpstreamFailure): Finding {
  const other = structured && otherObject.test(message) && !/\bmodel/i.test(message);
  return other ? { code: 'invalid_request', reason: 'not_found' } : { code: 'model_not_found' };
}
