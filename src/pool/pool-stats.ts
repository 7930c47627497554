import type { BudgetRow, Budgets } from './budgets.ts';
import type { LimitStats, Limits } from './limits.ts';
import type { ProviderStates } from './provider-state.ts';
import type { StatsRow } from './target-stats.ts';

/** Counts of the pool: in total, and for each target by its label. */
export interface PoolStats {
  readonly total: StatsRow;
  readonly targets: Readonly<Record<string, StatsRow & { readonly circuit: string }>>;
  readonly limits: LimitStats;
  /** Every account of a budget that has spent or reserved anything. */
  readonly budgets: readonly BudgetRow[];
}

/** What has been counted so far. */
export function poolStats(states: ProviderStates, limits: Limits, budgets: Budgets): PoolStats {
  const targets = [...states.all()].map((state) => [
    state.target.label,
    { ...state.stats.row(), circuit: state.circuit },
  ]);
  return {
    total: states.total.row(),
    targets: Object.fromEntries(targets),
    limits: limits.stats(),
    budgets: budgets.rows(),
  };
}
