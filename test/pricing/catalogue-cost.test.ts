import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/pricing/cost-of.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import { anthropic } from '../../src/providers/anthropic/index.ts';
import { tables } from '../../src/providers/openai-compatible/presets/tables.ts';
import type { Usage } from '../../src/usage/usage.ts';
import { type Entry, exactCost, type List, lists } from './exact-cost.ts';

const table = new PriceTable();

const costIn = (provider: string, model: string, usage: Usage, at: Date): bigint | undefined => {
  const cost = costOf(usage, table.find(provider, model), { atMs: at.getTime() });
  return cost && BigInt(cost.nanoUsd);
};

/** Moments on both sides of everything that is dated: a second before and after each day, within and beside peaks. */
function momentsOf({ history = [], next = [], from, until }: Entry): readonly Date[] {
  const days = [from, until, ...history.map((row) => row.until), ...next.map((row) => row.from)];
  const edges = days
    .filter((day) => day !== undefined)
    .flatMap((day) => [new Date(Date.parse(day) - 1_000), new Date(Date.parse(day) + 1_000)]);
  const hours = [
    '2026-11-25T02:30:00Z',
    '2026-11-25T12:00:00Z',
    '2026-11-28T02:30:00Z',
    '2026-10-01T07:00:00Z',
  ];
  return [...edges, ...hours.map((time) => new Date(time))];
}

/** Prompts on both sides of the edge at which one is long. */
const promptsOf = ({ long_context: long, history = [] }: Entry): readonly number[] => {
  const over = (long ?? history[0]?.long_context)?.over_prompt_tokens ?? 150_000;
  return [1, over, over + 1, 900_001];
};

const WORDS: readonly Usage['modifiers'][] = [
  undefined,
  ...['batch', 'flex', 'priority', 'fast', 'ultrafast'].map((serviceTier) => ({ serviceTier })),
  { speed: 'fast' },
  { inferenceGeo: 'us' },
  { serviceTier: 'batch', inferenceGeo: 'us' },
];

const BUCKETS = [
  'inputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'outputTokens',
] as const;

const named = lists.flatMap((list) =>
  Object.entries(list.models).map(([id, entry]) => [`${list.provider}/${id}`, list, id, entry] as const),
);

describe.each(named)('%s', (_, list, id, entry) => {
  const check = (usage: Usage, at: Date): void => {
    const expected = exactCost(list, id, usage, at);
    expect(costIn(list.provider, id, usage, at), JSON.stringify({ usage, at })).toBe(expected);
  };

  it('costs what its list says, bucket by bucket, at every moment, length and tier', () => {
    for (const at of momentsOf(entry)) {
      for (const modifiers of WORDS) {
        for (const prompt of promptsOf(entry)) {
          for (const bucket of BUCKETS) {
            const usage = { inputTokens: 0, outputTokens: 7, [bucket]: prompt };
            check(modifiers ? { ...usage, modifiers } : usage, at);
          }
        }
      }
    }
  });

  it('and for any mixture of them', () => {
    const count = fc.oneof(fc.nat(5_000), fc.nat(400_000));
    const usages = fc.record({
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWrite5mTokens: count,
      cacheWrite1hTokens: fc.constantFrom(0, 1_000),
      serverTools: fc.record({ webSearchRequests: fc.nat(3) }),
    });
    const moments = momentsOf(entry);
    fc.assert(
      fc.property(usages, fc.constantFrom(...WORDS), fc.constantFrom(...moments), (usage, modifiers, at) =>
        check(modifiers ? { ...usage, modifiers } : usage, at),
      ),
      { numRuns: 50 },
    );
  });

  it('costs the same by each of its names', () => {
    const usage = { inputTokens: 1_000, outputTokens: 1_000 };
    const [at = new Date()] = momentsOf(entry).slice(-1);
    for (const alias of entry.aliases ?? []) {
      expect(costIn(list.provider, alias, usage, at), alias).toBe(costIn(list.provider, id, usage, at));
    }
  });
});

describe('the independent calculation', () => {
  const list: List = {
    provider: 'acme',
    factors: { batch: 0.5 },
    models: { m: { input: 0.1, output: 3, cache_read: 0.0025, tiers: ['batch'] } },
  };
  const at = new Date('2026-11-25T12:00:00Z');

  it.each<[Usage, bigint | undefined]>([
    [{ inputTokens: 3, outputTokens: 0 }, 300n],
    [{ inputTokens: 0, outputTokens: 1 }, 3_000n],
    [{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 1 }, 3n],
    [{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 1, modifiers: { serviceTier: 'batch' } }, 1n],
    [{ inputTokens: 0, outputTokens: 0, cacheWrite5mTokens: 1 }, undefined],
    [{ inputTokens: 1, outputTokens: 0, modifiers: { serviceTier: 'flex' } }, undefined],
  ])('of %j by hand is %s', (usage, nano) => {
    expect(exactCost(list, 'm', usage, at)).toBe(nano);
  });
});

describe('the models of the catalogue', () => {
  const catalogue = [
    ...(anthropic({ apiKey: 'k' }).models ?? []).map((spec) => ['anthropic', spec] as const),
    ...Object.entries(tables).flatMap(([name, specs]) => (specs ?? []).map((spec) => [name, spec] as const)),
  ];
  const now = new Date('2026-11-25T12:00:00Z');
  const usage = { inputTokens: 1_000, outputTokens: 1_000 };

  /** Why nothing is known of their price. */
  const UNPRICED: Readonly<Record<string, string>> = {
    'perplexity/sonar-pro': 'a fee for each request by the size of its search, which usage does not state',
    'perplexity/sonar': 'the same',
    'perplexity/sonar-reasoning-pro': 'the same',
    'perplexity/sonar-deep-research': 'the same, and rates of their own for citations and reasoning',
    'anthropic/claude-mythos-preview': 'no public source',
  };

  it('are priced, all but those that are known to have no price', () => {
    const unpriced = catalogue
      .filter(([provider, { id }]) => table.find(provider, id) === undefined)
      .map(([provider, { id }]) => `${provider}/${id}`);
    const retired = unpriced.filter((name) => /claude-(2|instant|1)/.test(name));
    expect(unpriced.filter((name) => !retired.includes(name)).sort()).toEqual(Object.keys(UNPRICED).sort());
  });

  it('cost something, or nobody knows what: never 0', () => {
    for (const [provider, { id, aliases = [] }] of catalogue) {
      for (const name of [id, ...aliases]) {
        const cost = costIn(provider, name, usage, now);
        if (cost !== undefined) expect(cost, name).toBeGreaterThan(0n);
      }
    }
  });

  it('are priced by their aliases too, as a host may name them in its answer', () => {
    for (const [provider, { id, aliases = [] }] of catalogue.filter(
      ([provider]) => provider !== 'anthropic',
    )) {
      if (!table.find(provider, id)) continue;
      for (const alias of aliases) expect(table.find(provider, alias), alias).toBe(table.find(provider, id));
    }
  });
});
