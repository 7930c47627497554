import { responseToWire } from './fetch-transport.ts';
import { LentBody } from './lent-body.ts';
import type { Transport, WireResponse } from './wire.ts';

/**
 * One call that goes out through a vendor's SDK. It rides along as a fetch option, so that the answer and the
 * true failure come back to us past the SDK's own reading of them.
 */
export class SdkCall {
  readonly signal: AbortSignal;
  readonly connectMs: number;
  readonly onSend: (() => void) | undefined;
  /** Set when the response head is in. */
  response: WireResponse | undefined;
  /** Set when the SDK was given the body as well. */
  lent: LentBody | undefined;
  /** What the transport threw, before the SDK wrapped it. */
  failure: unknown;

  constructor(signal: AbortSignal, connectMs: number, onSend?: () => void) {
    this.signal = signal;
    this.connectMs = connectMs;
    this.onSend = onSend;
  }

  /**
   * The answer as it is to be read, whatever road it took.
   *
   * @param returned - what the SDK handed out; the answer itself when the SDK did not use our `fetch`
   */
  answer(provider: string, returned: Response): WireResponse {
    if (this.lent) return this.lent.takeBack(provider, returned, this.signal);
    return this.response ?? responseToWire(provider, returned, this.signal);
  }
}

/** How an SDK is dealt with. */
export interface SdkFetchOptions {
  /** Asked for each header by its lower-case name; a refused one is left out. @default all are sent */
  readonly allowsHeader?: (name: string) => boolean;
  /** Gives the SDK the body of a 200 too, because it may have to rewrite it. @default false */
  readonly lendsBody?: boolean;
}

/** What an SDK calls as `fetch`. */
export type SdkFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for vendor SDKs over our transport.
 *
 * The SDK gets a stand-in for the response: always `ok`, so that it neither reads error bodies (an endless one
 * would hang it) nor retries, and unless it is lent without a body, which is ours to read.
 */
export function sdkFetch(transport: Transport, options: SdkFetchOptions = {}): SdkFetch {
  const { allowsHeader = () => true, lendsBody = false } = options;
  // An SDK that hands in the same headers object again is spared the reading of it.
  const known = new WeakMap<object, Record<string, string>>();
  const headersOf = (headers: RequestInit['headers']): Record<string, string> => {
    const before = headers && known.get(headers);
    if (before) return before;
    const kept = allowed(headers, allowsHeader);
    if (headers) known.set(headers, kept);
    return kept;
  };

  return async function fetchThroughTransport(url, init = {}) {
    const call = callOf(init);
    try {
      const response = await transport.send({
        url: typeof url === 'string' ? url : url instanceof URL ? url.href : url.url,
        method: init.method ?? 'GET',
        headers: headersOf(init.headers),
        body: typeof init.body === 'string' ? init.body : undefined,
        signal: call?.signal ?? init.signal ?? new AbortController().signal,
        connectMs: call?.connectMs,
        onSend: call?.onSend,
      });
      if (!call) return standIn(response);
      call.response = response;
      if (!lendsBody || response.status !== 200) return standIn(response);
      call.lent = new LentBody(response);
      return new Response(call.lent.stream, { headers: [...response.headers.entries()] });
    } catch (error) {
      if (call) call.failure = error;
      throw error;
    }
  };
}

function allowed(
  headers: RequestInit['headers'],
  allowsHeader: (name: string) => boolean,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of headers instanceof Headers ? headers : new Headers(headers)) {
    if (allowsHeader(name)) kept[name] = value;
  }
  return kept;
}

function callOf(init: RequestInit): SdkCall | undefined {
  return 'call' in init && init.call instanceof SdkCall ? init.call : undefined;
}

/** As much of a `Response` as an SDK looks at before it hands the raw response out. */
function standIn(response: WireResponse): Response {
  const { status, headers } = response;
  // A real `Response` costs more than the whole request; the SDK reads these members and no others.
  return { ok: true, status, headers, body: null, url: '' } as unknown as Response;
}
