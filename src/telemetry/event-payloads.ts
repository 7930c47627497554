import type { CostPrecision, ErrorCode, Outcome } from '../errors/index.ts';
import type { Usage } from '../usage/usage.ts';

/** On every event: which request, and when (epoch milliseconds). */
export interface EventBase {
  readonly requestId: string;
  /** Wall clock, epoch milliseconds. Durations come from a monotonic clock instead. */
  readonly at: number;
}

/** What a request asks for: an answer, vectors, or a count of its tokens. */
export type OperationName = 'chat' | 'embeddings' | 'count_tokens';

/** On every event of an attempt. */
export interface AttemptEvent extends EventBase {
  readonly provider: string;
  /** The model id sent upstream. */
  readonly model: string;
  /** `provider/model`, with the key's index where the provider has several. */
  readonly target: string;
  /** 1-based, counted over the whole request. */
  readonly attempt: number;
}

/** How a request or attempt ended, and what it took. */
export interface EndFacts {
  readonly outcome: Outcome;
  readonly usage?: Usage | undefined;
  readonly costUsd?: number | undefined;
  readonly precision: CostPrecision;
  readonly durationMs: number;
  readonly ttftMs?: number | undefined;
  readonly finishReason?: string | undefined;
  /** Set when the outcome is not `ok`. */
  readonly code?: ErrorCode | undefined;
}

/** A limit of the pool's own, or one that a host has told of. */
export interface LimiterEvent extends EventBase {
  /** Whose limit it is; `upstream` is the host's, which is waited for only while that is short. */
  readonly scope: 'pool' | 'tenant' | 'provider' | 'upstream';
  /** Set where an attempt is limited and not the request. */
  readonly provider?: string | undefined;
  readonly tenant?: string | undefined;
}

/** How a budget stands. */
export interface BudgetEvent extends EventBase {
  readonly tenant?: string | undefined;
  /** Its name. */
  readonly budget: string;
  /** Which tenant, key, provider or value of a label it is; empty for that of the whole pool. */
  readonly of: string;
  /** Spent within the window and reserved, together. */
  readonly spentUsd: number;
  readonly limitUsd: number;
}

/** A circuit changed its mind. */
export interface CircuitEvent {
  readonly at: number;
  readonly provider: string;
  readonly target: string;
  readonly from: 'closed' | 'open' | 'half_open';
  readonly to: 'closed' | 'open' | 'half_open';
  /** What moved it: `failures`, `probe_failed`, `probe_succeeded`, `open_time_over`. */
  readonly reason: string;
}
