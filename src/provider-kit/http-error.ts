import { ProviderError } from '../errors/index.ts';
import { type Finding, kindOf, type UpstreamFailure } from './failure-kind.ts';
import { failureMessage } from './failure-message.ts';
import { inBandStatus } from './in-band-status.ts';
import type { ModelLifecycle } from './model-spec.ts';
import type { HeaderReader } from './rate-limits.ts';
import { errorBodyOf, readErrorBody } from './read-error-body.ts';
import { harmless, redact } from './redact.ts';
import { retryAfterMs, shouldRetry } from './wait-headers.ts';

/** What a provider knows of the call that failed. */
export interface FailureContext {
  readonly provider: string;
  /** The id that was sent upstream. */
  readonly model?: string | undefined;
  /** Keys to mask in the host's words. */
  readonly secrets?: readonly string[];
  /** Our clock, epoch milliseconds. */
  readonly nowMs: number;
  /** What is known of the model, so that a 404 can say that it is retired. */
  readonly lifecycle?: ModelLifecycle | undefined;
  /** What this provider knows better than the general rules; what it leaves out is theirs. */
  readonly classify?: (failure: UpstreamFailure, nowMs: number) => Partial<Finding> | undefined;
}

/** An answer whose status says that it failed. */
export interface HttpFailure extends FailureContext {
  readonly status: number;
  readonly headers: HeaderReader;
  readonly bodyText: string;
}

/** An error inside a 200: an event of a stream, or a JSON body that is no answer. */
export interface InBandFailure extends FailureContext {
  /** The parsed envelope: `{error: {…}}`, or the error itself; or the text of either. */
  readonly body: unknown;
  /** From the headers of the answer; the envelope's own id goes before it. */
  readonly upstreamRequestId?: string | undefined;
}

/**
 * The error for an answer that failed by its status, for hosts of every dialect.
 *
 * @returns a `ProviderError` with the host's own `status`, the most exact code, and how long to stay away
 */
export function httpError(failure: HttpFailure): ProviderError {
  const { status, headers, nowMs } = failure;
  const body = readErrorBody(failure.bodyText);
  const code = body.code ?? amazonCode(headers);
  const seen: UpstreamFailure = { ...body, ...(code !== undefined && { code }), status };
  const finding: Finding = { ...kindOf(seen), ...failure.classify?.(seen, nowMs) };
  const told = shouldRetry(headers);
  // On a request that is simply wrong, the reset of some limit is no reason to wait.
  const mayWait =
    told || status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
  return toError(failure, seen, {
    ...finding,
    status,
    retryable: told ?? finding.retryable,
    retryAfterMs: finding.retryAfterMs ?? (mayWait ? retryAfterMs(headers, nowMs) : undefined),
    upstreamRequestId: requestIdIn(headers) ?? seen.requestId,
  });
}

/** The host's own id of a request, for its support. */
export function requestIdIn(headers: HeaderReader): string | undefined {
  const id = headers.get('request-id') ?? headers.get('x-request-id') ?? headers.get('x-amzn-requestid');
  return id ?? undefined;
}

/** `ThrottlingException:http://…`: Amazon names the kind of an error there, and not in the body. */
function amazonCode(headers: HeaderReader): string | undefined {
  return headers.get('x-amzn-errortype')?.split(':')[0]?.trim() || undefined;
}

/** The error for what a host said inside a 200, by the same rules; it has no `status`. */
export function inBandError(failure: InBandFailure): ProviderError {
  const said = failure.body;
  const body = typeof said === 'string' ? readErrorBody(said) : errorBodyOf(said);
  const seen: UpstreamFailure = { ...body, status: inBandStatus(body) };
  const finding: Finding = { ...kindOf(seen), ...failure.classify?.(seen, failure.nowMs) };
  return toError(failure, seen, {
    ...finding,
    upstreamRequestId: body.requestId ?? failure.upstreamRequestId,
  });
}

/** A finding, completed with what the answer's head says. */
interface Ruling extends Omit<Finding, 'retryable' | 'retryAfterMs'> {
  readonly status?: number;
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly upstreamRequestId?: string | undefined;
}

function toError(context: FailureContext, seen: UpstreamFailure, ruling: Ruling): ProviderError {
  const { provider, model, secrets = [], lifecycle, nowMs } = context;
  const { code, status, retryable, retryAfterMs, upstreamRequestId } = ruling;
  const retired = code === 'model_not_found' ? retirement(lifecycle, nowMs) : undefined;
  const upstream = redact(seen.message, secrets);
  const word = (text: string | undefined): string | undefined => harmless(text, secrets);
  return new ProviderError({
    provider,
    model,
    code,
    status,
    retryable,
    retryAfterMs,
    upstreamRequestId: word(upstreamRequestId),
    reason: retired ? 'model_retired' : (ruling.reason ?? word(notANumber(seen.code))),
    param: ruling.param ?? word(seen.param),
    phase: code === 'timeout' ? 'upstream' : undefined,
    repair: ruling.repair,
    message: failureMessage({ code, status, model, retryAfterMs, upstream, retired }),
  });
}

/**
 * The life of a model that is no more, once its vendor does not find it: then an announced day that is past is the
 * day (MOD-5). From the first moment of that day, UTC. A day that cannot be read is none.
 */
function retirement(lifecycle: ModelLifecycle | undefined, nowMs: number): ModelLifecycle | undefined {
  const retired = lifecycle?.retired ?? lifecycle?.retires;
  return retired !== undefined && Date.parse(retired) <= nowMs ? { ...lifecycle, retired } : undefined;
}

/** Routers repeat the status as the code; that is no finer word. */
function notANumber(code: string | undefined): string | undefined {
  return code !== undefined && /^\d+$/.test(code) ? undefined : code;
}
