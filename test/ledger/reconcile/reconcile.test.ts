import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../../src/ledger/ledger-row.ts';
import { type ReconcileOptions, reconcile } from '../../../src/ledger/reconcile/reconcile.ts';
import { SpendMemory } from '../../../src/ledger/spend-memory.ts';
import { checkSpendQuery } from '../../../src/ledger/spend-query.ts';
import { runs } from '../../runs.ts';
import { rowOf } from '../rows.ts';
import { report } from './reports.ts';

const DAY_MS = Date.UTC(2026, 10, 24, 9);
const claude: ReconcileOptions = { provider: 'anthropic' };

/** The attempts behind the reports of Anthropic. */
const sonnet = rowOf({
  at: DAY_MS,
  provider: 'anthropic',
  model: 'claude-sonnet-5-5',
  usage: {
    ...{ inputTokens: 1_500, cacheReadTokens: 200, cacheWrite5mTokens: 500, cacheWrite1hTokens: 1_000 },
    ...{ outputTokens: 400, serverTools: { webSearchRequests: 10 } },
  },
  costNanoUsd: 2_000_000_000,
});
const haiku = rowOf({
  at: DAY_MS,
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  servedModel: 'claude-haiku-4-5-20251001',
  usage: { inputTokens: 70, outputTokens: 30 },
  costNanoUsd: 50_000_000,
});
const gpt = rowOf({
  at: DAY_MS,
  provider: 'openai',
  model: 'gpt-5.5',
  servedModel: 'gpt-5.5-2026-04-23',
  usage: { inputTokens: 150, cacheReadTokens: 800, cacheWrite5mTokens: 50, outputTokens: 500 },
  costNanoUsd: 100_000_000,
});
const all = [sonnet, haiku, gpt];

describe('a ledger that agrees', () => {
  it.each([
    ['anthropic-usage.json', claude, 2],
    ['anthropic-usage.csv', claude, 2],
    ['anthropic-cost.csv', claude, 2],
    ['openai-usage.json', { provider: 'openai' }, 1],
    ['openai-costs.json', { provider: 'openai' }, 1],
    ['openai-costs.csv', { provider: 'openai' }, 1],
  ] as const)('with %s has no difference', (file, options, compared) => {
    expect(reconcile(all, report(file), options)).toMatchObject({ compared, differences: [] });
  });

  it('says what was compared, and for which days', () => {
    expect(reconcile(all, report('anthropic-usage.json'), claude)).toMatchObject({
      from: '2026-11-24',
      to: '2026-11-25',
      figures: [
        'inputTokens',
        'cacheReadTokens',
        'cacheWrite5mTokens',
        'cacheWrite1hTokens',
        'outputTokens',
        'webSearches',
      ],
    });
    expect(reconcile(all, report('anthropic-cost.csv'), claude).figures).toEqual(['costUsd']);
  });

  it('agrees as groups of `pool.spend` too', () => {
    const memory = new SpendMemory(() => DAY_MS + 1);
    for (const row of all) memory.add(row);
    const query = { since: DAY_MS - 1_000, groupBy: ['provider', 'day', 'model'] as const };
    const { groups } = memory.spend(checkSpendQuery({ ...query, groupBy: [...query.groupBy] }, DAY_MS + 1));
    expect(reconcile(groups, report('anthropic-cost.csv'), claude).differences).toEqual([]);
  });

  it('leaves out what other providers, and other days, have', () => {
    const others = [
      { ...sonnet, provider: 'elsewhere' },
      { ...sonnet, at: DAY_MS - 86_400_000 },
    ];
    expect(reconcile([...all, ...others], report('anthropic-usage.json'), claude).differences).toEqual([]);
  });

  it('may call its provider by another name, and its models too', () => {
    const mine = [sonnet, { ...haiku, servedModel: 'fast-one' }].map((row) => ({
      ...row,
      provider: 'claude-eu',
    }));
    const options = { ...claude, name: 'claude-eu', models: { 'fast-one': 'claude-haiku-4-5' } };
    expect(reconcile(mine, report('anthropic-usage.json'), options).differences).toEqual([]);
  });
});

describe('a difference', () => {
  it('is told by figure, with both sides', () => {
    const off = { ...sonnet, usage: { ...sonnet.usage, cacheReadTokens: 150, outputTokens: 401 } };
    expect(reconcile([off, haiku], report('anthropic-usage.json'), claude).differences).toEqual([
      {
        ...{ day: '2026-11-24', model: 'claude-sonnet-5-5', figure: 'cacheReadTokens', kind: 'differs' },
        ...{ ledger: 150, export: 200, difference: 50, unknown: 0, estimated: 0 },
      },
      {
        ...{ day: '2026-11-24', model: 'claude-sonnet-5-5', figure: 'outputTokens', kind: 'differs' },
        ...{ ledger: 401, export: 400, difference: -1, unknown: 0, estimated: 0 },
      },
    ]);
  });

  it('in money is told in dollars, and may be a cent', () => {
    const off = (nanoUsd: number) =>
      reconcile(
        [{ ...sonnet, costNanoUsd: 2_000_000_000 + nanoUsd }, haiku],
        report('anthropic-cost.csv'),
        claude,
      );
    expect(off(9_000_000).differences).toEqual([]);
    expect(off(250_000_000).differences).toMatchObject([
      { figure: 'costUsd', ledger: 2.25, export: 2, difference: -0.25 },
    ]);
  });

  it('may be allowed', () => {
    const off = [{ ...sonnet, usage: { ...sonnet.usage, outputTokens: 395 } }, haiku];
    const compare = (tokens: number) =>
      reconcile(off, report('anthropic-usage.json'), { ...claude, tolerance: { tokens } }).differences.length;
    expect([compare(4), compare(5)]).toEqual([1, 0]);
  });

  it('names attempts that may explain it', () => {
    const lost = { ...sonnet, usage: undefined, costNanoUsd: undefined, precision: 'unknown' as const };
    const cut = { ...sonnet, precision: 'estimated' as const };
    const { differences } = reconcile([lost, cut, haiku], report('anthropic-cost.csv'), claude);
    expect(differences).toEqual([]);
    const [first] = reconcile([lost, haiku], report('anthropic-cost.csv'), claude).differences;
    expect(first).toMatchObject({
      kind: 'missing_in_ledger',
      ledger: 0,
      export: 2,
      unknown: 1,
      estimated: 0,
    });
  });

  it('is a model that only one side knows', () => {
    const stranger = { ...sonnet, model: 'claude-opus-5-5' };
    const { differences } = reconcile([sonnet, stranger], report('anthropic-usage.json'), claude);
    const kinds = new Set(differences.map(({ model, kind }) => `${model} ${kind}`));
    expect(kinds).toEqual(
      new Set(['claude-haiku-4-5 missing_in_ledger', 'claude-opus-5-5 missing_in_export']),
    );
    expect(
      differences.filter(({ model }) => model === 'claude-haiku-4-5').map(({ figure }) => figure),
    ).toEqual(['inputTokens', 'outputTokens']);
  });

  it('is usage on a day on which the export has none', () => {
    const late = { ...haiku, at: DAY_MS + 86_400_000 };
    const { differences } = reconcile([...all, late], report('anthropic-usage.json'), claude);
    expect(differences).toMatchObject([
      { day: '2026-11-25', figure: 'inputTokens', kind: 'missing_in_export', ledger: 70, export: 0 },
      { day: '2026-11-25', figure: 'outputTokens' },
    ]);
  });

  it('is found by day alone where the export has lines about no model', () => {
    const twice = [gpt, { ...gpt, model: 'gpt-5.4', servedModel: 'gpt-5.4' }];
    expect(reconcile(twice, report('openai-costs.csv'), { provider: 'openai' }).differences).toMatchObject([
      { day: '2026-11-24', model: undefined, ledger: 0.2, export: 0.1 },
    ]);
  });
});

describe('reconcile', () => {
  it('finds exactly what was changed (property)', () => {
    const tokens = fc.record({
      inputTokens: fc.nat(9_999),
      cacheReadTokens: fc.nat(999),
      outputTokens: fc.nat(9_999),
    });
    const attempt = fc.record({ day: fc.nat(3), model: fc.constantFrom('m-1', 'm-2'), usage: tokens });
    fc.assert(
      fc.property(
        fc.array(attempt, { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.integer({ min: 1, max: 99 }),
        (made, at, more) => {
          const rows = made.map(
            ({ day, model, usage }): LedgerRow =>
              rowOf({ at: DAY_MS + day * 86_400_000, provider: 'anthropic', model, usage }),
          );
          const line = (row: LedgerRow, extra = 0) => ({
            starting_at: new Date(row.at).toISOString(),
            model: row.model,
            uncached_input_tokens: row.usage?.inputTokens,
            cache_read_input_tokens: row.usage?.cacheReadTokens,
            output_tokens: (row.usage?.outputTokens ?? 0) + extra,
          });
          const compare = (data: object[]) => reconcile(rows, { data }, claude).differences;
          expect(compare(rows.map((row) => line(row)))).toEqual([]);
          const changed = at % rows.length;
          const [only, ...rest] = compare(rows.map((row, index) => line(row, index === changed ? more : 0)));
          expect(rest).toEqual([]);
          expect(only).toMatchObject({
            figure: 'outputTokens',
            difference: more,
            model: rows[changed]?.model,
          });
        },
      ),
      runs(),
    );
  });
});
