import { describe, expect, it } from 'vitest';
import { NoRouteError } from '../../src/errors/index.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { Routes } from '../../src/pool/routes.ts';
import { PriceTable } from '../../src/pricing/price-table.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { ask, attemptContext, requestContext, silent } from '../contexts.ts';
import { statesOf } from './states.ts';

const providers = ['a', 'b'].map((name) => ({ ...silent, name }));

function setUp(options: Partial<PoolOptions> = {}) {
  const { states, told } = statesOf();
  const pool = { providers, models: { all: ['a/m', 'b/m', { target: 'b/spare', tier: 1 }] }, ...options };
  const routes = new Routes({ pool, states, prices: new PriceTable(), teller: told.teller, random: () => 0 });
  const turn = (sessionId?: string) => requestContext({ request: { ...ask(), model: 'all' }, sessionId });
  const plan = (sessionId?: string) => routes.plan(turn(sessionId));
  const labels = (sessionId?: string) => plan(sessionId).map(({ target }) => target.label);
  /** Has a turn answered by the target with that label. */
  const answer = (label: string, sessionId?: string): void => {
    const target = plan().find((each) => each.target.label === label)?.target;
    if (!target) throw new Error(`no ${label}`);
    routes.remember(attemptContext({ request: turn(sessionId), target })).onEnd?.({ outcome: 'ok' });
  };
  return { routes, states, told, turn, labels, plan, answer };
}

describe('routing', () => {
  it('takes a function for a strategy', () => {
    const backwards: PoolOptions['routing'] = (candidates) => [...candidates].reverse();
    expect(setUp({ routing: backwards }).labels()).toEqual(['b/spare', 'b/m', 'a/m']);
    expect(setUp({ routing: backwards }).routes.explain(setUp().turn()).strategy).toBe('backwards');
  });
});

describe('a conversation', () => {
  it('goes where it has been answered, before its equals', () => {
    const { labels, answer } = setUp();
    answer('b/m', 's');
    expect(labels('s')).toEqual(['b/m', 'a/m', 'b/spare']);
    expect(labels('t')).toEqual(['a/m', 'b/m', 'b/spare']);
    expect(labels()).toEqual(['a/m', 'b/m', 'b/spare']);
  });

  it('but not to a lower tier, when a better one is back', () => {
    const { labels, answer } = setUp();
    answer('b/spare', 's');
    expect(labels('s')[0]).toBe('a/m');
  });

  it('nor to a home that carries more than its share', () => {
    const { labels, answer, plan, states } = setUp();
    answer('b/m', 's');
    const home = plan()[1]?.target;
    if (!home) throw new Error('no home');
    for (let n = 0; n < 3; n++) states.of(home).began(0);
    expect(labels('s')[0]).toBe('a/m');
  });
});

describe('explain', () => {
  it('tells the plan, and changes nothing', () => {
    const { routes, told, turn } = setUp();
    const request = turn();
    const { strategy, candidates, excluded } = routes.explain(request);
    expect(strategy).toBe('priority');
    expect(candidates.map(({ target }) => target.label)).toEqual(['a/m', 'b/m', 'b/spare']);
    expect(excluded).toEqual([]);
    expect(told.told).toEqual([]);
    expect(request.plans).toEqual([]);
  });

  it('throws for a name that nobody serves', () => {
    const { routes } = setUp();
    expect(() => routes.explain(requestContext({ request: { ...ask(), model: 'nobody' } }))).toThrow(
      NoRouteError,
    );
  });
});

describe('the models of the pool', () => {
  const windowed = (contextWindow: number): ModelSpec[] => [{ id: 'm', contextWindow }];
  const long = requestContext({ request: { ...ask('x'.repeat(100_000)), model: 'all' } });

  it('are its aliases and what its providers list', () => {
    const listing = { ...silent, name: 'a', models: windowed(1_000) };
    const { routes } = setUp({ providers: [listing], models: { all: ['a/m'] } });
    expect(routes.models().data.map(({ id }) => id)).toEqual(['all', 'm']);
  });

  it('MOD-6 are routed by what their vendor says, once it was asked', async () => {
    const small: Provider = {
      ...silent,
      name: 'a',
      models: windowed(1_000),
      listModels: async () => windowed(1_000_000),
    };
    const { routes } = setUp({
      providers: [small, { ...silent, name: 'b' }],
      models: { all: ['a/m', 'b/m'] },
    });
    const planned = () => routes.plan(long).map(({ target }) => target.label);
    expect(planned()).toEqual(['b/m']);
    const first = routes.plan(long);
    expect(await routes.refreshModels(1_000, 0)).toEqual({
      a: { status: 'read', models: 1 },
      b: { status: 'unsupported' },
    });
    expect(planned()).toEqual(['a/m', 'b/m']);
    expect(first).not.toBe(routes.plan(long));
    expect(routes.models().data.at(-1)?.runestone.contextWindow).toBe(1_000_000);
  });

  it('MOD-6 are found by bare ids that only their vendor lists', async () => {
    const a: Provider = { ...silent, name: 'a', listModels: async () => [{ id: 'brand-new' }] };
    const { routes } = setUp({ providers: [a], models: {} });
    const fresh = requestContext({ request: { ...ask(), model: 'brand-new' } });
    expect(() => routes.plan(fresh)).toThrow(NoRouteError);
    await routes.refreshModels(1_000, 0);
    expect(routes.plan(fresh).map(({ target }) => target.label)).toEqual(['a/brand-new']);
  });
});
