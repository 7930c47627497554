import type { ChatCompletion, ChatRequest, ForeignChatRequest, ProviderPool } from '../index.ts';
import { isOverflowId, overflowId } from './node-overflow-id.ts';
import type { OverflowResult } from './overflow-data.ts';
import {
  checkedCall,
  type OverflowCall,
  type OverflowOptions,
  toOverflowSettings,
} from './overflow-options.ts';
import { OverflowStore } from './overflow-store.ts';
import { isOwnRefusal } from './own-refusal.ts';

/** What became of a request at once. */
export type OverflowOutcome =
  | { readonly status: 'answered'; readonly completion: ChatCompletion }
  | { readonly status: 'queued'; readonly id: string };

/** A pool whose own refusals are not the last word. */
export interface Overflow {
  /**
   * Asks the pool; what it has no room for is queued, and run later by a worker. Streams are not.
   *
   * With an idempotency key the queue is asked first: what waits there is not asked again, what was answered is the
   * answer. A `schemaFormat` shapes a queued answer too, but nobody parses it.
   *
   * @throws ConfigError for an `apiKey` or a `signal`; RunestoneError as `pool.request` does, its refusal included
   *   where the queue does not take the request
   */
  request(request: ChatRequest | ForeignChatRequest, call?: OverflowCall): Promise<OverflowOutcome>;
  /**
   * What is known of a queued request; `undefined` when nothing is, or not any more.
   *
   * @param asked.tenant - whose request it must be, if given. An id that comes from outside proves nothing.
   * @throws Error when Redis cannot be reached
   */
  result(id: string, asked?: { readonly tenant?: string }): Promise<OverflowResult | undefined>;
}

/**
 * Puts a durable queue behind a pool: what its limits refuse waits in BullMQ, on Redis, for `overflowWorker`.
 *
 * A job's data holds the request until it is answered, and then the answer: use a `cipher` where Redis may not see
 * either. Nothing else does, neither names and ids of jobs nor events and errors.
 *
 * @throws ConfigError
 *
 * @example
 * const spill = overflow(pool, { queue: new Queue('overflow', { connection }) });
 * const outcome = await spill.request({ model: 'fast', messages }, { tenant: 'acme', idempotencyKey: 'order-7' });
 * if (outcome.status === 'queued') await spill.result(outcome.id);
 */
export function overflow(pool: Pick<ProviderPool, 'request'>, options: OverflowOptions): Overflow {
  const settings = toOverflowSettings(options);
  const store = new OverflowStore(settings);
  return {
    async request(request, given = {}) {
      const { idempotencyKey, ...call } = checkedCall(given);
      const { tenant, priority } = call;
      const id = overflowId(tenant, idempotencyKey);
      // Before anything is waited for, as the pool does: what the caller changes later is another request.
      const text = textOf(request, call, Date.now() + settings.maxWaitMs);
      const known = idempotencyKey === undefined ? undefined : await store.earlier(id);
      if (known) return known.status === 'answered' ? known : { status: 'queued', id };
      try {
        return { status: 'answered', completion: await pool.request(request, call) };
      } catch (error) {
        const isForLater = text !== undefined && isOwnRefusal(error);
        if (isForLater && (await store.add({ id, text, priority }))) return { status: 'queued', id };
        throw error;
      }
    },
    async result(id, { tenant } = {}) {
      return isOverflowId(id) ? store.result(id, tenant) : undefined;
    },
  };
}

/** `undefined` for what is no JSON, which the pool refuses. */
function textOf(request: object, call: OverflowCall, expiresAtMs: number): string | undefined {
  const { deadlineMs: _, ...kept } = call;
  const { tenant } = call;
  try {
    return JSON.stringify({ status: 'asked', tenant, request, call: kept, expiresAtMs });
  } catch {
    return undefined;
  }
}
