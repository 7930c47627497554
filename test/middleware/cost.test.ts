import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  CancelledError,
  DeadlineExceededError,
  type ErrorDetails,
  ProviderError,
  type ProviderErrorCode,
} from '../../src/errors/index.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerRow } from '../../src/ledger/ledger-row.ts';
import { recordCost } from '../../src/middleware/cost.ts';
import type { AttemptContext, Handler } from '../../src/pipeline/middleware.ts';
import { watching } from '../../src/pipeline/observe.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import {
  attemptContext,
  collect,
  EPOCH_MS,
  finish,
  recorder,
  requestContext,
  silent,
  start,
  stream,
  targetOf,
  text,
  usage,
} from '../contexts.ts';

/** One dollar for a million tokens in, ten for a million out: a microdollar and ten for each. */
const rates = { inputUsdPerMTok: 1, outputUsdPerMTok: 10 };
const prices = new PriceTable({ 'acme/model-1': rates });

const error = (code: ProviderErrorCode, details: Omit<ErrorDetails, 'provider'> = {}): ProviderError =>
  new ProviderError({ provider: 'acme', code, message: 'no', ...details });

interface Run {
  readonly batches?: readonly Batch[];
  /** Thrown after the batches. */
  readonly failure?: unknown;
  /** The consumer leaves after so many batches. */
  readonly leaveAfter?: number;
  readonly provider?: Provider;
  readonly model?: string;
  readonly table?: PriceTable;
  /** False for an attempt of which nothing left the process. */
  readonly sent?: boolean;
}

/** A ledger that shows its rows. */
function shownLedger(): { readonly ledger: Ledger; readonly rows: LedgerRow[] } {
  const rows: LedgerRow[] = [];
  const ledger = new Ledger({ labels: ['team'], onFailure: () => {}, epochMs: () => EPOCH_MS });
  ledger.add = (row) => rows.push(row);
  return { ledger, rows };
}

/** Runs one attempt through the middleware, with a terminal that keeps the tally as the guard does. */
async function run(options: Run) {
  const { batches = [], failure, leaveAfter, provider = silent, model = 'model-1', table = prices } = options;
  const told = recorder();
  const { ledger, rows } = shownLedger();
  const request = requestContext({ tenant: 'acme-corp', metadata: { team: 'search', secret: 'x' } });
  const attempt = attemptContext({ request, target: targetOf(provider, { model }), tally: new Tally(0) });
  attempt.tally.sent = options.sent ?? true;
  const terminal: Handler<AttemptContext> = async function* terminal({ tally, request }) {
    for (const batch of batches) {
      tally.add(batch, told.teller.nowMs, request.warnings);
      yield batch;
    }
    if (failure !== undefined) throw failure;
  };
  let read = 0;
  try {
    for await (const _ of watching(recordCost(table, ledger, told.teller))(attempt, terminal)) {
      read++;
      if (read === leaveAfter) break;
    }
  } catch {
    // The outcome is in what was told.
  }
  const { costUsd, precision } = attempt.tally;
  return { costUsd, precision, events: told.of('cost.recorded'), rows, run: ledger.run };
}

const answered: readonly Batch[] = [
  [start, usage({ inputTokens: 100, outputTokens: 1 })],
  [text('four letters')],
  [usage({ inputTokens: 100, outputTokens: 3 }), finish],
];

describe('the cost of an attempt', () => {
  it('is reported when the answer is complete, by its last usage', async () => {
    const { costUsd, precision } = await run({
      batches: answered,
      model: 'served-model',
      table: allModels(),
    });
    expect({ costUsd, precision }).toEqual({ costUsd: 0.00013, precision: 'reported' });
  });

  it('goes by the model that answered, and by the one asked for when that is not said', async () => {
    const table = new PriceTable({
      'acme/served-model': rates,
      'acme/model-1': { ...rates, inputUsdPerMTok: 2 },
    });
    expect((await run({ batches: answered, table })).costUsd).toBe(0.00013);
    const unnamed: Batch[] = [[text('x')], [usage({ inputTokens: 100, outputTokens: 3 }), finish]];
    expect((await run({ batches: unnamed, table })).costUsd).toBe(0.00023);
  });

  it('is the sum over all runs, each at the price of the model that made it (USE-9)', async () => {
    const table = new PriceTable({
      'acme/model-1': rates,
      'acme/other': { inputUsdPerMTok: 2, outputUsdPerMTok: 20 },
    });
    const runs = [
      { inputTokens: 100, outputTokens: 1 },
      { model: 'other', inputTokens: 10, outputTokens: 1 },
    ];
    const told = (more: object) => [[usage({ inputTokens: 10, outputTokens: 1, runs, ...more }), finish]];
    expect(await run({ batches: told({}), table })).toMatchObject({
      costUsd: 0.00015,
      precision: 'reported',
    });
    const unknown = [...runs, { model: 'nobody-priced', inputTokens: 1, outputTokens: 1 }];
    expect(await run({ batches: told({ runs: unknown }), table })).toMatchObject({
      costUsd: undefined,
      precision: 'unknown',
    });
  });

  it('goes by the kind of provider, where it has one', async () => {
    const twin: Provider = { ...silent, name: 'acme-eu', module: 'acme' };
    const batches: Batch[] = [[usage({ inputTokens: 100, outputTokens: 3 }), finish]];
    expect((await run({ batches, provider: twin })).costUsd).toBe(0.00013);
    const other: Provider = { ...silent, name: 'acme-eu' };
    expect(await run({ batches, provider: other })).toMatchObject({
      costUsd: undefined,
      precision: 'unknown',
    });
  });

  it.each([
    ['no usage came', [[text('x')], [finish]], undefined, 'unknown'],
    ['the input was not counted', [[text('x')], [usage({ outputTokens: 3 }), finish]], undefined, 'unknown'],
    // Three tokens in, and one for the one character out.
    ['the output was not counted', [[text('x')], [usage({ inputTokens: 3 }), finish]], 0.000013, 'estimated'],
  ] satisfies [string, Batch[], number | undefined, string][])(
    'is never 0 because %s',
    async (_, batches, costUsd, precision) => {
      expect(await run({ batches })).toMatchObject({ costUsd, precision });
    },
  );

  it('is unknown for a model that nobody priced, reported tokens or not', async () => {
    expect(await run({ batches: answered, model: 'model-2', table: new PriceTable({}) })).toMatchObject({
      costUsd: undefined,
      precision: 'unknown',
    });
  });

  it('is 0 for tokens that the provider does not bill', async () => {
    const batches: Batch[] = [[usage({ inputTokens: 9, outputTokens: 0, billed: false }), finish]];
    expect(await run({ batches })).toMatchObject({ costUsd: 0, precision: 'reported' });
  });

  describe('that broke', () => {
    const begun: Batch[] = [[usage({ inputTokens: 100, outputTokens: 1 })], [text('x'.repeat(40))]];

    it.each([
      ['by truncation', error('stream_truncated')],
      ['by our idle timer', error('timeout', { phase: 'idle', retryable: false })],
      ['by an abort', new CancelledError('gone')],
      ['by the deadline', new DeadlineExceededError('over')],
      ['by a plug-in', new TypeError('mine')],
    ])('%s is estimated from the input reported and the output delivered', async (_, failure) => {
      // 100 tokens in, 40 characters out are 10 tokens.
      expect(await run({ batches: begun, failure })).toMatchObject({
        costUsd: 0.0002,
        precision: 'estimated',
      });
    });

    it('because its consumer left is estimated too', async () => {
      const { costUsd, precision, events } = await run({ batches: [...begun, [finish]], leaveAfter: 2 });
      expect({ costUsd, precision }).toEqual({ costUsd: 0.0002, precision: 'estimated' });
      expect(events[0]?.outcome).toBe('cancelled');
    });

    it('counts at least the output that was reported', async () => {
      const batches: Batch[] = [[text('x')], [usage({ inputTokens: 100, outputTokens: 50 })]];
      const { costUsd } = await run({ batches, failure: error('stream_truncated') });
      expect(costUsd).toBe(0.0006);
    });

    it('without any sign of an answer is unknown, never 0', async () => {
      const failure = error('server_error', { status: 500 });
      expect(await run({ failure })).toMatchObject({ costUsd: undefined, precision: 'unknown' });
    });
  });

  describe('that was refused', () => {
    it.each([
      ['invalid_request', 400],
      ['request_too_large', 413],
      ['context_overflow', 400],
      ['authentication', 401],
      ['permission', 403],
      ['quota_exhausted', 402],
      ['model_not_found', 404],
      ['rate_limited', 429],
      ['overloaded', 529],
      ['conflict', 409],
      ['redirect', 302],
    ] satisfies [ProviderErrorCode, number][])('with a %s (%d) is 0, for sure', async (code, status) => {
      expect(await run({ failure: error(code, { status }) })).toMatchObject({
        costUsd: 0,
        precision: 'reported',
      });
    });

    it.each([
      ['never sent: no connection in time', error('timeout', { phase: 'connect', retryable: false })],
      ['never sent: refused', error('connection', { retryable: false })],
      ['never sent: the translation said no', error('invalid_request', { retryable: false })],
      ['never sent: no such model', error('model_not_found', { retryable: false })],
      ['never sent: no key to be had', error('authentication', { retryable: false })],
    ])('%s is 0', async (_, failure) => {
      expect(await run({ failure })).toMatchObject({ costUsd: 0, precision: 'reported' });
    });

    it.each([
      ['a reset, which may have come after the work', error('connection')],
      ['a 500', error('server_error', { status: 500 })],
      [
        'a timeout of the host, which may go on working (ERR-65)',
        error('timeout', { status: 504, phase: 'upstream' }),
      ],
      [
        'silence, behind which it may go on working (ERR-65)',
        error('timeout', { phase: 'first_token', retryable: false }),
      ],
      ['an answer that is none', error('bad_response', { status: 200 })],
      ['a client that the host thinks is gone', error('connection', { status: 499, retryable: false })],
    ])('does not mean %s: that is unknown', async (_, failure) => {
      expect(await run({ failure })).toMatchObject({ costUsd: undefined, precision: 'unknown' });
    });

    it('S11: with a 501 is 0, unlike with any other 5xx', async () => {
      expect(await run({ failure: error('server_error', { status: 501 }) })).toMatchObject({ costUsd: 0 });
    });

    it.each<[string, ProviderErrorCode, Batch[], number | undefined]>([
      ['B1: an overload as the first thing a stream says is 0', 'overloaded', [], 0],
      ['B5: a refusal as the first thing a stream says is 0', 'invalid_request', [], 0],
      ['B2: an overload after the beginning of an answer is unknown', 'overloaded', [[start]], undefined],
      [
        'B3: an overload after content is estimated by what had come',
        'overloaded',
        [[text('partly')]],
        0.000_031,
      ],
      ['a break as the first thing is unknown', 'stream_truncated', [], undefined],
    ])('%s', async (_, code, batches, costUsd) => {
      expect(await run({ batches, failure: error(code) })).toMatchObject({ costUsd });
    });

    it('does not mean an overload after tokens were reported', async () => {
      const batches: Batch[] = [[usage({ inputTokens: 100, outputTokens: 0 })]];
      const failure = error('overloaded', { status: 529 });
      expect(await run({ batches, failure })).toMatchObject({ costUsd: 0.0001, precision: 'estimated' });
    });
  });
});

describe('the row of an attempt', () => {
  it('holds who asked whom for what, what it took, and how it ended', async () => {
    const { rows, run: id } = await run({ batches: answered, table: allModels() });
    expect(rows).toEqual([
      {
        run: id,
        sequence: 1,
        at: EPOCH_MS,
        requestId: 'req-1',
        attempt: 1,
        operation: 'chat',
        tenant: 'acme-corp',
        labels: { team: 'search' },
        provider: 'acme',
        model: 'model-1',
        servedModel: 'served-model',
        key: undefined,
        usage: { inputTokens: 100, outputTokens: 3 },
        costNanoUsd: 130_000,
        precision: 'reported',
        outcome: 'ok',
        code: undefined,
      },
    ]);
  });

  it('is there for an attempt that was refused, and says why', async () => {
    const { rows } = await run({ failure: error('overloaded', { status: 529 }) });
    expect(rows).toMatchObject([
      { costNanoUsd: 0, precision: 'reported', outcome: 'error', code: 'overloaded' },
    ]);
  });

  it('is there for an attempt whose cost nobody knows, without a number', async () => {
    const { rows } = await run({ failure: error('timeout', { phase: 'first_token', retryable: false }) });
    expect(rows).toMatchObject([{ costNanoUsd: undefined, precision: 'unknown', code: 'timeout' }]);
  });

  it('is there for a consumer who left, with the tokens that were delivered', async () => {
    const batches: Batch[] = [
      [usage({ inputTokens: 100, outputTokens: 1 })],
      [text('x'.repeat(40))],
      [finish],
    ];
    const { rows } = await run({ batches, leaveAfter: 2 });
    expect(rows).toMatchObject([
      { outcome: 'cancelled', code: 'cancelled', usage: { inputTokens: 100, outputTokens: 10 } },
    ]);
  });

  it.each([
    [
      'the provider told that nothing was sent',
      { sent: false, failure: error('timeout', { phase: 'connect' }) },
    ],
    ['no connection stood', { failure: error('timeout', { phase: 'connect', retryable: false }) }],
    ['the translation refused', { failure: error('invalid_request', { retryable: false }) }],
  ] satisfies [string, Run][])('is not there when %s; the event is, with 0', async (_, options) => {
    const { rows, events } = await run(options);
    expect(rows).toEqual([]);
    expect(events).toMatchObject([
      { costUsd: 0, costNanoUsd: 0, precision: 'reported', sequence: undefined },
    ]);
  });
});

describe('cost.recorded', () => {
  it('is told once for each attempt, with all that is known', async () => {
    const { events, run: id } = await run({ batches: answered, table: allModels() });
    expect(events).toEqual([
      {
        name: 'cost.recorded',
        requestId: 'req-1',
        at: EPOCH_MS,
        provider: 'acme',
        model: 'model-1',
        target: 'acme/model-1',
        attempt: 1,
        run: id,
        sequence: 1,
        tenant: 'acme-corp',
        labels: { team: 'search' },
        servedModel: 'served-model',
        key: undefined,
        outcome: 'ok',
        code: undefined,
        usage: { inputTokens: 100, outputTokens: 3 },
        costUsd: 0.00013,
        costNanoUsd: 130_000,
        precision: 'reported',
      },
    ]);
  });

  it.each([
    ['a failure', { failure: error('overloaded', { status: 529 }) }, 'error'],
    ['an abort', { failure: new CancelledError('gone') }, 'cancelled'],
    ['a consumer who left', { batches: answered, leaveAfter: 1 }, 'cancelled'],
  ] satisfies [string, Run, string][])('is told once on %s', async (_, options, outcome) => {
    const { events } = await run(options);
    expect(events.map((event) => event.outcome)).toEqual([outcome]);
  });

  it('does not call what is unknown 0', async () => {
    const { events } = await run({ batches: [[text('x')], [finish]] });
    expect(events).toMatchObject([{ usage: undefined, costUsd: undefined, precision: 'unknown' }]);
  });

  it('is not built for nobody, but the tally is kept', async () => {
    const { teller } = recorder();
    const emit = Object.assign(
      () => {
        throw new Error('nobody asked');
      },
      { wants: () => false },
    );
    const attempt = attemptContext();
    const terminal: Handler<AttemptContext> = ({ tally }) => {
      tally.add([usage({ inputTokens: 100, outputTokens: 3 })], teller.nowMs, []);
      return stream([[finish]]);
    };
    await collect(watching(recordCost(prices, shownLedger().ledger, { ...teller, emit }))(attempt, terminal));
    expect(attempt.tally.costUsd).toBe(0.00013);
  });
});

function allModels(): PriceTable {
  return new PriceTable({ 'acme/model-1': rates, 'acme/served-model': rates });
}
