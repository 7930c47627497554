import type { Ledger } from '../ledger/ledger.ts';
import { PriceTable } from '../pricing/price-table.ts';
import { RetryBudget } from '../resilience/retry-budget.ts';
import type { SharedStore } from '../state/shared-store.ts';
import type { Emit } from '../telemetry/events.ts';
import { assemble } from './assemble.ts';
import { Budgets } from './budgets.ts';
import { isSame } from './changes.ts';
import { costBound } from './cost-bound.ts';
import type { Environment } from './environment.ts';
import { FrontDesk } from './front-desk.ts';
import { ledgerOf } from './ledger-options.ts';
import type { Lifecycle } from './lifecycle.ts';
import { Limits } from './limits.ts';
import type { PoolOptions } from './options.ts';
import { ProviderStates } from './provider-state.ts';
import { Routes } from './routes.ts';
import { type Settings, toSettings } from './settings.ts';
import { sharedStoreOf, sharingOf } from './shared-setup.ts';

/** What a pool has whatever its options are. */
export interface Ground {
  readonly environment: Environment;
  readonly emit: Emit;
  readonly lifecycle: Lifecycle;
}

/** All that a pool makes of its options. A request stays with the setup that took it in. */
export interface Setup {
  /** As they were handed in: what the caller changes in them later changes nothing. */
  readonly options: PoolOptions;
  readonly settings: Settings;
  readonly states: ProviderStates;
  readonly routes: Routes;
  readonly limits: Limits;
  readonly budgets: Budgets;
  /** What other processes see as well. */
  readonly shared: SharedStore | undefined;
  readonly retryBudget: RetryBudget;
  readonly ledger: Ledger;
  readonly desk: FrontDesk;
}

/**
 * Makes a setup, all of it or nothing.
 *
 * @param before - the setup that it takes the place of, whose memory it goes on with as far as options are the same
 * @throws ConfigError naming every option that is wrong or unknown; then `before` is as it was
 */
export function setUp(given: PoolOptions, ground: Ground, before?: Setup): Setup {
  const { environment, emit, lifecycle } = ground;
  const { nowMs, epochMs, random, startTimer } = environment;
  const settings = toSettings(given);
  const options = copyOf(given);
  const teller = { emit, nowMs, epochMs, startTimer };
  const states = before?.states ?? new ProviderStates({ settings, teller, random });
  const prices = new PriceTable(options.cost?.prices);
  const parts = { settings, states, prices, teller, random };
  const routes = new Routes({ pool: options, ...parts }, before?.routes);
  const limits = new Limits(parts, before?.limits);
  const costs = { budgets: options.cost?.budgets ?? [], boundOf: costBound(routes), teller };
  const budgets = new Budgets(costs, before?.budgets);
  const shared =
    before && isSame(before.settings.shared, settings.shared)
      ? before.shared
      : sharedStoreOf(settings, teller, before?.shared);
  const sharing = shared && sharingOf({ settings, store: shared, states, limits, budgets, teller });
  const { budget } = settings.retry;
  const hasBudget = before && isSame(before.settings.retry.budget, budget);
  const retryBudget = hasBudget ? before.retryBudget : new RetryBudget(budget, nowMs);
  const ledger = before?.ledger ?? ledgerOf(options.ledger, teller);
  const { middleware = [] } = options;
  const assembly = assemble({ ...parts, routes, limits, budgets, sharing, retryBudget, ledger, middleware });
  const defaults = {
    totalMs: settings.timeouts.totalMs,
    strict: options.strict ?? false,
    retiredModels: options.retiredModels ?? 'warn',
    singleFlight: options.singleFlight ?? false,
  };
  const desk = new FrontDesk({ assembly, lifecycle, defaults, environment });
  // Last, since from here on nothing can fail.
  states.configure(settings, sharing?.tellOthers);
  if (before && !isSame(before.options.ledger, options.ledger)) ledger.configure(options.ledger ?? {});
  return { options, settings, states, routes, limits, budgets, shared, retryBudget, ledger, desk };
}

function copyOf(options: PoolOptions): PoolOptions {
  const { providers, models } = options;
  return { ...options, providers: [...providers], ...(models && { models: structuredClone(models) }) };
}
