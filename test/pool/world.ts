import type { Batch } from '../../src/chat/events.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { Cancellation } from '../../src/pipeline/cancellation.ts';
import type { Handler, RequestContext } from '../../src/pipeline/middleware.ts';
import { watching } from '../../src/pipeline/observe.ts';
import { openStream } from '../../src/pipeline/open-stream.ts';
import { Answer } from '../../src/pool/answer.ts';
import { assemble } from '../../src/pool/assemble.ts';
import { Budgets } from '../../src/pool/budgets.ts';
import { costBound } from '../../src/pool/cost-bound.ts';
import { ledgerOf } from '../../src/pool/ledger-options.ts';
import { Limits } from '../../src/pool/limits.ts';
import type { CallOptions, PoolOptions } from '../../src/pool/options.ts';
import { ProviderStates } from '../../src/pool/provider-state.ts';
import { Routes } from '../../src/pool/routes.ts';
import { RunningRequest } from '../../src/pool/running-request.ts';
import { toSettings } from '../../src/pool/settings.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import { RetryBudget } from '../../src/resilience/retry-budget.ts';
import { ask, type Recorder, recorder, requestContext } from '../contexts.ts';

/** Everything below the pool's front door, on the clock of the (faked) timers. */
export interface World {
  readonly handle: Handler<RequestContext>;
  readonly states: ProviderStates;
  readonly limits: Limits;
  readonly told: Recorder;
  /** A context for the alias `all`, due in the pool's total time. */
  readonly context: (
    request?: Partial<ChatRequest>,
    facts?: Parameters<typeof requestContext>[0],
  ) => RequestContext;
}

/** How a request went. */
export interface Run {
  readonly context: RequestContext;
  readonly cancellation: Cancellation;
  /** What the caller has got so far. */
  readonly got: Batch[];
  readonly texts: () => string;
  error?: unknown;
  /** When it settled, on the clock; `undefined` while it runs. */
  endedMs?: number;
  readonly ended: Promise<void>;
}

const now = (): number => performance.now();

/**
 * @param options - as a pool takes them; without `models`, the alias `all` means every provider in order
 * @param random - 0.5 is the middle of every jitter
 */
export function world(options: PoolOptions, random: () => number = () => 0.5): World {
  const all = options.providers.map(({ name }) => `${name}/m`);
  const complete: PoolOptions = { models: { all }, ...options };
  const settings = toSettings(complete);
  const told = recorder(now);
  const { teller } = told;
  const states = new ProviderStates({ settings, teller, random });
  const limits = new Limits({ settings, states, teller });
  const prices = new PriceTable(complete.cost?.prices);
  const routes = new Routes({ pool: complete, states, prices, teller, random });
  const budgets = new Budgets({ budgets: complete.cost?.budgets ?? [], boundOf: costBound(routes), teller });
  const { watch, handle } = assemble({
    settings,
    states,
    routes,
    prices,
    limits,
    budgets,
    retryBudget: new RetryBudget(settings.retry.budget, teller.nowMs),
    ledger: ledgerOf(complete.ledger, teller),
    middleware: complete.middleware ?? [],
    teller,
    random,
  });
  return {
    // As the front door does it: watched from beginning to end.
    handle: (context) => watching(watch)(context, handle),
    states,
    limits,
    told,
    context: (request, facts) =>
      requestContext({
        deadlineMs: now() + settings.timeouts.totalMs,
        request: { ...ask(), stream: true, model: 'all', ...request },
        ...facts,
      }),
  };
}

/** Asks as the pool does, and reads to the end. The total time is the test's to enforce. */
export function run({ handle, context: make }: World, ...args: Parameters<World['context']>): Run {
  const cancellation = new Cancellation();
  const context = make(args[0], { cancellation, ...args[1] });
  const got: Batch[] = [];
  const state: Omit<Run, 'ended'> = {
    context,
    cancellation,
    got,
    texts: () =>
      got
        .flat()
        .map((event) => (event.type === 'text_delta' ? event.text : ''))
        .join(''),
  };
  const read = async (): Promise<void> => {
    try {
      const opened = await openStream(handle(context), context.request.stream !== true);
      for await (const batch of opened) got.push(batch);
    } catch (error) {
      state.error = error;
    }
    state.endedMs = now();
  };
  return Object.assign(state, { ended: read() });
}

/** An opened answer, as the pool hands it out. `ends` counts how often it said that it was over. */
export async function answerOf(
  { handle }: Pick<World, 'handle'>,
  request: Partial<ChatRequest> = {},
  call: CallOptions = {},
): Promise<{ readonly answer: Answer; readonly running: RunningRequest; readonly ends: () => number }> {
  const asked: ChatRequest = { ...ask(), stream: true, model: 'all', ...request };
  const running = new RunningRequest(
    asked,
    { requestId: 'req-1', ...call },
    { totalMs: 600_000, strict: false, retiredModels: 'warn' },
    { nowMs: now, epochMs: () => 1_800_000_000_000, random: () => 0.5 },
  );
  let ends = 0;
  const opened = await openStream(handle(running.context), asked.stream !== true);
  const answer = new Answer(running, opened, () => {
    ends++;
    running.end();
  });
  return { answer, running, ends: () => ends };
}
