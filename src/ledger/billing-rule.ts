import type { ErrorCode } from '../errors/index.ts';

/** How far an attempt had come that ended without a complete answer. */
export type BillingPhase =
  /** The host said no, by its status or inside a stream, and nothing of an answer had come. */
  | 'refused'
  /** It was sent, and nothing came of which an answer could be counted. */
  | 'unanswered'
  /** The answer had begun, and our side ended it: the caller, a timer, the pool. */
  | 'left'
  /** The answer had begun, and the host or the network ended it. */
  | 'broken';

/** What the host bills: nothing, what it had delivered, or nobody can say. */
export type Billed = 'nothing' | 'delivered' | 'unknown';

/** What one host, or any, is known to bill for an attempt that ended so, as read on a day. */
export interface BillingRule {
  /** Providers, by name or by kind. @default every provider */
  readonly providers?: readonly string[];
  readonly phase: BillingPhase;
  /** @default whatever the code */
  readonly codes?: readonly ErrorCode[];
  /** @default whatever the status, also where there was none */
  readonly statuses?: readonly number[];
  readonly billed: Billed;
  /** First day on which it holds, `YYYY-MM-DD` in UTC. @default since ever */
  readonly from?: string;
  /** First day after it, `YYYY-MM-DD` in UTC. @default no end known */
  readonly until?: string;
  /** Where that stands. */
  readonly source: string;
  /** The day on which the source was read, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** An attempt, as far as rules look at it. */
export interface BillingCase {
  readonly provider: { readonly name: string; readonly module?: string };
  readonly phase: BillingPhase;
  readonly code: ErrorCode | undefined;
  /** The upstream's own, where there was one. */
  readonly status?: number | undefined;
  /** Epoch milliseconds. */
  readonly atMs: number;
}
