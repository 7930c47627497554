import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/pricing/cost-of.ts';
import type { PriceRow } from '../../src/pricing/price-row.ts';
import { type ModelPrice, type PriceOverrides, PriceTable } from '../../src/pricing/price-table.ts';
import type { Usage } from '../../src/usage/usage.ts';

const table = new PriceTable();
const NOW = Date.parse('2026-11-22T12:00:00Z');

const claude = (model: string): ModelPrice | undefined => table.find('anthropic', model);
const nano = (
  usage: Usage | undefined,
  price: ModelPrice | undefined,
  at: number | string = NOW,
): number | undefined =>
  costOf(usage, price, { atMs: typeof at === 'string' ? Date.parse(at) : at })?.nanoUsd;
const usd = (usage: Usage, model: string, at: number | string = NOW): number | undefined => {
  const cost = nano(usage, claude(model), at);
  return cost === undefined ? undefined : cost / 1e9;
};
const overridden = (overrides: PriceOverrides): ModelPrice | undefined =>
  new PriceTable(overrides).find('acme', 'one');

const MILLION: Usage = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

describe('the models of the brief', () => {
  it.each([
    ['claude-3-5-sonnet', 18],
    ['claude-3-5-sonnet-20241022', 18],
    ['claude-3-5-haiku-20241022', 4.8],
    ['claude-3-opus', 90],
    ['claude-3-sonnet-20240229', 18],
    ['claude-3-haiku', 1.5],
  ])('%s: a million tokens in and out cost %d USD', (model, cost) => {
    expect(usd(MILLION, model)).toBe(cost);
  });
});

describe('the buckets', () => {
  it('each have their own rate, none derived from another', () => {
    const one = (bucket: keyof Usage): number | undefined =>
      usd({ inputTokens: 0, outputTokens: 0, [bucket]: 1_000_000 }, 'claude-3-haiku-20240307');
    expect(one('inputTokens')).toBe(0.25);
    expect(one('outputTokens')).toBe(1.25);
    expect(one('cacheReadTokens')).toBe(0.03);
    // 1.25 times the input rate would be 0.3125.
    expect(one('cacheWrite5mTokens')).toBe(0.3);
    expect(one('cacheWrite1hTokens')).toBe(0.5);
  });

  it('count reasoning once, inside the output', () => {
    expect(usd({ ...MILLION, reasoningTokens: 900_000 }, 'claude-sonnet-5')).toBe(12);
  });

  it('of caches may be absent: nothing was cached', () => {
    const zeros = { cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 };
    expect(usd({ ...MILLION, ...zeros }, 'claude-sonnet-5')).toBe(usd(MILLION, 'claude-sonnet-5'));
  });

  it('do not price cached tokens as fresh ones (BUG-11)', () => {
    const usage = { inputTokens: 10, cacheReadTokens: 1_000_000, outputTokens: 0 };
    expect(usd(usage, 'claude-sonnet-5')).toBe(0.2 + 0.00002);
  });
});

describe('what is not known', () => {
  const sonnet = claude('claude-sonnet-5');
  const unknown: readonly (readonly [string, Usage | undefined, ModelPrice | undefined])[] = [
    ['usage', undefined, sonnet],
    ['the model', MILLION, claude('claude-sonnet-6')],
    ['input tokens', { outputTokens: 5 }, sonnet],
    ['output tokens, as after a cut (USE-11)', { inputTokens: 5 }, sonnet],
    ['every count', {}, sonnet],
    ['a count below 0 (U2)', { inputTokens: -5, outputTokens: 5 }, sonnet],
    ['a count that is no integer (U2)', { inputTokens: 0.5, outputTokens: 5 }, sonnet],
    ['a count that is NaN (U2)', { inputTokens: 5, outputTokens: 5, cacheReadTokens: Number.NaN }, sonnet],
    ['an infinite count (U2)', { inputTokens: Number.POSITIVE_INFINITY, outputTokens: 5 }, sonnet],
    ['the priority tier', { ...MILLION, modifiers: { serviceTier: 'priority' } }, sonnet],
    ['a tier of tomorrow', { ...MILLION, modifiers: { serviceTier: 'flex' } }, sonnet],
    ['a region without a factor', { ...MILLION, modifiers: { inferenceGeo: 'eu' } }, sonnet],
    ['a speed without a table', { ...MILLION, modifiers: { speed: 'fast' } }, sonnet],
    ['a speed of tomorrow', { ...MILLION, modifiers: { speed: 'turbo' } }, sonnet],
    [
      'US residency on a model before 4.6',
      { ...MILLION, modifiers: { inferenceGeo: 'us' } },
      claude('claude-haiku-4-5'),
    ],
  ];

  it.each(unknown)('is %s: the cost is undefined, never 0', (_, usage, price) => {
    expect(nano(usage, price)).toBeUndefined();
  });

  const base = { inputUsdPerMTok: 1, outputUsdPerMTok: 2 };
  it.each<[keyof Usage, Usage]>([
    ['cacheReadTokens', { cacheReadTokens: 1 }],
    ['cacheWrite5mTokens', { cacheWrite5mTokens: 1 }],
    ['cacheWrite1hTokens', { cacheWrite1hTokens: 1 }],
    ['serverTools', { serverTools: { webSearchRequests: 1 } }],
    ['serverTools', { serverTools: { webFetchRequests: 1 } }],
    ['modifiers', { modifiers: { serviceTier: 'batch' } }],
    ['modifiers', { modifiers: { inferenceGeo: 'us' } }],
  ])('is the rate of %s that an override leaves out, once it is used', (_, used) => {
    expect(nano({ ...MILLION, ...used }, overridden({ 'acme/one': base }))).toBeUndefined();
  });

  it('does not matter while its bucket is empty', () => {
    const usage = { ...MILLION, cacheReadTokens: 0, serverTools: { webSearchRequests: 0 }, modifiers: {} };
    expect(nano(usage, overridden({ 'acme/one': base }))).toBe(3e9);
  });

  it('is never the cost of what is not billed (USE-10)', () => {
    const usage = { inputTokens: 5, outputTokens: 0, billed: false };
    expect(nano(usage, sonnet)).toBe(0);
    expect(nano(usage, undefined)).toBe(0);
    expect(nano({ ...usage, billed: true }, sonnet)).toBe(10_000);
  });

  it('is not the cost of a free model', () => {
    expect(nano(MILLION, overridden({ 'acme/one': { inputUsdPerMTok: 0, outputUsdPerMTok: 0 } }))).toBe(0);
  });
});

describe('modifiers', () => {
  const priced = (
    model: string,
    modifiers: Usage['modifiers'] & object,
    more: Usage = {},
  ): number | undefined => usd({ ...MILLION, ...more, modifiers }, model);

  it.each([
    [{ serviceTier: 'standard' }, 30],
    [{ serviceTier: 'default' }, 30],
    [{ inferenceGeo: 'global' }, 30],
    [{ inferenceGeo: 'not_available' }, 30],
    [{ speed: 'standard' }, 30],
    [{ serviceTier: 'batch' }, 15],
    [{ inferenceGeo: 'us' }, 33],
    [{ serviceTier: 'batch', inferenceGeo: 'us' }, 16.5],
    [{ speed: 'fast' }, 60],
    [{ speed: 'fast', inferenceGeo: 'us' }, 66],
  ])('%o make a million tokens of claude-opus-5 cost %d USD', (modifiers, cost) => {
    expect(priced('claude-opus-5', modifiers)).toBe(cost);
  });

  it('select a fast table of its own, which is no fixed multiple', () => {
    expect(priced('claude-opus-4-6', { speed: 'fast' })).toBe(180);
    expect(priced('claude-opus-5-5', { speed: 'fast' }, { cacheReadTokens: 1_000_000 })).toBe(48.4);
  });

  it('do not touch the fee of a web search', () => {
    const searched = { serverTools: { webSearchRequests: 1_000, webFetchRequests: 7 } };
    expect(priced('claude-opus-5', { serviceTier: 'batch', inferenceGeo: 'us' }, searched)).toBe(16.5 + 10);
  });

  it('of an override are its own', () => {
    const rates = { inputUsdPerMTok: 1, outputUsdPerMTok: 1, batchFactor: 0.25, usFactor: 2 };
    const usage = { ...MILLION, modifiers: { serviceTier: 'batch', inferenceGeo: 'us' } };
    expect(nano(usage, overridden({ one: rates }))).toBe(1e9);
  });
});

describe('tiers of service', () => {
  const openai = (
    model: string,
    modifiers: Usage['modifiers'] & object,
    more: Usage = {},
  ): number | undefined =>
    nano({ ...MILLION, inputTokens: 100_000, ...more, modifiers }, table.find('openai', model));

  it.each([
    ['gpt-5.5', 'default', 0.5 + 30],
    ['gpt-5.5', 'flex', 0.25 + 15],
    ['gpt-5.5', 'batch', 0.25 + 15],
    ['gpt-5.5', 'priority', 1.25 + 75],
    ['gpt-5.5', 'fast', 1.25 + 75],
    ['gpt-4o', 'priority', 0.425 + 17],
    ['gpt-4o', 'flex', undefined],
    ['gpt-5.5', 'scale', undefined],
    ['gpt-6-astra', 'ultrafast', undefined],
  ])('%s at %s', (model, serviceTier, cost) => {
    expect(openai(model, { serviceTier })).toBe(cost === undefined ? undefined : Math.round(cost * 1e9));
  });

  it('have rates of their own for a long prompt, or none that are known', () => {
    const long = { inputTokens: 1_000_000, cacheReadTokens: 1_000_000 };
    expect(openai('gpt-6-sol', { serviceTier: 'fast' }, long)).toBe((8 + 0.8 + 30) * 1e9);
    expect(openai('gpt-5.5', { serviceTier: 'priority' }, long)).toBeUndefined();
    expect(openai('gpt-5.5', { serviceTier: 'flex' }, long)).toBe(((10 + 1 + 45) / 2) * 1e9);
  });

  it('of which two have tables of their own are not known together', () => {
    const both = { serviceTier: 'fast', speed: 'fast' };
    expect(openai('gpt-5.5', both)).toBeUndefined();
    expect(usd({ ...MILLION, modifiers: { serviceTier: 'batch', speed: 'fast' } }, 'claude-opus-5')).toBe(30);
  });
});

describe('hours', () => {
  it.each([
    ['2026-11-25T02:00:00Z', 1.5],
    ['2026-11-25T05:00:00Z', 0.75],
    ['2026-11-25T09:59:59Z', 1.5],
    ['2026-11-28T02:00:00Z', 0.75],
    ['2026-10-01T02:00:00Z', 0.75],
  ])('at %s a million tokens in and out of deepseek-flash cost %d USD', (at, cost) => {
    expect(nano(MILLION, table.find('deepseek', 'deepseek-flash'), at)).toBe(cost * 1e9);
  });
});

describe('several runs (USE-9)', () => {
  const run = { inputTokens: 60_000, outputTokens: 1_000 };
  const haiku = claude('claude-haiku-5-5');

  it('are billed in place of the counts of the answer', () => {
    const usage = { inputTokens: 1, outputTokens: 1, runs: [run, run] };
    expect(nano(usage, haiku)).toBe(2 * (nano(run, haiku) ?? 0));
  });

  it('have each the length of its own prompt: two short ones are no long one', () => {
    const together = { inputTokens: 120_000, outputTokens: 2_000 };
    expect(nano({ ...run, runs: [run, run] }, haiku)).toBeLessThan(nano(together, haiku) ?? 0);
  });

  it('of another model have its price, or none that is known', () => {
    const usage = { ...run, runs: [run, { ...run, model: 'claude-opus-5' }] };
    const expected = (nano(run, haiku) ?? 0) + (nano(run, claude('claude-opus-5')) ?? 0);
    expect(costOf(usage, haiku, { atMs: NOW, priceOf: claude })?.nanoUsd).toBe(expected);
    expect(costOf(usage, haiku, { atMs: NOW })).toBeUndefined();
    const lost = { ...run, runs: [{ ...run, model: 'claude-nobody' }] };
    expect(costOf(lost, haiku, { atMs: NOW, priceOf: claude })).toBeUndefined();
  });

  it('do not multiply the fees, and share the modifiers', () => {
    const usage = { ...run, runs: [run, run], serverTools: { webSearchRequests: 1 } };
    expect(nano(usage, haiku)).toBe(2 * (nano(run, haiku) ?? 0) + 10_000_000);
    const halved = { ...run, runs: [run, run], modifiers: { serviceTier: 'batch' } };
    expect(nano(halved, haiku)).toBe(nano(run, haiku));
  });

  it('of which one was not counted have no known cost', () => {
    expect(nano({ ...run, runs: [run, {}] }, haiku)).toBeUndefined();
  });

  it('that are none leave the counts of the answer', () => {
    expect(nano({ ...run, runs: [] }, haiku)).toBe(nano(run, haiku));
  });
});

describe('sound', () => {
  it.each([{ audioInputTokens: 5 }, { audioOutputTokens: 5 }])(
    '%o has a price that is not known here',
    (sound) => {
      expect(nano({ ...MILLION, ...sound }, table.find('openai', 'gpt-4o'))).toBeUndefined();
    },
  );

  it('of which there was none changes nothing', () => {
    const price = table.find('openai', 'gpt-4o');
    expect(nano({ ...MILLION, audioInputTokens: 0 }, price)).toBe(nano(MILLION, price));
  });
});

describe('a web search', () => {
  it('costs 10 USD per 1,000', () => {
    expect(
      usd({ inputTokens: 0, outputTokens: 0, serverTools: { webSearchRequests: 3 } }, 'claude-sonnet-5'),
    ).toBe(0.03);
  });
});

describe('long prompts', () => {
  const prompt = (inputTokens: number, cached: number): Usage => ({
    inputTokens,
    cacheReadTokens: cached,
    outputTokens: 1_000_000,
  });

  it.each([
    ['at the limit', prompt(100_000, 0), 0.01 + 0.5],
    ['one over', prompt(100_001, 0), 0.0500005 + 2.5],
    ['over by cache reads alone', prompt(1, 100_000), 0.0000005 + 0.005 + 2.5],
    ['at the limit with cache', prompt(50_000, 50_000), 0.005 + 0.0005 + 0.5],
  ])('%s: the whole request, output too, is priced by one table', (_, usage, cost) => {
    expect(usd(usage, 'claude-haiku-5-5')).toBeCloseTo(cost, 9);
  });

  it('count cache writes of both lives', () => {
    const writes = { cacheWrite5mTokens: 60_000, cacheWrite1hTokens: 40_001 };
    const cost = usd({ inputTokens: 0, outputTokens: 0, ...writes }, 'claude-haiku-5-5');
    expect(cost).toBeCloseTo((60_000 * 0.625 + 40_001 * 1) / 1e6, 9);
  });

  it('are halved in a batch like short ones', () => {
    const usage = { ...prompt(200_000, 0), modifiers: { serviceTier: 'batch' } };
    expect(usd(usage, 'claude-haiku-5-5')).toBe((0.1 + 2.5) / 2);
  });

  it('at speed fast have no published price', () => {
    const usage = { ...prompt(200_001, 0), modifiers: { speed: 'fast' } };
    expect(usd(usage, 'claude-opus-4-6', '2026-03-01')).toBeUndefined();
    expect(usd(usage, 'claude-opus-4-6', '2026-03-13')).toBe(6.00003 + 150);
  });
});

describe('dates', () => {
  const reads = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 1_000_000 };
  const long = { inputTokens: 200_001, outputTokens: 0 };

  it.each([
    ['2026-10-06T23:59:59.999Z', 0.2],
    ['2026-10-07T00:00:00.000Z', 0.1],
  ])('a cache read of claude-sonnet-5-5 at %s costs %d USD a million', (at, cost) => {
    expect(usd(reads, 'claude-sonnet-5-5', at)).toBe(cost);
  });

  it.each([
    ['claude-opus-4-6', '2026-03-12T23:59:59Z', 10],
    ['claude-opus-4-6', '2026-03-13T00:00:00Z', 5],
    ['claude-sonnet-4-6', '2026-03-12T23:59:59Z', 6],
    ['claude-sonnet-4-6', '2026-03-13T00:00:00Z', 3],
    ['claude-sonnet-4-5', '2026-04-29T23:59:59Z', 6],
    ['claude-sonnet-4-0', '2026-04-30T00:00:00Z', 3],
  ])('a long prompt to %s at %s costs %d USD a million', (model, at, rate) => {
    expect(usd(long, model, at)).toBe((200_001 * rate) / 1e6);
  });

  it('before the first and after the last known row there is no price', () => {
    const row: PriceRow = {
      ...{ provider: 'acme', model: 'one', from: '2026-01-01', until: '2026-02-01' },
      ...{
        usdPerMTok: [1, 1],
        source: 'acme.example',
        asOf: '2026-01-15',
        confidence: 'high',
      },
    };
    const price = new PriceTable({}, [row]).find('acme', 'one');
    expect(nano(MILLION, price, '2025-12-31')).toBeUndefined();
    expect(nano(MILLION, price, '2026-01-31')).toBe(2e9);
    expect(nano(MILLION, price, '2026-02-01')).toBeUndefined();
  });
});

describe('rounding', () => {
  const price = (input: number): ModelPrice | undefined =>
    overridden({ one: { inputUsdPerMTok: input, outputUsdPerMTok: 0 } });

  it.each([
    [0.000499, 1, 0],
    [0.0005, 1, 1],
    [0.001499, 1, 1],
    [0.0015, 1, 2],
    [0.0005, 2, 1],
    [0.0001, 15, 2],
  ])(
    '%d USD per million, %d tokens: half up to %d nanodollars, once for the whole sum',
    (rate, tokens, expected) => {
      expect(nano({ inputTokens: tokens, outputTokens: 0 }, price(rate))).toBe(expected);
    },
  );

  it('is of the sum, not of each bucket', () => {
    const rates = { inputUsdPerMTok: 0.0004, outputUsdPerMTok: 0.0004, cacheReadUsdPerMTok: 0.0004 };
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 1 };
    expect(nano(usage, overridden({ one: rates }))).toBe(1);
  });

  it('gives three tokens at 0.1 the sum that floats of dollars miss', () => {
    expect(nano({ inputTokens: 3, outputTokens: 0 }, price(0.1))).toBe(300);
  });

  it('stays exact beyond the 9,007 USD that a number of picodollars can hold', () => {
    // 9_007_199_254_740_993 picodollars, the first whole number a double cannot hold.
    const usage = { inputTokens: 9_007_199_254_740_991, outputTokens: 2 };
    const tiny = overridden({ one: { inputUsdPerMTok: 0.000001, outputUsdPerMTok: 0.000001 } });
    expect(nano(usage, tiny)).toBe(9_007_199_254_741);
    expect(nano({ inputTokens: 10_000_000_001, outputTokens: 0 }, price(1))).toBe(10_000_000_001_000);
  });

  it.each([
    [9_007_199_254_740_499, 9_007_199_254_740],
    [9_007_199_254_740_500, 9_007_199_254_741],
    [8_796_093_022_208_499, 8_796_093_022_208],
    [8_796_093_022_208_500, 8_796_093_022_209],
    [9_007_199_254_739_999, 9_007_199_254_740],
  ])('tells %d picodollars from their neighbour, close to where numbers end', (pico, expected) => {
    expect(nano({ inputTokens: pico, outputTokens: 0 }, price(0.000001))).toBe(expected);
  });

  it('gives up where counts cannot be true: beyond nine million USD for one attempt', () => {
    const usage = { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 0 };
    expect(nano(usage, claude('claude-opus-5'))).toBeUndefined();
  });
});

describe('any usage', () => {
  /** Rates in millionths of a dollar per million tokens, that is, in picodollars per token. */
  const rate = fc.integer({ min: 0, max: 100_000_000 });
  const count = fc.oneof(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 0, max: 2 ** 40 }));
  const buckets = fc.record({
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWrite5mTokens: count,
    cacheWrite1hTokens: count,
  });
  const rates = fc.record({ input: rate, output: rate, read: rate, write5m: rate, write1h: rate });

  it('costs what exact arithmetic says, to the nanodollar', () => {
    fc.assert(
      fc.property(buckets, rates, (usage, pico) => {
        const price = overridden({
          'acme/one': {
            inputUsdPerMTok: pico.input / 1e6,
            outputUsdPerMTok: pico.output / 1e6,
            cacheReadUsdPerMTok: pico.read / 1e6,
            cacheWrite5mUsdPerMTok: pico.write5m / 1e6,
            cacheWrite1hUsdPerMTok: pico.write1h / 1e6,
          },
        });
        const sum =
          BigInt(usage.inputTokens) * BigInt(pico.input) +
          BigInt(usage.outputTokens) * BigInt(pico.output) +
          BigInt(usage.cacheReadTokens) * BigInt(pico.read) +
          BigInt(usage.cacheWrite5mTokens) * BigInt(pico.write5m) +
          BigInt(usage.cacheWrite1hTokens) * BigInt(pico.write1h);
        const exact = (sum + 500n) / 1000n;
        expect(nano(usage, price)).toBe(exact > Number.MAX_SAFE_INTEGER ? undefined : Number(exact));
      }),
      { numRuns: 200 },
    );
  });

  it('of a bundled model costs, in a US batch, 11/20 of the standard price exactly', () => {
    const small = fc.record({
      inputTokens: fc.integer({ min: 0, max: 1e6 }),
      outputTokens: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(
        small,
        fc.constantFrom('claude-opus-5', 'claude-haiku-5-5', 'claude-sonnet-4-6'),
        (usage, model) => {
          const modified = { ...usage, modifiers: { serviceTier: 'batch', inferenceGeo: 'us' } };
          const plain =
            usage.inputTokens > 100_000 && model === 'claude-haiku-5-5' ? [500_000, 2_500_000] : undefined;
          const standard = claude(model)?.periods[0]?.standard;
          const [input, output] = plain ?? [standard?.input ?? 0, standard?.output ?? 0];
          const pico =
            (BigInt(usage.inputTokens) * BigInt(input ?? 0) +
              BigInt(usage.outputTokens) * BigInt(output ?? 0)) *
            11n;
          expect(nano(modified, claude(model))).toBe(Number((pico / 20n + 500n) / 1000n));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never costs less for more tokens', () => {
    const price = claude('claude-haiku-5-5');
    fc.assert(
      fc.property(buckets, fc.integer({ min: 1, max: 1e6 }), (usage, more) => {
        const before = nano(usage, price);
        const after = nano({ ...usage, inputTokens: usage.inputTokens + more }, price);
        if (before !== undefined && after !== undefined) expect(after).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});
