import * as z from 'zod';
import type { OnStoreFailure } from '../state/shared-store.ts';
import type { StateStore } from '../state/state-store.ts';
import { identityOf } from './budget-account.ts';
import type { Budget } from './budget-options.ts';

/**
 * What the pools of several processes keep together: `limits`, `cost.budgets`, and when a target or its key asked to
 * be left alone. Circuits, latencies and queues stay with each process.
 *
 * A limit is then one of all of them, over any minute; one that has no room there waits in the queue of its process.
 */
export interface SharedOptions {
  /** `redisStore(client)` of `runestone/redis`, or one of your own. */
  readonly store: StateStore;
  /** How many processes share it: what each may use of a limit while the store is away. Integer ≥ 1. */
  readonly expectedProcesses: number;
  /**
   * While the store is away: keep to that share, refuse what a limit or a budget is set on, or only go by this
   * process.
   *
   * @default 'local'
   */
  readonly onFailure?: OnStoreFailure;
  /** How long a request waits for the store, once, in milliseconds; then it is away for 5 s. @default 50 */
  readonly timeoutMs?: number;
  /** Also count `concurrency` over all processes; a permit of one that died is back at its request's deadline. @default false */
  readonly concurrency?: boolean;
}

/** Shared state with every default filled in. */
export type SharedSettings = Required<SharedOptions>;

/** The section `shared` of a pool's options. */
export const sharedShape: z.ZodType<SharedSettings> = z.strictObject({
  store: z.custom<StateStore>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      ['take', 'settle', 'mark'].every((name) => name in value),
    'must be a store: take, settle and mark',
  ),
  expectedProcesses: z.int().min(1),
  onFailure: z.enum(['local', 'reject', 'open']).default('local'),
  timeoutMs: z.number().min(1).max(10_000).default(50),
  concurrency: z.boolean().default(false),
});

/** What is wrong with budgets that share an account, if two of them do. */
export function twinOf(budgets: readonly Budget[]): string | undefined {
  const identities = budgets.map(identityOf);
  const index = identities.findIndex((identity, at) => identities.indexOf(identity) !== at);
  return index < 0
    ? undefined
    : `cost.budgets[${index}]: another one is the same; give it a \`name\` of its own`;
}
