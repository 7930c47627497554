import { describe, expect, it } from 'vitest';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import { leastCost } from '../../src/routing/index.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { replies } from '../../src/testing/scripted-steps.ts';
import { ask } from '../contexts.ts';

const spec = { id: 'm', contextWindow: 10_000, maxOutputTokens: 2_000 };
const cheap = {
  inputUsdPerMTok: 1,
  outputUsdPerMTok: 4,
  cacheReadUsdPerMTok: 0.1,
  cacheWrite5mUsdPerMTok: 1.25,
};

function poolOf() {
  const one = scriptedProvider('one', [replies('Hi')], { models: [spec] });
  const two = scriptedProvider('two', [replies('Hi')], {
    models: [{ id: 'blind', capabilities: { vision: false } }],
  });
  const pool = new ProviderPool({
    providers: [one, two],
    models: { all: ['two/dear', 'one/m', 'two/unpriced', { target: 'two/blind', tier: 1 }] },
    cost: { prices: { 'one/m': cheap, 'two/dear': { ...cheap, outputUsdPerMTok: 400 } } },
    routing: leastCost(),
  });
  return { pool, one, two };
}

describe('pool.estimate', () => {
  it('tells tokens and a range of cost for each target, in the order of routing; nothing is sent', async () => {
    const { pool, one, two } = poolOf();
    const { candidates, excluded } = pool.estimate({
      ...ask('x'.repeat(3_000)),
      model: 'all',
      max_tokens: 1_000,
    });
    expect(candidates.map(({ target }) => target)).toEqual([
      'one/m',
      'two/dear',
      'two/unpriced',
      'two/blind',
    ]);
    const [best] = candidates;
    expect(best).toMatchObject({
      provider: 'one',
      model: 'm',
      tier: 0,
      maxOutputTokens: 1_000,
      precision: 'estimated',
    });
    expect(best?.inputTokens).toBeGreaterThan(1_000);
    const { minUsd, expectedUsd, maxUsd = 0 } = best?.costUsd ?? { minUsd: 9, expectedUsd: 0 };
    expect(expectedUsd).toBeCloseTo(((best?.inputTokens ?? 0) + 4_000) / 1e6, 9);
    expect([minUsd < expectedUsd, expectedUsd < maxUsd]).toEqual([true, true]);
    expect(excluded).toEqual([]);
    expect([one.calls, two.calls]).toEqual([[], []]);
    await pool.close();
  });

  it('says unknown where nobody knows the price, and states no cost', async () => {
    const { pool } = poolOf();
    const unpriced = pool.estimate({ ...ask(), model: 'two/unpriced', max_tokens: 5 }).candidates[0];
    expect(unpriced).toMatchObject({
      precision: 'unknown',
      maxOutputTokens: 5,
      inputTokens: expect.any(Number),
    });
    expect(unpriced).not.toHaveProperty('costUsd');
    await pool.close();
  });

  it('has no upper end where an answer has none', async () => {
    const { pool } = poolOf();
    const [dear] = pool.estimate({ ...ask(), model: 'two/dear' }).candidates;
    expect(dear).not.toHaveProperty('maxOutputTokens');
    expect(dear?.costUsd).toEqual({ minUsd: expect.any(Number), expectedUsd: expect.any(Number) });
    const [known] = pool.estimate({ ...ask(), model: 'one/m' }).candidates;
    expect(known).toMatchObject({ maxOutputTokens: 2_000, costUsd: { maxUsd: expect.any(Number) } });
    await pool.close();
  });

  it('expects what routing by cost compares', async () => {
    const { pool } = poolOf();
    const request = { ...ask('x'.repeat(500)), model: 'all', max_tokens: 50 };
    const explained = pool.explain(request).candidates.map(({ costUsd }) => costUsd);
    expect(pool.estimate(request).candidates.map(({ costUsd }) => costUsd?.expectedUsd)).toEqual(explained);
    await pool.close();
  });

  it('leaves out who would be passed by, and says why', async () => {
    const { pool } = poolOf();
    const content = [{ type: 'image_url' as const, image_url: { url: 'https://x.example/cat.png' } }];
    const { candidates, excluded } = pool.estimate({ messages: [{ role: 'user', content }], model: 'all' });
    expect(candidates).toHaveLength(3);
    expect(excluded).toEqual([{ target: 'two/blind', reason: 'no_vision' }]);
    await pool.close();
  });

  it('holds for the attempt that follows', async () => {
    const { pool } = poolOf();
    const request = { ...ask('x'.repeat(500)), model: 'one/m', max_tokens: 50 };
    const { minUsd, maxUsd = 0 } = pool.estimate(request).candidates[0]?.costUsd ?? { minUsd: 0 };
    const { costUsd = 0 } = (await pool.request(request)).runestone;
    expect(costUsd).toBeLessThanOrEqual(maxUsd);
    expect(minUsd).toBeGreaterThan(0);
    await pool.close();
  });

  it('throws for a request or a call that is wrong, and a model that nobody serves', async () => {
    const { pool } = poolOf();
    expect(() => pool.estimate({ messages: [] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
    expect(() => pool.estimate({ ...ask(), model: 'x' })).toThrow(
      expect.objectContaining({ code: 'no_route' }),
    );
    expect(() => pool.estimate(ask(), { deadlineMs: -1 })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
    await pool.close();
  });
});
