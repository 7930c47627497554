import type { Teller } from '../middleware/telemetry.ts';
import { realTimer } from '../resilience/timing.ts';
import { SharedStore, type SharedStoreParts } from '../state/shared-store.ts';
import type { Budgets } from './budgets.ts';
import type { Limits } from './limits.ts';
import type { ProviderStates } from './provider-state.ts';
import type { Settings } from './settings.ts';
import { SharedClaims } from './shared-claims.ts';
import { SharedCooldowns } from './shared-cooldowns.ts';
import { Sharing } from './sharing.ts';

/** What sharing is made from. */
export interface SharedSetupParts {
  readonly settings: Pick<Settings, 'shared'>;
  readonly store: SharedStore;
  readonly states: ProviderStates;
  readonly limits: Limits;
  readonly budgets: Budgets;
  readonly teller: Teller;
}

/**
 * The store that the options name, if any, with what it tells of itself.
 *
 * @param before - the one of the options before: over the same store it hands on what it knows
 */
export function sharedStoreOf(
  { shared }: Pick<Settings, 'shared'>,
  { emit, nowMs, epochMs, startTimer = realTimer }: Teller,
  before?: SharedStore,
): SharedStore | undefined {
  if (!shared) return undefined;
  const { onFailure, store } = shared;
  const parts: SharedStoreParts = {
    ...shared,
    nowMs,
    epochMs,
    startTimer,
    onLost: (message) => emit('store.lost', { at: epochMs(), onFailure, message }),
    onRecovered: (awayMs) => emit('store.recovered', { at: epochMs(), awayMs }),
  };
  return new SharedStore(parts, before?.inner === store ? before : undefined);
}

/** What attempts ask a store for. */
export function sharingOf({ settings, store, states, limits, budgets, teller }: SharedSetupParts): Sharing {
  const { nowMs, epochMs } = teller;
  const countsPermits = settings.shared?.concurrency ?? false;
  return new Sharing({
    store,
    limits,
    claims: new SharedClaims({ limits, budgets, countsPermits, nowMs, epochMs }),
    cooldowns: new SharedCooldowns({ store, states, nowMs }),
    rejects: settings.shared?.onFailure === 'reject',
  });
}
