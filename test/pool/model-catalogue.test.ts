import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { ModelCatalogue, type ModelRefresh } from '../../src/pool/model-catalogue.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import type { CheckCall, Provider } from '../../src/provider-kit/provider.ts';
import { silent } from '../contexts.ts';

const DAY_MS = 86_400_000;

const old: ModelSpec = {
  id: 'm-1',
  aliases: ['m'],
  provider: 'acme',
  contextWindow: 1_000,
  maxOutputTokens: 100,
  capabilities: { tools: true, vision: false, efforts: ['low'] },
  lifecycle: {
    status: 'deprecated',
    released: '2026-01-01',
    deprecated: '2026-09-30',
    retires: '2026-11-30',
    successor: 'm-2',
  },
  source: 'a page',
  asOf: '2026-11-22',
};

/** A catalogue on a clock of the test's, and a provider with a table whose vendor says what `says` returns. */
function setUp(says: (call: CheckCall) => Promise<readonly ModelSpec[]>, models: ModelSpec[] = [old]) {
  let nowMs = 0;
  const calls: CheckCall[] = [];
  const provider: Provider = {
    ...silent,
    models,
    listModels: (call) => {
      calls.push(call);
      return says(call);
    },
  };
  const catalogue = new ModelCatalogue({
    nowMs: () => nowMs,
    epochMs: () => Date.parse('2026-12-01T08:00Z'),
  });
  return {
    catalogue,
    provider,
    calls,
    pass: (ms: number) => {
      nowMs += ms;
    },
    refresh: (maxAgeMs = DAY_MS): Promise<ModelRefresh> => catalogue.refresh(provider, 5_000, maxAgeMs),
    models: () => catalogue.modelsOf(provider),
  };
}

describe('what is known of a provider’s models', () => {
  it('is its own table, and nothing is sent to find out more (MOD-6)', () => {
    const { models, calls } = setUp(async () => []);
    expect(models()).toEqual([old]);
    expect(calls).toHaveLength(0);
    expect(new ModelCatalogue({ nowMs: () => 0, epochMs: () => 0 }).modelsOf(silent)).toEqual([]);
  });

  it('is overridden fact by fact by what its vendor says (MOD-6)', async () => {
    const { refresh, models, calls } = setUp(async () => [
      { id: 'm-1', contextWindow: 2_000, capabilities: { vision: true }, source: 'the API' },
    ]);
    expect(await refresh()).toEqual({ status: 'read', models: 1 });
    expect(models()).toEqual([
      {
        ...old,
        contextWindow: 2_000,
        capabilities: { tools: true, vision: true, efforts: ['low'] },
        source: 'the API',
        asOf: '2026-12-01',
      },
    ]);
    expect(calls).toEqual([{ signal: calls[0]?.signal, key: 0, connectMs: 5_000 }]);
  });

  it.each<[string, ModelSpec['lifecycle'], ModelSpec['lifecycle']]>([
    [
      'MOD-5 retired once the vendor says so',
      { status: 'retired', retired: '2026-11-30' },
      { status: 'retired', released: '2026-01-01', retired: '2026-11-30', successor: 'm-2' },
    ],
    [
      'deprecated still, and overdue, while the vendor says no more than that',
      { status: 'deprecated', deprecated: '2026-09-30', retires: '2026-11-30' },
      old.lifecycle,
    ],
    [
      'active again, without the dates of its end',
      { status: 'active' },
      { status: 'active', released: '2026-01-01', successor: 'm-2' },
    ],
    [
      'as it was, when a date comes without a status',
      { notRetiredBefore: '2027-01-01' },
      { ...old.lifecycle, notRetiredBefore: '2027-01-01' },
    ],
  ])('makes a model %s', async (_, lifecycle, expected) => {
    const { refresh, models } = setUp(async () => [{ id: 'm-1', ...(lifecycle && { lifecycle }) }]);
    await refresh();
    expect(models()[0]?.lifecycle).toEqual(expected);
  });

  it('keeps its order and what is not listed; models of the vendor’s only come last', async () => {
    const table: ModelSpec[] = [{ id: 'a' }, { id: 'b' }];
    const { refresh, models } = setUp(async () => [{ id: 'new' }, { id: 'b', contextWindow: 5 }], table);
    await refresh();
    expect(models().map(({ id, contextWindow }) => [id, contextWindow])).toEqual([
      ['a', undefined],
      ['b', 5],
      ['new', undefined],
    ]);
  });

  it('forgets what the last look found when the next finds otherwise', async () => {
    let answer: ModelSpec[] = [{ id: 'new' }];
    const { refresh, models } = setUp(async () => answer);
    await refresh();
    answer = [];
    await refresh(0);
    expect(models()).toEqual([old]);
  });
});

describe('a look at the catalogue', () => {
  it('is good for as long as the caller says (MOD-6)', async () => {
    const { refresh, calls, pass } = setUp(async () => []);
    await refresh();
    pass(DAY_MS - 1);
    expect(await refresh()).toEqual({ status: 'cached' });
    pass(1);
    expect(await refresh()).toEqual({ status: 'read', models: 0 });
    expect(calls).toHaveLength(2);
  });

  it('is taken once for all who ask meanwhile', async () => {
    const { refresh, calls } = setUp(async () => []);
    const both = await Promise.all([refresh(), refresh(0)]);
    expect(both.map(({ status }) => status)).toEqual(['read', 'read']);
    expect(calls).toHaveLength(1);
  });

  it('leaves everything as it was when it fails, and is tried again', async () => {
    let attempts = 0;
    const { refresh, models } = setUp(async () => {
      attempts += 1;
      if (attempts === 1) throw new ProviderError({ provider: 'acme', code: 'overloaded', message: 'later' });
      return [];
    });
    expect(await refresh()).toMatchObject({ status: 'failed', code: 'overloaded' });
    expect(models()).toEqual([old]);
    expect(await refresh()).toMatchObject({ status: 'read' });
  });

  it('is not possible where the provider has none', async () => {
    const catalogue = new ModelCatalogue({ nowMs: () => 0, epochMs: () => 0 });
    expect(await catalogue.refresh(silent, 1, DAY_MS)).toEqual({ status: 'unsupported' });
  });
});
