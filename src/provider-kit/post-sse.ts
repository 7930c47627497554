import { isRecord } from '../chat/json.ts';
import { ProviderError } from '../errors/index.ts';
import { readErrorText, readText, sniff } from './body.ts';
import { type FailureContext, httpError, inBandError } from './http-error.ts';
import { readSse } from './sse.ts';
import type { Transport, WireResponse } from './wire.ts';

/** A JSON body that stands where a stream should is an error message, and those are short. */
const MAX_JSON_BYTES = 1024 * 1024;

/** A POST of JSON whose answer is a stream of server-sent events. */
export interface SsePost {
  /** Named in errors. */
  readonly provider: string;
  /** `createTransport` or `fetchTransport`: one for each provider, closed by whoever made it. */
  readonly transport: Transport;
  readonly url: string;
  /** In addition to `content-type` and `accept`. What looks like a credential is masked in errors. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly signal: AbortSignal;
  /** Time allowed until a connection stands, in milliseconds. @default the transport's */
  readonly connectMs?: number | undefined;
  /** Told when the request goes out: hand over `call.onSend`. */
  readonly onSend?: (() => void) | undefined;
}

/** One server-sent event. */
export interface SseMessage {
  readonly data: string;
}

/**
 * Posts, and yields the events of the answer one by one: all that a provider of one's own needs of HTTP.
 *
 * Ends when the body ends; whether the answer was complete is for its content to say. The connection is let go
 * on every exit, also when the loop is left early.
 *
 * @throws ProviderError by the answer's status, `bad_response` when no event stream comes, `connection`,
 *   `timeout` and `stream_truncated` from the network; the signal's reason when it fires
 *
 * @example
 * for await (const { data } of postSse({ provider, transport, url, body, signal })) {
 *   if (data === '[DONE]') break;
 *   yield { type: 'text_delta', text: textOf(data) };
 * }
 */
export async function* postSse(post: SsePost): AsyncGenerator<SseMessage> {
  const { provider, transport, url, signal, connectMs, onSend } = post;
  const headers = lowerCased(post.headers);
  const response = await transport.send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(post.body),
    signal,
    connectMs,
    onSend,
  });
  try {
    const context = { provider, secrets: credentialsIn(headers), nowMs: Date.now() };
    if (response.status < 200 || response.status > 299) throw await refusal(response, context);
    const first = await response.read();
    const kind = sniff(first);
    if (kind === 'json' || kind === 'html') throw await noStream(response, first, context);
    for await (const read of readSse(response, provider, first)) for (const data of read) yield { data };
  } finally {
    response.finish();
  }
}

async function refusal(response: WireResponse, context: FailureContext): Promise<ProviderError> {
  const { status, headers } = response;
  return httpError({ ...context, status, headers, bodyText: await readErrorText(response) });
}

/** A 200 without a stream: the host's error with the wrong status, or something else altogether (N1 to N3). */
async function noStream(
  response: WireResponse,
  first: readonly Uint8Array[] | undefined,
  context: FailureContext,
): Promise<ProviderError> {
  const { provider } = context;
  const body = parsed(
    await readText(response, { provider, maxBytes: MAX_JSON_BYTES, ...(first && { first }) }),
  );
  if (isRecord(body) && 'error' in body) {
    const upstreamRequestId = response.headers.get('x-request-id') ?? undefined;
    return inBandError({ ...context, body, upstreamRequestId });
  }
  return new ProviderError({ provider, code: 'bad_response', message: 'no event stream came' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names that differ in case alone would be sent as two headers. */
function lowerCased(headers: SsePost['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Without the scheme: a host that quotes a key quotes it bare. */
function credentialsIn(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|key|token|secret|cookie/.test(name))
    .map(([, value]) => value.replace(/^\w+ /, ''));
}
