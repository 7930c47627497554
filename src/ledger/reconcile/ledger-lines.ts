import { ConfigError } from '../../errors/index.ts';
import type { LedgerRow } from '../ledger-row.ts';
import type { SpendGroup } from '../spend-query.ts';
import { statedFigures, type UsageLine } from './usage-line.ts';

/** One side of a comparison: rows as a sink gets them, or groups as `pool.spend` answers them. */
export type LedgerSide = Iterable<LedgerRow | SpendGroup>;

/** A line of the ledger, and how sure it is. */
export interface LedgerLine extends UsageLine {
  /** Attempts whose tokens or cost nobody knows, and that are therefore in no figure. */
  readonly unknown: number;
  /** Attempts whose figures are estimates. */
  readonly estimated: number;
}

/**
 * The ledger's lines about one provider.
 *
 * @throws ConfigError for groups that are not by day and by model
 */
export function ledgerLines(ledger: LedgerSide, provider: string): LedgerLine[] {
  return [...ledger].flatMap((each) => {
    const line = 'by' in each ? groupLine(each, provider) : rowLine(each, provider);
    return line ?? [];
  });
}

function rowLine(row: LedgerRow, provider: string): LedgerLine | undefined {
  if (row.provider !== provider) return undefined;
  const { usage = {}, costNanoUsd, precision } = row;
  return {
    day: new Date(row.at).toISOString().slice(0, 10),
    model: row.servedModel ?? row.model,
    figures: statedFigures({
      inputTokens: usage.inputTokens,
      cacheReadTokens: usage.cacheReadTokens,
      cacheWrite5mTokens: usage.cacheWrite5mTokens,
      cacheWrite1hTokens: usage.cacheWrite1hTokens,
      outputTokens: usage.outputTokens,
      webSearches: usage.serverTools?.webSearchRequests,
      costUsd: costNanoUsd,
    }),
    unknown: precision === 'unknown' ? 1 : 0,
    estimated: precision === 'estimated' ? 1 : 0,
  };
}

function groupLine(group: SpendGroup, provider: string): LedgerLine | undefined {
  const { by, tokens, webSearches, nanoUsd: costUsd, unpriced: unknown, estimated } = group;
  if (by.provider !== undefined && by.provider !== provider) return undefined;
  const model = by.servedModel ?? by.model;
  if (by.day === undefined || model === undefined) {
    throw new ConfigError(
      "reconcile: ask for groups with `groupBy: ['provider', 'day', 'servedModel']`, or ['provider', 'day', 'model']",
    );
  }
  const { reasoningTokens: _, ...figures } = tokens;
  return { day: by.day, model, figures: { ...figures, webSearches, costUsd }, unknown, estimated };
}
