import type { Teller } from '../middleware/telemetry.ts';
import type { Limiter } from '../resilience/limiter.ts';
import { AttemptLimits } from './attempt-limits.ts';
import { isSame } from './changes.ts';
import type { LimitSettings } from './limit-settings.ts';
import type { ProviderStates } from './provider-state.ts';
import { RequestLimits } from './request-limits.ts';
import type { Settings } from './settings.ts';

/** One limit, as it is used now. */
export interface LimitRow {
  /** Requests, or attempts, that it has let in and that are not over. */
  readonly inUse: number;
  /** How many it lets in at once; absent where their number is not limited. */
  readonly concurrency?: number;
}

/** The limits of a pool, as they are used now. */
export interface LimitStats {
  /** How many wait, anywhere. */
  readonly waiting: number;
  /** Absent where the pool has no limit of its own. */
  readonly pool?: LimitRow;
  /** Of each key that is limited and was asked, by its name; of each target, by its label. */
  readonly providers: Readonly<Record<string, LimitRow>>;
}

/** What limits are made from. */
export interface LimitsParts {
  readonly settings: Pick<Settings, 'limits' | 'retry'>;
  readonly states: ProviderStates;
  readonly teller: Teller;
}

/** All limits of a pool: of its requests, and of their attempts. */
export class Limits {
  readonly requests: RequestLimits;
  readonly attempts: AttemptLimits;
  readonly #settings: LimitSettings;

  /**
   * @param before - limits that these take the place of: what is limited as before keeps what it holds, and its queue;
   *   what is not begins anew, beside what is still held of the old
   */
  constructor({ settings: { limits, retry }, states, teller }: LimitsParts, before?: Limits) {
    const { perProvider, perTarget, queue } = limits;
    const { preferWaitMs } = retry;
    const parts = { queue, teller, waited: new WeakMap() };
    this.#settings = limits;
    const requests = before ? before.#requestsAs(limits) : undefined;
    this.requests = requests ?? new RequestLimits(limits, parts);
    const keys = before && isSame(before.#settings.queue, queue) ? before.attempts.providers.all : [];
    this.attempts = new AttemptLimits({ ...parts, perProvider, perTarget, states, preferWaitMs, keys });
  }

  /** Those of requests, if other settings say the same of them. */
  #requestsAs({ pool, perTenant, queue }: LimitSettings): RequestLimits | undefined {
    const { pool: hadPool, perTenant: hadTenants, queue: hadQueue } = this.#settings;
    const isAsBefore = isSame([pool, perTenant, queue], [hadPool, hadTenants, hadQueue]);
    return isAsBefore ? this.requests : undefined;
  }

  stats(): LimitStats {
    const keys = this.attempts.providers.all;
    const { pool, waiting } = this.requests;
    return {
      waiting: keys.reduce((sum, { gate }) => sum + gate.waiting, waiting),
      ...(pool && { pool: rowOf(pool) }),
      providers: Object.fromEntries(keys.map(({ name, limits }) => [name, rowOf(limits.shared)])),
    };
  }
}

function rowOf({ inUse, concurrency }: Limiter): LimitRow {
  return { inUse, ...(concurrency < Number.POSITIVE_INFINITY && { concurrency }) };
}
