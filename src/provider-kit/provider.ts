import type { Embedding, EmbeddingRequest } from '../chat/embedding.ts';
import type { Batch, ChatEvent } from '../chat/events.ts';
import type { JsonObject } from '../chat/json.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { Repair, UpstreamHead } from '../errors/index.ts';
import type { Usage } from '../usage/usage.ts';
import type { ModelSpec } from './model-spec.ts';
import type { Secret } from './secret.ts';

/**
 * A place that answers chat requests: Claude, an OpenAI-compatible host, your own server.
 *
 * What a provider owes the pool:
 *
 * 1. Yield `finish` exactly once, last. If upstream stops without a finish reason, just stop: the pool reports
 *    `stream_truncated`. Where the call allows it, `pause` may stand in its place.
 * 2. Throw only `ProviderError`, with the most exact code.
 * 3. Stop when the signal fires. Whether you throw or return is your choice; the pool knows who aborted.
 * 4. One call, one upstream request. No retries inside: turn the SDK's off. If a changed request may be accepted,
 *    say so with the error's `repair`; the pool makes that an attempt of its own.
 * 5. `usage` is a running total. Report it as soon as you know anything.
 * 6. Keep no state between calls. Two streams may interleave.
 * 7. No prompt text, no key, no header in an error.
 *
 * The pool guards 1 to 3 even for a sloppy provider.
 */
export interface Provider {
  /** Unique within a pool. Shown in targets, telemetry, health and errors. No `/`. */
  readonly name: string;
  /** The kind of provider, as `pool.providers()` shows it. @default `name` */
  readonly module?: string;
  /** Models it serves. Left out: it serves what it is asked for as `name/model`. */
  readonly models?: readonly ModelSpec[];
  /** Model used when a request names none. */
  readonly defaultModel?: string;
  /** One label for each API key; each is a target of its own for circuit, cooldown, limits and ledger. @default one, unlabelled */
  readonly keys?: readonly string[];
  /**
   * The id to send upstream for a name this provider serves, `undefined` for a name it does not serve.
   * @default a name listed in `models`, by id or alias
   */
  resolveModel?(name: string): string | undefined;
  /**
   * True when it calls `onSend` for every request that goes out. An attempt that ends before that has cost nothing.
   * @default false, and every attempt counts as sent
   */
  readonly tellsSending?: boolean;
  /**
   * True when this call is best sent as one JSON answer, because the caller wants no stream and the answer is
   * short enough to be waited for. Then the first-token, idle and progress timers do not apply.
   * @default false
   */
  answersWhole?(request: ChatRequest, model: string): boolean;
  /** One attempt, as a stream. An item is one event, or the events of one network read. */
  stream(call: ProviderCall): AsyncIterable<ChatEvent | Batch>;
  /** Vectors for texts. Left out: it has none. Rejects with a `ProviderError`. */
  embed?(call: EmbedCall): Promise<Embedded>;
  /** How many tokens it would read the request as, by its own count. Rejects with a `ProviderError`. */
  countTokens?(call: ProviderCall): Promise<number>;
  /** The cheapest call that proves key and host. Rejects with a `ProviderError`. */
  check?(call: CheckCall): Promise<void>;
  /**
   * What its vendor's own catalogue says today, and nothing else: the pool lays it over `models`. Asked only by
   * `pool.refreshModels()`, never for a request; the translation must not know of it (MOD-6). Rejects with a
   * `ProviderError`.
   */
  listModels?(call: CheckCall): Promise<readonly ModelSpec[]>;
  /** Lets go of what it holds. Called once, by `pool.close()`. */
  close?(): Promise<void>;
}

/** What every attempt brings along, whatever is asked for. */
interface Call {
  /** The id to send upstream. */
  readonly model: string;
  /** Stop when it fires. */
  readonly signal: AbortSignal;
  /** For upstream headers and logs. */
  readonly requestId: string;
  /** Index into `keys`; 0 when there are none. */
  readonly key: number;
  /** Another key for this call alone. It goes to the configured host and nowhere else. */
  readonly apiKey?: Secret | undefined;
  /** Time allowed until a connection stands, in milliseconds. */
  readonly connectMs: number;
  /** To be called when the request goes out, by a provider that `tellsSending`. */
  readonly onSend?: () => void;
  /** To be called with what the headers of the answer say, whatever its status. */
  readonly onHead?: (head: UpstreamHead) => void;
}

/** One attempt, as a provider sees it. */
export interface ProviderCall extends Call {
  /** Checked and normalised. Never to be changed. */
  readonly request: ChatRequest;
  /** True: ask upstream for a stream. False: the JSON wire is wanted; only where `answersWhole` said so. */
  readonly stream: boolean;
  /** Turn every warning of the translation into `invalid_request`. */
  readonly strict: boolean;
  /** What to do with a model that its vendor has retired. */
  readonly retiredModels: 'warn' | 'reject' | 'remap';
  /** Changes that this provider asked for when it refused the same request. @default none */
  readonly repairs?: readonly Repair[];
  /** The message of an answer that this provider paused: go on from there. @default a new answer is wanted */
  readonly continues?: JsonObject | undefined;
  /** True: a turn that upstream paused may end with `pause`, and will be continued. @default false */
  readonly mayPause?: boolean;
}

/** One attempt to get vectors. */
export interface EmbedCall extends Call {
  /** Checked. Never to be changed. */
  readonly request: EmbeddingRequest;
}

/** The vectors of one attempt, in any order, and what they took. */
export interface Embedded {
  /** The provider's own word for the model that answered. @default the id that was sent */
  readonly model?: string | undefined;
  readonly data: readonly Embedding[];
  readonly usage?: Usage | undefined;
}

/** A health check, or a look at the catalogue. */
export interface CheckCall {
  readonly signal: AbortSignal;
  readonly key: number;
  readonly apiKey?: Secret | undefined;
  readonly connectMs: number;
}
