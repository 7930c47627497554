import {
  type FailureContext,
  type HeaderReader,
  httpError,
  inBandError,
  isRecord,
  isRunestoneError,
  ProviderError,
  transportError,
} from '../../provider-kit/index.ts';
import { classifyMessagesFailure, type PathLookup } from './messages-failure.ts';
import { type Repairs, withRepair } from './repairs.ts';

/** What is known of the call whose failure is to be told. */
export interface ErrorContext extends Omit<FailureContext, 'classify' | 'nowMs'> {
  /** Epoch milliseconds. @default now */
  readonly nowMs?: number;
  /** The id in the head of the answer. */
  readonly upstreamRequestId?: string | undefined;
  readonly toCallerPath?: PathLookup | undefined;
  /** Changes under which the same request may be accepted. @default none */
  readonly repairs?: Repairs | undefined;
}

/** An answer of the Messages API whose status says that it failed (ERR-1 to 24, 29). */
export function messagesError(
  status: number,
  headers: HeaderReader,
  bodyText: string,
  context: ErrorContext,
): ProviderError {
  return httpError({ ...toFailureContext(context), status, headers, bodyText });
}

/**
 * An `error` event of a stream that began with a 200 (ERR-30 to 36), or such a body in place of an answer.
 *
 * @param error - the whole envelope, or what it holds under `error`
 */
export function inStreamError(error: unknown, context: ErrorContext): ProviderError {
  const { upstreamRequestId } = context;
  return inBandError({ ...toFailureContext(context), body: error, upstreamRequestId });
}

/**
 * What an SDK client threw, in the house's words (ERR-25 to 28).
 *
 * Told apart by shape, because the ESM and the CJS build have classes of their own. The SDK's error is never kept
 * as cause: it holds headers and bodies.
 */
export function fromSdkError(error: unknown, context: ErrorContext): ProviderError {
  const original = providerErrorIn(error);
  if (original) return original;
  const { provider, model } = context;
  const thrown = isRecord(error) ? error : {};
  const { status, headers, name, error: body } = thrown;
  if (typeof status === 'number') {
    return messagesError(status, isHeaderReader(headers) ? headers : noHeaders, toText(body), context);
  }
  if (isRecord(body)) return inStreamError(body, context);
  const known = knownBy(thrown);
  if (known) return new ProviderError({ ...known, provider, model });
  return transportError(provider, error, name === 'APIConnectionError' ? 'head' : 'body');
}

type Known = Pick<
  ConstructorParameters<typeof ProviderError>[0],
  'code' | 'message' | 'reason' | 'retryable'
>;

const byName: Readonly<Record<string, Known>> = {
  APIUserAbortError: { code: 'connection', message: 'aborted', reason: 'aborted', retryable: false },
  AbortError: { code: 'connection', message: 'aborted', reason: 'aborted', retryable: false },
  // The SDK's timer is one of ours, and a host that was silent once stays silent.
  APIConnectionTimeoutError: { code: 'timeout', message: 'no answer in time', retryable: false },
  SyntaxError: { code: 'bad_response', message: 'the answer is not JSON' },
  // Thrown before anything was sent: credentials, or a call that the SDK does not allow.
  AnthropicError: {
    code: 'server_error',
    message: 'the SDK refused the call; check the options of this provider',
    reason: 'provider_configuration',
    retryable: false,
  },
};

/** They come over the network, so that the next try may get them. */
const noCredentials: Known = {
  code: 'connection',
  message: 'the SDK client got no credentials from its cloud; check the options of that client',
  reason: 'provider_configuration',
};

function knownBy({ name, message, code, cause }: Readonly<Record<string, unknown>>): Known | undefined {
  if (typeof name !== 'string') return undefined;
  const told = name === 'APIConnectionError' ? String(message) : name;
  if (/credentials/i.test(told)) return noCredentials;
  // The clients of the clouds throw plain errors for what they were not told; those of a socket have a code.
  const isBare = name === 'Error' && code === undefined && cause === undefined;
  const row = isBare ? 'AnthropicError' : name;
  return Object.hasOwn(byName, row) ? byName[row] : undefined;
}

const noHeaders: HeaderReader = { get: () => null };

/** Our own transport's error, which the SDK hides in the cause of its own. */
function providerErrorIn(error: unknown, depth = 4): ProviderError | undefined {
  if (isRunestoneError(error)) return error.name === 'ProviderError' ? error : undefined;
  // Causes may run in a circle.
  return depth > 0 && error instanceof Error ? providerErrorIn(error.cause, depth - 1) : undefined;
}

function isHeaderReader(value: unknown): value is HeaderReader {
  return isRecord(value) && typeof value['get'] === 'function';
}

function toText(body: unknown): string {
  try {
    return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  } catch {
    // Nested too deeply to be written out, hence nothing a person could read.
    return '';
  }
}

function toFailureContext(context: ErrorContext): FailureContext {
  const { provider, model, secrets, lifecycle, toCallerPath, repairs = {}, nowMs = Date.now() } = context;
  return {
    provider,
    model,
    nowMs,
    lifecycle,
    ...(secrets && { secrets }),
    classify: (failure, atMs) =>
      withRepair(classifyMessagesFailure(failure, atMs, toCallerPath), failure, repairs),
  };
}
