/**
 * Limits of the pool's own, all in memory: what is over them waits its turn, or is refused. None until configured.
 *
 * @default none
 */
export interface LimitsOptions {
  /** Of all requests together: `requestsPerMinute`, `tokensPerMinute`, `concurrency`, each if wanted. @default none */
  readonly pool?: Limit;
  /**
   * Of the attempts at a provider, by its name; each of several keys has the same, unless named as `name[0]`. A call
   * with an `apiKey` of its own is not held back.
   *
   * @default none
   */
  readonly perProvider?: Readonly<Record<string, Limit>>;
  /**
   * Of the attempts at one target, beside the limit of its provider: `openai/gpt-5.5`, or `openai[0]/gpt-5.5` with one
   * key alone.
   *
   * @default none
   */
  readonly perTarget?: Readonly<Record<string, Limit>>;
  /** Of the requests of each tenant; a function is asked when a tenant comes. Without a `tenant` there is none. @default none */
  readonly perTenant?: Limit | ((tenant: string) => Limit);
  readonly queue?: QueueOptions;
}

/** One limit. What is left out is not limited. */
export interface Limit {
  /** > 0. A minute's worth may come at once; it is refilled all the time. */
  readonly requestsPerMinute?: number;
  /**
   * Read and written together, but for what was read from a prompt cache. > 0. Reserved by an estimate of the prompt
   * and the cap on the answer, settled by what the provider reports.
   */
  readonly tokensPerMinute?: number;
  /** At once: an integer ≥ 1, or `adaptive` to find out by the refusals of the host. */
  readonly concurrency?: number | 'adaptive';
}

/** Where those wait that a limit holds back: by priority, fair between tenants, in order of arrival. */
export interface QueueOptions {
  /** How many may wait, for the pool and for each provider; 0 for none. @default 1_000 */
  readonly size?: number;
  /** How long one request may wait in all, in milliseconds, within its deadline; 0 for not at all. @default 30_000 */
  readonly maxWaitMs?: number;
}

/** Whom the queue serves first: strictly, so that `low` gets what the others leave. */
export type Priority = 'high' | 'normal' | 'low';
