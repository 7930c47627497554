import type { Finding, UpstreamFailure } from '../../provider-kit/index.ts';

/** Finds the caller's path behind a path of the translated request (ERR-62). */
export type PathLookup = (path: string) => string | undefined;

/**
 * `details.error_code` values that change the kind of an error (section 3.3 of the contract; SDK
 * `core/error-classes`, 2026-11). New ones appear monthly: what is not listed is judged by its status.
 */
const byErrorCode: Readonly<Record<string, Partial<Finding>>> = {
  organization_on_hold: { code: 'permission' },
  cmek_key_disabled: { code: 'permission' },
  cmek_key_network_blocked: { code: 'permission' },
  sandbox_egress_restricted: { code: 'invalid_request' },
  // No `retry-after` comes with these, and no waiting within a request helps (BUG-85).
  contract_spend_limit_reached: { code: 'quota_exhausted', reason: 'insufficient_quota' },
  enforced_spend_limit_reached: { code: 'quota_exhausted', reason: 'insufficient_quota' },
  ramp_limit_exceeded: { code: 'rate_limited', reason: 'rate_limit_exceeded' },
};

/** Limits per calendar month, in UTC (ERR-17). */
const resetsMonthly: ReadonlySet<string> = new Set([
  'contract_spend_limit_reached',
  'enforced_spend_limit_reached',
]);

/**
 * Exceptions of Amazon Bedrock whose status says something else.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
 */
const byException: Readonly<Record<string, Partial<Finding>>> = {
  ExpiredTokenException: { code: 'authentication' },
  IncompleteSignature: { code: 'authentication' },
  InvalidClientTokenId: { code: 'authentication' },
  InvalidSignatureException: { code: 'authentication' },
  MissingAuthenticationTokenException: { code: 'authentication' },
  RequestExpired: { code: 'authentication' },
  UnrecognizedClientException: { code: 'authentication' },
  NotAuthorized: { code: 'permission' },
  // "You can resubmit your request later": a 400, and no fault of the request.
  ServiceQuotaExceededException: { code: 'rate_limited' },
  ModelNotReadyException: { code: 'overloaded' },
  // A 424, "failed dependency": the model failed, not the caller.
  ModelErrorException: { code: 'server_error' },
};

/** A 400 of Bedrock for a model that it has not, or has under the id of an inference profile only. */
const unknownModel = /provided model identifier is invalid|with on-demand throughput isn/i;

/** Kinds of bad request that only the text tells apart (ERR-5, ERR-6, RF-10). */
const byText: readonly (readonly [text: RegExp, reason: string])[] = [
  [/invalid `?signature`? in `?thinking`? block/i, 'invalid_thinking_signature'],
  [/bound to a different conversation/i, 'invalid_thinking_signature'],
  [/blocks in the latest assistant message cannot be modified/i, 'invalid_thinking_signature'],
  [/extra inputs are not permitted/i, 'unsupported_parameter'],
  [/not supported (?:for|on|by|with) this model|this model does not support/i, 'unsupported_parameter'],
  [/schema is too complex/i, 'invalid_json_schema'],
];

/** The finer words of whole statuses (ERR-8, ERR-21). */
const reasonByStatus: Readonly<Record<number, string>> = {
  402: 'billing_error',
  502: 'service_unavailable',
  503: 'service_unavailable',
};

/** `messages.5.content.0.tool_use.id: text` */
const leadingPath = /^([a-z_]\w*(?:\.\w+)*): /;

/** "…You will regain access on 2026-12-01 at 00:00 UTC." (ERR-3) */
const regainDate = /regain access on (\d{4}-\d\d-\d\d)(?: at (\d\d:\d\d))?/i;

/** Reads a failure of the Messages API as Anthropic words it; what it leaves open is for the general rules. */
export function classifyMessagesFailure(
  failure: UpstreamFailure,
  nowMs: number,
  toCallerPath: PathLookup | undefined,
): Partial<Finding> {
  const { status, message } = failure;
  const errorCode = errorCodeOf(failure);
  const param = paramOf(failure, toCallerPath);
  const regainMs = untilRegained(message, errorCode, nowMs);
  const textual = status === 400 ? byText.find(([text]) => text.test(message))?.[1] : undefined;
  const reason = errorCode ?? textual ?? reasonByStatus[status ?? 0];
  return {
    ...(reason !== undefined && { reason }),
    ...cloudFinding(failure),
    ...(errorCode !== undefined && findingOf(errorCode)),
    ...(param !== undefined && { param }),
    ...(regainMs !== undefined && { retryAfterMs: regainMs }),
  };
}

/** The codes of Claude Code subscriptions all concern the credential (SDK `core/error-classes`). */
function findingOf(errorCode: string): Partial<Finding> | undefined {
  if (errorCode.startsWith('claude_code_')) return { code: 'permission' };
  return Object.hasOwn(byErrorCode, errorCode) ? byErrorCode[errorCode] : undefined;
}

function cloudFinding({ status, code = '', message }: UpstreamFailure): Partial<Finding> | undefined {
  if (status === 400 && unknownModel.test(message)) return { code: 'model_not_found' };
  return Object.hasOwn(byException, code) ? byException[code] : undefined;
}

/** Only what has the shape of a code: it is shown to people as `reason`. */
function errorCodeOf({ details }: UpstreamFailure): string | undefined {
  const code = details?.['error_code'];
  return typeof code === 'string' && /^[a-z0-9_]{1,64}$/.test(code) ? code : undefined;
}

/** A path of one step is a top-level field, and most of those have the same name on both sides. */
function paramOf(failure: UpstreamFailure, toCallerPath: PathLookup | undefined): string | undefined {
  const { status, message, details } = failure;
  if (status === undefined || status < 400 || status > 422) return undefined;
  const paths = details?.['paths'];
  const told: unknown = Array.isArray(paths) ? paths[0] : leadingPath.exec(message.slice(0, 300))?.[1];
  if (typeof told !== 'string') return undefined;
  return toCallerPath?.(told) ?? (/^[a-z_]{1,64}$/.test(told) ? told : undefined);
}

/** When a spent limit is lifted: the date in the text (ERR-3), or the first of the next month (ERR-17). */
function untilRegained(message: string, errorCode: string | undefined, nowMs: number): number | undefined {
  const [, day, time = '00:00'] = regainDate.exec(message) ?? [];
  const date = day === undefined ? Number.NaN : Date.parse(`${day}T${time}:00Z`);
  if (date > nowMs) return date - nowMs;
  if (errorCode === undefined || !resetsMonthly.has(errorCode)) return undefined;
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - nowMs;
}
