import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerRow } from '../ledger/ledger-row.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import type { Ending, Watch } from '../pipeline/observe.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { frozenCopy } from '../telemetry/frozen-copy.ts';
import { attemptEvent, codeOf } from './attempt-event.ts';
import { keyLabelOf } from './node-key-label.ts';
import { FREE, type Settlement, settle, wasSent } from './settlement.ts';
import type { Teller } from './telemetry.ts';

/**
 * Prices every attempt, aborted and failed ones too, tells of it once, and enters those into the ledger that left
 * the process. Of the others it is certain that they cost nothing.
 *
 * Inside the user's middleware, around the timers: an attempt that dies is still money.
 */
export function recordCost(prices: PriceTable, ledger: Ledger, teller: Teller): Watch<AttemptContext> {
  const { emit, epochMs } = teller;
  return function recordCost(attempt) {
    return {
      onEnd(ending) {
        const { tally } = attempt;
        const at = epochMs();
        // From here on nobody writes to it; frozen, one object serves every event and record.
        if (tally.usage) tally.usage = frozenCopy(tally.usage);
        const sent = wasSent(attempt, ending);
        const settled = sent ? settle(attempt, ending, prices, at) : FREE;
        tally.costUsd = settled.nanoUsd === undefined ? undefined : settled.nanoUsd / 1e9;
        tally.precision = settled.precision;
        const row = sent ? rowOf(attempt, ending, settled, at, ledger) : undefined;
        if (row) ledger.add(row);
        if (emit.wants('cost.recorded')) tell(attempt, ending, row, teller);
      },
    };
  };
}

function rowOf(
  attempt: AttemptContext,
  ending: Ending,
  { usage, nanoUsd, precision }: Settlement,
  at: number,
  ledger: Ledger,
): LedgerRow {
  const { request, target, tally } = attempt;
  return {
    run: ledger.run,
    sequence: ledger.next(),
    at,
    requestId: request.requestId,
    attempt: attempt.attempt,
    operation: request.operation.kind,
    tenant: request.tenant,
    labels: ledger.labelsOf(request.metadata),
    provider: target.provider.name,
    model: target.model,
    servedModel: tally.servedModel,
    key: keyLabelOf(attempt),
    usage,
    costNanoUsd: nanoUsd,
    precision,
    outcome: ending.outcome,
    code: codeOf(ending),
  };
}

/** The row, by the names that events have for it. */
function tell(
  attempt: AttemptContext,
  { outcome }: Ending,
  row: LedgerRow | undefined,
  teller: Teller,
): void {
  const { tally } = attempt;
  const { requestId, at, provider, model, target, attempt: number } = attemptEvent(attempt, teller.epochMs());
  teller.emit('cost.recorded', {
    requestId,
    at: row?.at ?? at,
    provider,
    model,
    target,
    attempt: number,
    run: row?.run,
    sequence: row?.sequence,
    tenant: attempt.request.tenant,
    labels: row?.labels,
    servedModel: row?.servedModel,
    key: row?.key,
    usage: row?.usage,
    costUsd: tally.costUsd,
    costNanoUsd: row ? row.costNanoUsd : 0,
    precision: tally.precision,
    outcome,
    code: row?.code,
  });
}
