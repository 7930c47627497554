/** What goes up: one HTTP request. The body is serialised already, so that further attempts send the same bytes. */
export interface WireRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Ends the exchange at any moment, body included. */
  readonly signal: AbortSignal;
  /** Time allowed until a connection stands, name look-up included, in milliseconds. */
  readonly connectMs?: number | undefined;
  /** Called when a connection is there and the request goes out, at once and at most once. Must not throw. */
  readonly onSend?: (() => void) | undefined;
}

/** Response headers, names in lower case. */
export interface WireHeaders {
  get(name: string): string | null;
  entries(): Iterable<[string, string]>;
}

/** What comes down: status and headers at once, the body as it arrives. */
export interface WireResponse {
  readonly status: number;
  readonly headers: WireHeaders;
  /**
   * Everything that has arrived since the last read, waiting for more when nothing has; `undefined` at the end.
   * Rejects with a `ProviderError` when the connection breaks, with the signal's reason when it fires.
   */
  read(): Promise<readonly Uint8Array[] | undefined>;
  /**
   * No more is wanted. A body that ends by itself within a moment leaves its connection for reuse, any other is
   * cut. Never throws; call it on every exit.
   */
  finish(): void;
}

/** Sends requests. One for each provider, closed with it. */
export interface Transport {
  /** Resolves when the response head is in. Never follows a redirect, never retries an answered request. */
  send(request: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}

/** Headers out of a record, as undici and our tests have them. */
export class RecordHeaders implements WireHeaders {
  readonly #record: Readonly<Record<string, string | string[] | undefined>>;

  constructor(record: Readonly<Record<string, string | string[] | undefined>>) {
    this.#record = record;
  }

  get(name: string): string | null {
    const key = name.toLowerCase();
    const value = Object.hasOwn(this.#record, key) ? this.#record[key] : undefined;
    if (value === undefined) return null;
    return typeof value === 'string' ? value : value.join(', ');
  }

  keys(): string[] {
    return Object.keys(this.#record);
  }

  *entries(): Generator<[string, string]> {
    for (const name of Object.keys(this.#record)) {
      const value = this.get(name);
      if (value !== null) yield [name, value];
    }
  }
}
