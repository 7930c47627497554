import { ProviderPool } from 'runestone';
import { replies, scriptedProvider } from 'runestone/testing';
import { expect, it } from 'vitest';
import { ask } from '../contexts.ts';

const cost = { budgets: [{ limitUsd: 1, window: 'day' as const, unpriced: 'allow' as const }] };

it('reports send nothing, and are of the options of now', async () => {
  const provider = scriptedProvider('acme', [replies('Hello')]);
  const pool = new ProviderPool({ providers: [provider], models: { fast: ['acme/m'] }, cost });
  expect(pool.explain({ ...ask(), model: 'fast' }).candidates).toMatchObject([{ target: 'acme/m' }]);
  expect(pool.estimate({ ...ask(), model: 'fast' }).candidates).toMatchObject([{ precision: 'unknown' }]);
  expect(pool.models().data.map(({ id }) => id)).toContain('fast');
  expect(pool.health().status).toBe('unknown');
  expect(pool.providers()).toMatchObject([{ name: 'acme' }]);
  expect([provider.calls.length, pool.stats().total.requests]).toEqual([0, 0]);
  pool.update((now) => ({ ...now, models: { slow: ['acme/m'] } }));
  expect(() => pool.explain({ ...ask(), model: 'fast' })).toThrow(
    expect.objectContaining({ code: 'no_route' }),
  );
  expect(pool.models().data.map(({ id }) => id)).toContain('slow');
});

it('what was spent of a budget stays spent when other options change', async () => {
  const provider = scriptedProvider('acme', [replies('Hello')]);
  const prices = { 'acme/m': { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } };
  const pool = new ProviderPool({
    providers: [provider],
    models: { fast: ['acme/m'] },
    cost: { ...cost, prices },
  });
  await pool.request({ ...ask(), model: 'fast', max_tokens: 10 });
  const [before] = pool.stats().budgets;
  expect(before?.spentUsd).toBeGreaterThan(0);
  pool.update((now) => ({ ...now, strict: true }));
  expect(pool.stats().budgets).toEqual([before]);
  pool.update((now) => ({ ...now, cost: { ...now.cost, budgets: [{ limitUsd: 2, window: 'day' }] } }));
  expect(pool.stats().budgets).toEqual([]);
});
