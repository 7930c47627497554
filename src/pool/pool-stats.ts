import type { Ledger, LedgerStats } from '../ledger/ledger.ts';
import type { SpendStats } from '../ledger/spend-memory.ts';
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
  /** Money and tokens: since the pool began, and by provider, model and tenant in the last minute, hour and day. */
  readonly spend: SpendStats;
  readonly ledger: LedgerStats;
}

/** What has been counted so far. */
export function poolStats(
  states: ProviderStates,
  limits: Limits,
  budgets: Budgets,
  ledger: Ledger,
): PoolStats {
  const targets = [...states.all()].map((state) => [
    state.target.label,
    { ...state.stats.row(), circuit: state.circuit },
  ]);
  return {
    total: states.total.row(),
    targets: Object.fromEntries(targets),
    limits: limits.stats(),
    budgets: budgets.rows(),
    spend: ledger.spendStats(),
    ledger: ledger.stats(),
  };
}
