import { describe, expect, it } from 'vitest';
import type { PriceRow } from '../../src/pricing/price-row.ts';
import { type PriceOverrides, PriceTable } from '../../src/pricing/price-table.ts';

const inputOf = (table: PriceTable, provider: string, model: string): number | undefined =>
  table.find(provider, model)?.periods[0]?.standard.input;

const own = (usd: number) => ({ inputUsdPerMTok: usd, outputUsdPerMTok: usd });

describe('the bundled table', () => {
  const table = new PriceTable();

  it.each([
    ['claude-3-5-sonnet', 'claude-3-5-sonnet-20241022'],
    ['claude-3.5-sonnet', 'claude-3-5-sonnet-20241022'],
    ['claude-3-5-haiku', 'claude-3-5-haiku-20241022'],
    ['claude-3-opus', 'claude-3-opus-20240229'],
    ['claude-3-sonnet', 'claude-3-sonnet-20240229'],
    ['claude-3-haiku', 'claude-3-haiku-20240307'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['claude-sonnet-4-20250514', 'claude-sonnet-4-0'],
  ])('finds %s, an alias of %s', (alias, id) => {
    expect(table.find('anthropic', alias)).toBeDefined();
    expect(table.find('anthropic', alias)).toBe(table.find('anthropic', id));
  });

  it.each([
    ['openai', 'gpt-5.5-2026-04-23', 'gpt-5.5'],
    ['openai', 'gpt-5.6', 'gpt-5.6-sol'],
    ['openai', 'gpt-4o-2024-08-06', 'gpt-4o'],
    ['mistral', 'mistral-medium-latest', 'mistral-medium-2604'],
    ['deepseek', 'deepseek-v4-flash', 'deepseek-flash'],
  ])('finds at %s %s, an alias of %s', (provider, alias, id) => {
    expect(table.find(provider, alias)).toBeDefined();
    expect(table.find(provider, alias)).toBe(table.find(provider, id));
  });

  it.each([
    ['anthropic', 'claude-sonnet-5-6'],
    ['anthropic', 'claude-sonnet-5-20260630'],
    ['anthropic', 'claude-sonnet'],
    ['anthropic', 'claude-3-haiku-20240307-v1'],
    ['anthropic', 'CLAUDE-SONNET-5'],
    ['anthropic', ' claude-sonnet-5'],
    ['anthropic', 'claude-mythos-preview'],
    ['anthropic', ''],
    ['anthropic', '__proto__'],
    ['bedrock', 'claude-sonnet-5'],
    ['openai', 'gpt-6.1'],
    ['openai', 'gpt-5.5-2099-01-01'],
    ['openai', 'openai/gpt-5.5'],
    ['groq', 'gpt-oss-120b'],
    ['mistral', 'mistral-large'],
    ['azure', 'gpt-5.5'],
    ['perplexity', 'sonar-pro'],
    ['ollama', 'llama3.3'],
    ['__proto__', 'constructor'],
  ])('has no price for %s/%s: never by prefix, never a sibling (MOD-7)', (provider, model) => {
    expect(table.find(provider, model)).toBeUndefined();
  });

  it('prices claude-sonnet-5-5 by its own row, not by that of claude-sonnet-5', () => {
    const read = (model: string) => table.find('anthropic', model)?.periods[0]?.standard.cacheRead;
    expect([read('claude-sonnet-5-5'), read('claude-sonnet-5')]).toEqual([100_000, 200_000]);
  });

  it('keeps older periods behind the newest', () => {
    expect(table.find('anthropic', 'claude-sonnet-5-5')?.periods).toHaveLength(2);
  });
});

describe('several providers', () => {
  const row = (provider: string, usd: number): PriceRow => ({
    ...{ provider, model: 'shared', usdPerMTok: [usd, usd] },
    ...{ source: `${provider}.example/prices`, asOf: '2026-11-22', confidence: 'high' },
  });

  it('have prices of their own for the same id', () => {
    const table = new PriceTable({}, [row('acme', 1), row('bolt', 2)]);
    expect([inputOf(table, 'acme', 'shared'), inputOf(table, 'bolt', 'shared')]).toEqual([
      1_000_000, 2_000_000,
    ]);
    expect(table.find('other', 'shared')).toBeUndefined();
  });
});

describe('overrides', () => {
  const cases: readonly (readonly [string, PriceOverrides, string, string, number | undefined])[] = [
    [
      'go before the bundled price',
      { 'anthropic/claude-sonnet-5': own(1) },
      'anthropic',
      'claude-sonnet-5',
      1,
    ],
    [
      'leave other providers alone',
      { 'anthropic/claude-sonnet-5': own(1) },
      'bedrock',
      'claude-sonnet-5',
      undefined,
    ],
    ['leave other models alone', { 'anthropic/claude-sonnet-5': own(1) }, 'anthropic', 'claude-opus-5', 5],
    [
      'by bare id go before the bundled price',
      { 'claude-sonnet-5': own(1) },
      'anthropic',
      'claude-sonnet-5',
      1,
    ],
    ['by bare id hold for every provider', { 'claude-sonnet-5': own(1) }, 'bedrock', 'claude-sonnet-5', 1],
    [
      'speak for all names of the model',
      { 'anthropic/claude-3-opus': own(1) },
      'anthropic',
      'claude-3-opus-20240229',
      1,
    ],
    [
      'by bare id speak for all names too',
      { 'claude-3-opus-20240229': own(1) },
      'anthropic',
      'claude-3-opus-latest',
      1,
    ],
    ['price what is not bundled', { 'groq/llama-9': own(1) }, 'groq', 'llama-9', 1],
    ['take ids with a slash behind a provider', { 'groq/meta/llama-9': own(1) }, 'groq', 'meta/llama-9', 1],
    ['take bare ids with a slash', { 'meta/llama-9': own(1) }, 'groq', 'meta/llama-9', 1],
  ];

  it.each(cases)('%s', (_, overrides, provider, model, usd) => {
    expect(inputOf(new PriceTable(overrides), provider, model)).toBe(
      usd === undefined ? undefined : usd * 1e6,
    );
  });

  it('that name the provider go before bare ones, in whatever order they are written', () => {
    for (const keys of [
      ['anthropic/claude-opus-5', 'claude-opus-5'] as const,
      ['claude-opus-5', 'anthropic/claude-opus-5'] as const,
    ]) {
      const overrides = Object.fromEntries(keys.map((key) => [key, own(key.includes('/') ? 1 : 2)]));
      expect(inputOf(new PriceTable(overrides), 'anthropic', 'claude-opus-5')).toBe(1_000_000);
      expect(inputOf(new PriceTable(overrides), 'bedrock', 'claude-opus-5')).toBe(2_000_000);
    }
  });

  it('that name the very id go before those that name an alias of it', () => {
    const table = new PriceTable({
      'anthropic/claude-3-opus': own(1),
      'anthropic/claude-3-opus-20240229': own(2),
    });
    expect(inputOf(table, 'anthropic', 'claude-3-opus')).toBe(1_000_000);
    expect(inputOf(table, 'anthropic', 'claude-3-opus-20240229')).toBe(2_000_000);
  });

  it('replace the whole price: nothing bundled shines through', () => {
    const price = new PriceTable({ 'claude-opus-5': own(1) }).find('anthropic', 'claude-opus-5');
    expect(price?.periods).toHaveLength(1);
    expect(price?.periods[0]).toMatchObject({
      tiers: new Map(),
      longContext: undefined,
      webSearchPico: undefined,
    });
  });

  it('are read once: changing them later changes nothing', () => {
    const overrides = { 'claude-opus-5': { ...own(1) } };
    const table = new PriceTable(overrides);
    overrides['claude-opus-5'].inputUsdPerMTok = 99;
    expect(inputOf(table, 'anthropic', 'claude-opus-5')).toBe(1_000_000);
  });

  it('that are wrong are refused at once (config_invalid)', () => {
    expect(() => new PriceTable({ 'a/b': own(-1) })).toThrow(/cost\.prices\['a\/b'\]/);
  });
});
