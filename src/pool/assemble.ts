import type { Ledger } from '../ledger/ledger.ts';
import { breakCircuit } from '../middleware/breaker.ts';
import { recordCost } from '../middleware/cost.ts';
import { runProvider } from '../middleware/run-provider.ts';
import { type Teller, traceAttempt, traceRequest } from '../middleware/telemetry.ts';
import {
  type AttemptContext,
  compose,
  type Handler,
  type Middleware,
  type RequestContext,
} from '../pipeline/middleware.ts';
import { type Watch, watching } from '../pipeline/observe.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { RetryBudget } from '../resilience/retry-budget.ts';
import { attemptLoop } from './attempt-loop.ts';
import type { Budgets } from './budgets.ts';
import { Hedging } from './hedging.ts';
import type { Limits } from './limits.ts';
import type { ProviderStates } from './provider-state.ts';
import type { Routes } from './routes.ts';
import type { Settings } from './settings.ts';
import type { Sharing } from './sharing.ts';
import { SingleFlight } from './single-flight.ts';

/** What both scopes are made of. */
export interface Parts {
  readonly settings: Settings;
  readonly states: ProviderStates;
  readonly routes: Routes;
  readonly prices: PriceTable;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly budgets: Budgets;
  /** With other processes. @default nothing is shared */
  readonly sharing?: Sharing | undefined;
  readonly retryBudget: RetryBudget;
  readonly middleware: readonly Middleware[];
  readonly teller: Teller;
  readonly random: () => number;
}

/** What happens to a request: who watches it from beginning to end, and who answers it. */
export interface Assembly {
  readonly watch: Watch<RequestContext>;
  readonly handle: Handler<RequestContext>;
}

/**
 * The table of contents of the library: everything that happens to a request, top to bottom.
 *
 * Limits are outside the attempts they hold back, so that to wait for one holds no probe of a breaker and runs no
 * timer, and what we refuse ourselves is never held against a provider. Your own request scope is outside of them,
 * so that what it answers itself costs nothing.
 *
 * Retry is outside the breaker, so that each try asks it and informs it. The breaker is outside telemetry, so
 * that no attempt is told of which was not made. Cost is inside your middleware and around the timers, so
 * that an attempt that dies is still money.
 */
export function assemble(parts: Parts): Assembly {
  const {
    settings,
    states,
    routes,
    prices,
    limits,
    ledger,
    budgets,
    sharing,
    retryBudget,
    middleware,
    teller,
  } = parts;

  // ATTEMPT SCOPE, once for each upstream try.
  const yours = middleware.flatMap((each) => each.attempt ?? []);
  const outer = [
    breakCircuit(states),
    traceAttempt(teller, states),
    budgets.watch,
    ...(sharing ? [sharing.watch] : []),
    ...limits.attempts.watches,
  ];
  const inner = [recordCost(prices, ledger, teller), routes.remember];
  // With nothing of yours in between, all look on in the same place.
  const plain = yours.length === 0;
  const attempt = compose<AttemptContext>(
    plain ? [] : [watching(...outer), ...yours],
    runProvider({
      timers: settings.timeouts,
      nowMs: teller.nowMs,
      startTimer: teller.startTimer,
      watches: plain ? [...outer, ...inner] : inner,
      onHead: limits.attempts.heed,
    }),
  );

  // REQUEST SCOPE, once for each call of the pool. Telemetry is told by the front door, which knows of every end,
  // also that of an answer which nobody reads.
  const asking = { ...parts, attempt, plan: routes.plan, budget: retryBudget };
  const hedging = settings.hedge && new Hedging(settings.hedge, asking);
  const flights = new SingleFlight();
  const handle = compose<RequestContext>(
    middleware.flatMap((each) => each.request ?? []),
    flights.sharing(attemptLoop({ ...asking, hedging })),
  );
  const limited = limits.requests.seeing(traceRequest(teller));
  return { watch: flights.seeing(sharing ? sharing.seeing(limited) : limited), handle };
}
