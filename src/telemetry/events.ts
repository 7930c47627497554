import type { CostPrecision, ErrorCode, Outcome } from '../errors/index.ts';
import type { Usage } from '../usage/usage.ts';
import type {
  AttemptEvent,
  BudgetEvent,
  CircuitEvent,
  EndFacts,
  EventBase,
  LimiterEvent,
  OperationName,
} from './event-payloads.ts';

/**
 * Every event and its payload. An interface, so that a middleware may add its own by declaration merging.
 *
 * Promises: one `*.stop` for each `*.start`, on every exit; no prompt, answer, key or header in any payload.
 */
export interface TelemetryEvents {
  /** A call of the pool began. */
  'request.start': EventBase & {
    readonly operation: OperationName;
    readonly requestedModel: string | undefined;
    readonly stream: boolean;
    readonly tenant?: string | undefined;
  };
  /** A call of the pool ended, on whatever exit. */
  'request.stop': EventBase &
    EndFacts & {
      readonly operation: OperationName;
      readonly attempts: number;
      readonly provider?: string | undefined;
      readonly model?: string | undefined;
      readonly tenant?: string | undefined;
      /** The request whose attempts answered this one too (`singleFlight`): it had none, and cost nothing. */
      readonly sharedWith?: string | undefined;
    };
  /** A call of the pool failed; just before its `request.stop`. */
  'request.error': EventBase & { readonly code: ErrorCode; readonly message: string };
  /** An attempt is about to be sent. */
  'provider.request.start': AttemptEvent;
  /** An attempt ended, on whatever exit. */
  'provider.request.stop': AttemptEvent &
    EndFacts & {
      readonly status?: number | undefined;
      readonly upstreamRequestId?: string | undefined;
    };
  /** An attempt failed; just before its `provider.request.stop`. */
  'provider.error': AttemptEvent & {
    readonly code: ErrorCode;
    readonly message: string;
    readonly status?: number | undefined;
    readonly upstreamRequestId?: string | undefined;
    readonly retryAfterMs?: number | undefined;
    /** Content had already reached the caller. */
    readonly committed: boolean;
    /** Another attempt, here or elsewhere, is allowed by the kind of failure. */
    readonly retryable: boolean;
  };
  /** The commit point: the first content of an attempt. */
  'provider.stream.first_token': AttemptEvent & { readonly ttftMs: number };
  /** One event of content. Built only while somebody listens. */
  'provider.stream.chunk': AttemptEvent & { readonly index: number; readonly chars: number };
  /** Another try at the same target will be made after `delayMs`. */
  'retry.scheduled': AttemptEvent & { readonly delayMs: number; readonly code: ErrorCode };
  /** No further try at this target, although the failure would allow one. */
  'retry.exhausted': AttemptEvent & {
    readonly code: ErrorCode;
    readonly reason: 'attempts' | 'budget' | 'deadline' | 'retry_after';
  };
  /** The next target takes over. */
  failover: EventBase & { readonly from: string; readonly to: string; readonly code: ErrorCode };
  /** An attempt at `from` is slow to begin: another is made beside it at `to`. The first to answer goes on. */
  hedge: EventBase & { readonly from: string; readonly to: string };
  /** A target is left alone for `openMs`. */
  'circuit_breaker.open': CircuitEvent & { readonly openMs: number };
  /** The next request to a target is a probe. */
  'circuit_breaker.half_open': CircuitEvent;
  /** A target is trusted again. */
  'circuit_breaker.close': CircuitEvent;
  /** A target asked to be left alone, or its key was taken out. */
  'target.cooldown': {
    readonly at: number;
    readonly provider: string;
    readonly target: string;
    readonly code: ErrorCode;
    readonly cooldownMs: number;
  };
  /** A plan was made. */
  'router.decide': EventBase & {
    readonly requestedModel: string | undefined;
    readonly candidates: readonly string[];
    /** In cooldown, or their key is out. */
    readonly excluded: readonly string[];
    readonly strategy: string;
  };
  /** A request, or an attempt of it, has to wait for a limit; then it is `limiter.admitted` or `limiter.rejected`. */
  'limiter.queued': LimiterEvent & {
    readonly priority: 'high' | 'normal' | 'low';
    /** How many wait in the queue, this one included; there is none for `upstream`. */
    readonly waiting?: number | undefined;
  };
  /** What waited goes on. Not told of what finds room at once. */
  'limiter.admitted': LimiterEvent & { readonly waitedMs: number };
  /** What a limit held back was refused, at once or after a wait, or was ended while it waited. */
  'limiter.rejected': LimiterEvent & {
    readonly code: ErrorCode;
    readonly waitedMs: number;
    readonly retryAfterMs?: number | undefined;
  };
  /** An answer that broke goes on at another target. */
  'stream.continued': EventBase & {
    readonly from: string;
    readonly to: string;
    /** Of the break. */
    readonly code: string;
    readonly afterChars: number;
    readonly method: 'prefill' | 'plain';
  };
  /** What one attempt cost: its row in the ledger; 0, and no row, for one that ended before anything left the process. */
  'cost.recorded': AttemptEvent & {
    /** The row's place in the ledger. */
    readonly run?: string | undefined;
    readonly sequence?: number | undefined;
    readonly tenant?: string | undefined;
    /** Of the call's `metadata`, what `ledger.labels` names. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    /** The model that upstream says has answered. */
    readonly servedModel?: string | undefined;
    /** The label of the key, never the key. */
    readonly key?: string | undefined;
    readonly usage?: Usage | undefined;
    readonly costUsd?: number | undefined;
    /** The same in whole nanodollars (1e-9 USD). */
    readonly costNanoUsd?: number | undefined;
    readonly precision: CostPrecision;
    readonly outcome: Outcome;
    readonly code?: ErrorCode | undefined;
  };
  /** Rows of the ledger could not be written to its sink, or are lost. */
  'ledger.failed': {
    readonly at: number;
    /** `write_failed` is tried again; with `buffer_full` and `closed` rows are gone. */
    readonly reason: 'write_failed' | 'buffer_full' | 'closed';
    readonly message: string;
    /** Rows that wait to be written. */
    readonly pending: number;
    /** Rows lost so far. */
    readonly lost: number;
  };
  /** The store of shared limits and budgets failed, or was late. Until it is back each process goes by `onFailure`. */
  'store.lost': {
    readonly at: number;
    readonly onFailure: 'local' | 'reject' | 'open';
    readonly message: string;
  };
  /** The store is there again. What was spent meanwhile is told to it. */
  'store.recovered': { readonly at: number; readonly awayMs: number };
  /** The most an attempt can cost was set aside in its budgets, before it is sent. */
  'budget.reserved': EventBase & {
    readonly tenant?: string | undefined;
    readonly target: string;
    readonly reservedUsd: number;
  };
  /** Spending, with what is reserved, has come to the `warnAt` share of a budget. Told once in a window. */
  'budget.threshold': BudgetEvent;
  /** An attempt was refused, since it could have cost more than its budget has left. Nothing was sent. */
  'budget.exceeded': BudgetEvent & {
    /** The most it could have cost; absent where its target has no price. */
    readonly wantedUsd?: number | undefined;
    /** When there is room for it again at the earliest, in epoch milliseconds. */
    readonly resetsAt: number;
  };
  /** The translation weakened something, or a model is past its date. The answer goes on. */
  'translation.warning': EventBase & {
    readonly provider: string;
    readonly code: string;
    readonly param?: string | undefined;
    readonly message: string;
  };
  /** The pool goes on with other options: what has changed, by name (`providers.acme`, `models.fast`, `retry`). */
  'config.updated': { readonly at: number; readonly changed: readonly string[] };
  /** A listener threw or rejected. Told once per listener and event name. */
  'telemetry.listener_failed': { readonly at: number; readonly event: string; readonly message: string };
}

/** A name in the table of events. */
export type EventName = keyof TelemetryEvents;

type ProviderEventName = Extract<EventName, `provider.${string}`>;
type AfterProvider<Name extends string> = Name extends `provider.${infer Rest}` ? Rest : never;

/** The same event of one provider only: `provider.anthropic.request.stop`. */
export type ScopedEventName = `provider.${string}.${AfterProvider<ProviderEventName>}`;

/** What `pool.on` accepts: a name, a name narrowed to one provider, or `*` for all. */
export type Subscription = EventName | ScopedEventName | '*';

/** An event with its name, as a `*` listener hears it. */
export type AnyTelemetryEvent = {
  [Name in EventName]: TelemetryEvents[Name] & { readonly name: Name };
}[EventName];

/** The table's name behind a narrowed one. Compares ends, because a provider's name may hold dots itself. */
type UnscopedName<S extends string> = {
  [Name in ProviderEventName]: S extends `provider.${string}.${AfterProvider<Name>}` ? Name : never;
}[ProviderEventName];

/** The payload a listener of `S` receives. */
export type EventOf<S extends Subscription> = S extends '*'
  ? AnyTelemetryEvent
  : S extends EventName
    ? TelemetryEvents[S] & { readonly name: S }
    : TelemetryEvents[UnscopedName<S>] & { readonly name: UnscopedName<S> };

/** Hears one kind of event. What it returns is ignored; a rejection is counted and told, nothing else. */
export type Listener<S extends Subscription> = (event: EventOf<S>) => unknown;

/** Tells an event to whoever listens. */
export type Emit = {
  <Name extends EventName>(name: Name, payload: TelemetryEvents[Name]): void;
  /** False when nobody listens: then nothing need be built. */
  readonly wants: (name: EventName) => boolean;
};
