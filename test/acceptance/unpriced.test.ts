import { describe, expect, it } from 'vitest';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import { leastCost } from '../../src/routing/index.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { fails, replies } from '../../src/testing/scripted-steps.ts';
import type { Usage } from '../../src/usage/usage.ts';
import { ask, failureOf } from '../contexts.ts';

const usage: Usage = { inputTokens: 1_000, outputTokens: 1_000 };
const priced = { 'one/known': { inputUsdPerMTok: 1, outputUsdPerMTok: 1 } };

function poolOf(...steps: Parameters<typeof scriptedProvider>[1]) {
  const provider = scriptedProvider('one', steps);
  return new ProviderPool({
    providers: [provider],
    cost: { prices: priced },
    routing: leastCost(),
    retry: false,
  });
}

describe('a model that nobody priced', () => {
  it('has an unknown cost in the answer, its trace and its event, and never 0', async () => {
    await using pool = poolOf(replies('Hi', { usage }));
    const told: unknown[] = [];
    pool.on('cost.recorded', ({ costUsd, precision }) => told.push([costUsd, precision]));
    const { runestone } = await pool.request({ ...ask(), model: 'one/new' });
    expect(runestone).toMatchObject({ usage, costUsd: undefined, precision: 'unknown' });
    expect(runestone.trace.attempts[0]).toMatchObject({ costUsd: undefined, precision: 'unknown' });
    expect(told).toEqual([[undefined, 'unknown']]);
    expect(JSON.stringify(pool.stats())).toMatch(/"unpriced":1/);
  });

  it('makes the sum over all attempts unknown', async () => {
    const models = { both: ['one/known', 'one/new'] };
    const provider = scriptedProvider('one', [
      fails('server_error', { status: 500 }),
      replies('Hi', { usage }),
    ]);
    await using pool = new ProviderPool({ providers: [provider], models, cost: { prices: priced } });
    const { runestone } = await pool.request({ ...ask(), model: 'both' });
    expect(runestone).toMatchObject({ costUsd: undefined, precision: 'unknown' });
  });

  it('has an unknown cost in the error of an answer that broke', async () => {
    await using pool = poolOf(fails('server_error', { status: 500 }));
    const failure = await failureOf(pool.request({ ...ask(), model: 'one/new' }));
    expect(Object(failure).costUsd).toBeUndefined();
  });

  it('has none in estimate and explain, and goes last by cost', async () => {
    await using pool = new ProviderPool({
      providers: [scriptedProvider('one', [])],
      models: { all: ['one/new', 'one/known'] },
      cost: { prices: priced },
      routing: leastCost(),
    });
    const request = { ...ask(), model: 'all', max_tokens: 10 };
    const [known, unknown] = pool.estimate(request).candidates;
    expect([known?.model, unknown?.model]).toEqual(['known', 'new']);
    expect(unknown).toMatchObject({ precision: 'unknown' });
    expect(unknown).not.toHaveProperty('costUsd');
    expect(pool.explain(request).candidates[1]).not.toHaveProperty('costUsd');
  });

  it('costs 0 where its owner says so', async () => {
    const provider = scriptedProvider('one', [replies('Hi', { usage })]);
    const prices = { 'one/own': { inputUsdPerMTok: 0, outputUsdPerMTok: 0 } };
    await using pool = new ProviderPool({ providers: [provider], cost: { prices } });
    const { runestone } = await pool.request({ ...ask(), model: 'one/own' });
    expect(runestone).toMatchObject({ costUsd: 0, precision: 'reported' });
  });
});
