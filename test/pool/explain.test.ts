import { describe, expect, it } from 'vitest';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { fails, replies } from '../../src/testing/scripted-steps.ts';
import { ask } from '../contexts.ts';

const spec = { id: 'blind', capabilities: { vision: false } };
const image = { type: 'image_url' as const, image_url: { url: 'https://x.example/cat.png' } };

function poolOf() {
  const one = scriptedProvider('one', [fails('rate_limited', { status: 429, retryAfterMs: 9_000 })], {
    models: [spec],
  });
  const two = scriptedProvider('two', [replies('Hi')]);
  const pool = new ProviderPool({
    providers: [one, two],
    models: { all: ['one/blind', 'two/m', { target: 'two/spare', tier: 1 }] },
    cost: { prices: { 'two/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 1_000 } } },
    retry: { baseDelayMs: 1 },
  });
  return { pool, one, two };
}

describe('pool.explain', () => {
  it('tells where a request would go, in which order and at what cost; nothing is sent', async () => {
    const { pool, one, two } = poolOf();
    const { strategy, candidates, excluded } = pool.explain({ ...ask(), model: 'all', max_tokens: 1_000 });
    expect(strategy).toBe('priority');
    expect(candidates.map(({ target, tier }) => [target, tier])).toEqual([
      ['one/blind', 0],
      ['two/m', 0],
      ['two/spare', 1],
    ]);
    expect(candidates[0]).toMatchObject({ circuit: 'closed', cooldownMs: 0, inFlight: 0 });
    expect(candidates[0]).not.toHaveProperty('costUsd');
    expect(candidates[1]?.costUsd).toBeCloseTo(1, 3);
    expect(excluded).toEqual([]);
    expect([one.calls, two.calls]).toEqual([[], []]);
    await pool.close();
  });

  it('and who would be passed by, and why', async () => {
    const { pool } = poolOf();
    const looking = { ...ask(), model: 'all', messages: [{ role: 'user' as const, content: [image] }] };
    expect(pool.explain(looking).excluded).toEqual([{ target: 'one/blind', reason: 'no_vision' }]);
    await pool.request({ ...ask(), model: 'all' });
    expect(pool.explain({ ...ask(), model: 'all' }).excluded).toEqual([
      { target: 'one/blind', reason: 'cooldown' },
    ]);
    await pool.close();
  });

  it('is what the trace of an answer tells afterwards', async () => {
    const { pool } = poolOf();
    const looking = { ...ask(), model: 'all', messages: [{ role: 'user' as const, content: [image] }] };
    const { candidates, excluded } = pool.explain(looking);
    const { trace } = (await pool.request(looking)).runestone;
    expect(trace).toMatchObject({
      strategy: 'priority',
      candidates: candidates.map(({ target }) => target),
      excluded,
    });
    expect(trace.attempts).toMatchObject([{ target: 'two/m', outcome: 'ok', waitedMs: expect.any(Number) }]);
    await pool.close();
  });

  it('throws for a request that is wrong, and a model that nobody serves', async () => {
    const { pool } = poolOf();
    expect(() => pool.explain({ messages: [] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
    expect(() => pool.explain({ ...ask(), model: 'x' })).toThrow(
      expect.objectContaining({ code: 'no_route' }),
    );
    await pool.close();
  });
});
