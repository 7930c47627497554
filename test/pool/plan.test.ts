import { describe, expect, it } from 'vitest';
import { NoRouteError, ProviderError } from '../../src/errors/index.ts';
import type { Target } from '../../src/pipeline/middleware.ts';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import { Affinity } from '../../src/pool/affinity.ts';
import { planner } from '../../src/pool/plan.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { Secret } from '../../src/provider-kit/secret.ts';
import { priority, Router, type RoutingStrategy } from '../../src/routing/index.ts';
import { ask, EPOCH_MS, requestContext, silent } from '../contexts.ts';
import { viewWith } from '../routing/view.ts';
import { statesOf } from './states.ts';

const a: Provider = { ...silent, name: 'a' };
const b: Provider = { ...silent, name: 'b' };
const models = { fast: ['a/m', 'b/m', { target: 'a/slow', tier: 1 }], one: ['a/m'] };

function setUp(strategy: RoutingStrategy = priority()) {
  const { states, told } = statesOf();
  const router = new Router({ providers: [a, b], models });
  const affinity = new Affinity(told.teller.nowMs);
  const viewOf = () => viewWith({});
  const plan = planner({ router, strategy, states, affinity, viewOf, teller: told.teller });
  const target = (label: string): Target => {
    const [name] = label.split('/');
    const found = [...router.candidates('fast', undefined)].find((each) => each.target.label === label);
    if (!found) throw new Error(`no ${label} at ${name}`);
    return found.target;
  };
  return {
    told,
    plan: (model = 'fast', facts: Parameters<typeof requestContext>[0] = {}) =>
      plan(requestContext({ request: { ...ask(), model }, ...facts })).map((each) => each.target.label),
    fail: (label: string, code: ProviderError['code'], retryAfterMs?: number) => {
      const permit = states.of(target(label)).admit(false);
      permit?.fail(new ProviderError({ provider: 'a', code, message: 'no', retryAfterMs }));
      permit?.release();
    },
    /** What its host says is left. */
    heed: (label: string, remaining: number) =>
      states.of(target(label)).heed({ tokens: { remaining, resetMs: 7_000 } }),
  };
}

describe('a plan', () => {
  it('is the candidates of the name, as the strategy orders them', () => {
    expect(setUp().plan()).toEqual(['a/m', 'b/m', 'a/slow']);
    const backwards: RoutingStrategy = {
      name: 'backwards',
      order: (candidates) => [...candidates].reverse(),
    };
    expect(setUp(backwards).plan()).toEqual(['a/slow', 'b/m', 'a/m']);
  });

  it('is that of the pinned provider alone', () => {
    expect(setUp().plan('fast', { pinned: 'a' })).toEqual(['a/m', 'a/slow']);
  });

  it('leaves out who is about to refuse it by its own headers, until they say that there is more', () => {
    const { plan, heed, told } = setUp();
    heed('a/m', 0);
    expect(plan()).toEqual(['b/m', 'a/slow']);
    const own = { apiKey: new Secret('theirs') };
    expect(plan('fast', own)).toEqual(['a/m', 'b/m', 'a/slow']);
    told.pass(7_000);
    expect(plan()).toEqual(['a/m', 'b/m', 'a/slow']);
    heed('a/m', 50);
    expect(plan()).toEqual(['a/m', 'b/m', 'a/slow']);
    // Of a prompt whose length is known.
    const request = { ...ask('x'.repeat(300)), model: 'fast' };
    const size = new PromptSize(request);
    expect([plan('fast', { size }), size.tokens > 50, plan('fast', { size })]).toEqual([
      ['a/m', 'b/m', 'a/slow'],
      true,
      ['b/m', 'a/slow'],
    ]);
    heed('a/m', 5_000);
    expect(plan('fast', { size })).toEqual(['a/m', 'b/m', 'a/slow']);
  });

  it('has them all when nothing is left anywhere', () => {
    const { plan, heed } = setUp();
    for (const label of ['a/m', 'b/m', 'a/slow']) heed(label, 0);
    expect(plan()).toEqual(['a/m', 'b/m', 'a/slow']);
  });

  it('leaves out who asked to be left alone, for as long as that lasts', () => {
    const { plan, fail, told } = setUp();
    fail('a/m', 'rate_limited', 7_000);
    expect(plan()).toEqual(['b/m', 'a/slow']);
    told.pass(7_000);
    expect(plan()).toEqual(['a/m', 'b/m', 'a/slow']);
  });

  it('leaves out every target of a key that is out', () => {
    const { plan, fail } = setUp();
    fail('a/m', 'authentication');
    expect(plan()).toEqual(['b/m']);
  });

  it('keeps all when all asked to be left alone: asking is how to learn that one is back', () => {
    const { plan, fail } = setUp();
    fail('a/m', 'authentication');
    fail('b/m', 'rate_limited');
    expect(plan()).toEqual(['a/m', 'b/m', 'a/slow']);
    expect(plan('one')).toEqual(['a/m']);
  });

  it('keeps a target whose circuit is open: whether it is the last is for the attempt to say', () => {
    const { plan, fail } = setUp();
    for (let failure = 0; failure < 5; failure++) fail('a/m', 'server_error');
    expect(plan()).toEqual(['a/m', 'b/m', 'a/slow']);
  });

  it('gives the strategy the request', () => {
    const seen: unknown[] = [];
    const looking: RoutingStrategy = {
      name: 'looking',
      order: (candidates, { metadata }) => {
        seen.push(metadata);
        return candidates;
      },
    };
    setUp(looking).plan('fast', { metadata: { feature: 'search' } });
    expect(seen).toEqual([{ feature: 'search' }]);
  });

  it('is no route when nobody serves the name', () => {
    expect(() => setUp().plan('nothing')).toThrow(NoRouteError);
  });

  it('is no route when the strategy wants none of the candidates', () => {
    const picky: RoutingStrategy = { name: 'picky', order: () => [] };
    expect(() => setUp(picky).plan()).toThrow(NoRouteError);
    expect(() => setUp(picky).plan()).toThrow(
      'the routing strategy "picky" left no target for the model "fast"',
    );
  });
});

describe('router.decide', () => {
  it('tells the plan, and who was left out', () => {
    const { plan, fail, told } = setUp();
    fail('b/m', 'rate_limited');
    plan();
    expect(told.of('router.decide')).toEqual([
      {
        name: 'router.decide',
        requestId: 'req-1',
        at: EPOCH_MS,
        requestedModel: 'fast',
        candidates: ['a/m', 'a/slow'],
        excluded: ['b/m'],
        strategy: 'priority',
      },
    ]);
  });

  it('tells too whom the strategy left out', () => {
    const first: RoutingStrategy = { name: 'first', order: ([only]) => (only ? [only] : []) };
    const { plan, told } = setUp(first);
    plan();
    expect(told.of('router.decide')[0]).toMatchObject({
      candidates: ['a/m'],
      excluded: ['b/m', 'a/slow'],
      strategy: 'first',
    });
  });
});
