import { describe, expect, it } from 'vitest';
import { ConfigError, NoRouteError } from '../../src/errors/index.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { Router, type RouterOptions } from '../../src/routing/resolve.ts';
import { silent } from '../contexts.ts';

const sonnet: ModelSpec = { id: 'sonnet-5', aliases: ['sonnet', 'latest'], contextWindow: 200_000 };
const haiku: ModelSpec = { id: 'haiku-5' };

/** Decides itself what it serves. */
const choosy: Provider = {
  ...silent,
  name: 'choosy',
  models: [sonnet],
  resolveModel: (name) => (name.startsWith('sonnet') ? `${name}-resolved` : undefined),
};
/** Lists models, and would serve others too. */
const listing: Provider = { ...silent, name: 'listing', models: [sonnet, haiku], defaultModel: 'haiku-5' };
/** Serves whatever it is asked for by `open/…`. */
const open: Provider = { ...silent, name: 'open' };

const router = (options: Partial<RouterOptions> = {}): Router =>
  new Router({ providers: [listing, open], ...options });

const labels = (from: Router, name?: string, pinned?: string): string[] =>
  from.candidates(name, pinned).map(({ target }) => target.label);

const refusal = (act: () => unknown): NoRouteError => {
  try {
    act();
  } catch (error) {
    if (error instanceof NoRouteError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
};

describe('a name', () => {
  it.each([
    ['of a listed model', 'sonnet-5', ['listing/sonnet-5']],
    ['that is an alias of a listed model', 'latest', ['listing/sonnet-5']],
    ['with its provider', 'listing/haiku-5', ['listing/haiku-5']],
    ['with its provider, by alias', 'listing/sonnet', ['listing/sonnet-5']],
    [
      'that its provider does not list: lists are rarely complete',
      'listing/brand-new',
      ['listing/brand-new'],
    ],
    ['of a provider without a list', 'open/anything', ['open/anything']],
    ['with further slashes', 'open/meta-llama/llama-3', ['open/meta-llama/llama-3']],
  ])('%s is found: %s', (_, name, expected) => {
    expect(labels(router(), name)).toEqual(expected);
  });

  it('that stands twice in an alias, in whatever words, is asked where it stands first (P13)', () => {
    const again = ['open/a', { target: 'listing/sonnet', tier: 1 }, 'open/a', 'listing/sonnet-5'];
    const found = router({ models: { again } }).candidates('again', undefined);
    expect(found.map(({ target, tier }) => [target.label, tier])).toEqual([
      ['open/a', 0],
      ['listing/sonnet-5', 1],
    ]);
  });

  it('is split only where a provider stands before the slash', () => {
    const models: ModelSpec[] = [{ id: 'meta-llama/llama-3' }];
    const host: Provider = { ...silent, name: 'host', models };
    expect(labels(router({ providers: [host] }), 'meta-llama/llama-3')).toEqual(['host/meta-llama/llama-3']);
  });

  it('that several providers list is served by all, in declared order', () => {
    const second: Provider = { ...listing, name: 'second' };
    expect(labels(router({ providers: [second, open, listing] }), 'haiku-5')).toEqual([
      'second/haiku-5',
      'listing/haiku-5',
    ]);
  });

  it.each(['brand-new', 'elsewhere/haiku-5', 'open/', '/haiku-5', 'haiku', 'SONNET-5', '__proto__'])(
    'that nobody lists is no route: %j',
    (name) => {
      const error = refusal(() => router().candidates(name, undefined));
      expect(error).toMatchObject({ code: 'no_route', param: 'model', model: name });
      expect(error.message).toBe(
        `nobody serves the model "${name}"; use \`provider/model\` (providers: listing, open) or an alias (none)`,
      );
    },
  );

  it('is shown with the aliases there are when it is not found', () => {
    const aliased = router({ models: { fast: ['open/a'], smart: ['open/b'] } });
    expect(refusal(() => aliased.candidates('fsat', undefined)).message).toContain(
      'or an alias (fast, smart)',
    );
  });

  it('goes through the resolution of a provider that has one', () => {
    const only = router({ providers: [choosy] });
    expect(labels(only, 'sonnet')).toEqual(['choosy/sonnet-resolved']);
    expect(labels(only, 'choosy/sonnet-9')).toEqual(['choosy/sonnet-9-resolved']);
    expect(refusal(() => only.candidates('choosy/haiku', undefined)).code).toBe('no_route');
    expect(refusal(() => only.candidates('latest', undefined)).code).toBe('no_route');
  });

  it('brings along what is known of the model', () => {
    const spec = (name: string): unknown => router().candidates(name, undefined)[0]?.target.spec;
    expect(spec('sonnet')).toBe(sonnet);
    expect(spec('listing/brand-new')).toBeUndefined();
    expect(spec('open/sonnet-5')).toBeUndefined();
  });
});

describe('no name', () => {
  it("takes the pool's default, which may be an alias", () => {
    const models = { fast: ['open/a', 'listing/haiku-5'] };
    expect(labels(router({ models, defaultModel: 'fast' }))).toEqual(['open/a', 'listing/haiku-5']);
    expect(labels(router({ defaultModel: 'open/b' }))).toEqual(['open/b']);
  });

  it('else the default of the first provider that has one', () => {
    expect(labels(router({ providers: [open, listing] }))).toEqual(['listing/haiku-5']);
  });

  it('is no route when there is no default', () => {
    const error = refusal(() => router({ providers: [open] }).candidates(undefined, undefined));
    expect(error.message).toBe(
      'the request names no model and the pool has no default; set `model` or `defaultModel`',
    );
    expect(error.param).toBe('model');
  });

  it('names the default when that is what nobody serves', () => {
    const error = refusal(() => router({ defaultModel: 'gone' }).candidates(undefined, undefined));
    expect(error.message).toContain('nobody serves the model "gone"');
  });
});

describe('an alias', () => {
  it('stands for its targets in order, with their tiers and weights', () => {
    const models = {
      fast: ['open/a', { target: 'listing/sonnet', tier: 1, weight: 3 }, { target: 'open/b' }],
    };
    const found = router({ models }).candidates('fast', undefined);
    expect(found.map(({ target, tier, weight }) => [target.label, tier, weight])).toEqual([
      ['open/a', 0, 1],
      ['listing/sonnet-5', 1, 3],
      ['open/b', 0, 1],
    ]);
  });

  it('goes before a listed model and before provider/model', () => {
    const models = { 'haiku-5': ['open/a'], 'open/x': ['open/y'] };
    expect(labels(router({ models }), 'haiku-5')).toEqual(['open/a']);
    expect(labels(router({ models }), 'open/x')).toEqual(['open/y']);
  });

  it.each(['opnai/gpt', 'gpt', 'open', 'open/', ''])(
    'of a target that is none is refused at once: %j',
    (route) => {
      const make = (): Router => router({ models: { smart: ['open/a', route] } });
      expect(make).toThrow(ConfigError);
      expect(make).toThrow(
        `models.smart[1]: no provider is named "${route.split('/')[0]}" (have: listing, open); write \`provider/model\``,
      );
    },
  );

  it('that leads only to names its provider refuses is no route', () => {
    const models = { fast: ['choosy/haiku'] };
    const only = router({ providers: [choosy], models });
    expect(refusal(() => only.candidates('fast', undefined)).code).toBe('no_route');
  });
});

describe('a pinned provider', () => {
  const models = { fast: ['open/a', 'listing/haiku-5', 'open/b'] };

  it.each([
    ['an alias keeps its targets alone', 'fast', 'open', ['open/a', 'open/b']],
    ['a bare name needs no list', 'anything', 'open', ['open/anything']],
    ['a listed name is resolved', 'sonnet', 'listing', ['listing/sonnet-5']],
    ['its own name before the slash is taken off', 'open/x', 'open', ['open/x']],
    ['no name is its own default', undefined, 'listing', ['listing/haiku-5']],
  ])('%s', (_, name, pinned, expected) => {
    expect(labels(router({ models }), name, pinned)).toEqual(expected);
  });

  it('does not take the default of another', () => {
    expect(refusal(() => router().candidates(undefined, 'open')).code).toBe('no_route');
    expect(
      refusal(() => router({ defaultModel: 'listing/haiku-5' }).candidates(undefined, 'open')).code,
    ).toBe('no_route');
  });

  it('is not left for the provider in the name', () => {
    expect(refusal(() => router().candidates('listing/haiku-5', 'open')).code).toBe('no_route');
    expect(refusal(() => router({ models }).candidates('fast', 'nobody')).param).toBe('provider');
  });

  it('that is not there is said to be so', () => {
    expect(refusal(() => router().candidates('haiku-5', 'opn')).message).toBe(
      'no provider is named "opn" (have: listing, open)',
    );
  });
});

describe('a provider with several keys', () => {
  const keyed: Provider = { ...listing, name: 'keyed', keys: ['keyed[0]', 'keyed[1]'] };

  it('is a target for each key, labelled apart', () => {
    const found = router({ providers: [keyed] }).candidates('sonnet', undefined);
    expect(found.map(({ target }) => [target.label, target.key, target.model])).toEqual([
      ['keyed[0]/sonnet-5', 0, 'sonnet-5'],
      ['keyed[1]/sonnet-5', 1, 'sonnet-5'],
    ]);
  });

  it('ranks them all as its alias says', () => {
    const models = { fast: ['open/a', { target: 'keyed/sonnet', tier: 2, weight: 5 }] };
    const found = router({ providers: [keyed, open], models }).candidates('fast', undefined);
    expect(found.map(({ tier, weight }) => [tier, weight])).toEqual([
      [0, 1],
      [2, 5],
      [2, 5],
    ]);
  });

  it.each([[undefined], [[]], [['only']]])('but not with %j', (keys) => {
    const provider: Provider = keys ? { ...open, keys } : open;
    const [candidate] = router({ providers: [provider] }).candidates('open/a', undefined);
    expect(candidate?.target).toMatchObject({ label: 'open/a', key: 0 });
  });
});

describe('the memory of the router', () => {
  it('answers the same name with the same candidates', () => {
    const one = router();
    expect(one.candidates('sonnet', undefined)).toBe(one.candidates('sonnet', undefined));
    expect(one.candidates('open/a', 'open')).not.toBe(one.candidates('open/a', undefined));
  });

  it('does not mix up a pinned provider with a part of the name', () => {
    const one = router();
    expect(labels(one, 'x', 'open')).toEqual(['open/x']);
    expect(() => one.candidates('open\nx', undefined)).toThrow(NoRouteError);
    expect(() => one.candidates('x', undefined)).toThrow(NoRouteError);
  });

  it('has an end: names of callers cannot fill the process', () => {
    const one = router();
    const first = one.candidates('open/0', undefined);
    for (let index = 1; index <= 1_000; index++) one.candidates(`open/${index}`, undefined);
    expect(one.candidates('open/0', undefined)).not.toBe(first);
    expect(one.candidates('open/0', undefined)).toEqual(first);
  });

  it('remembers no refusal', () => {
    const models: ModelSpec[] = [];
    const growing = router({ providers: [{ ...silent, name: 'growing', models }] });
    expect(() => growing.candidates('new', undefined)).toThrow(NoRouteError);
    models.push({ id: 'new' });
    expect(labels(growing, 'new')).toEqual(['growing/new']);
  });
});

describe('models that have changed', () => {
  it('are looked at again after `forget`, behind aliases too', () => {
    let models: readonly ModelSpec[] = [{ id: 'm', contextWindow: 1 }];
    const from = router({
      models: { fast: ['open/m'] },
      modelsOf: ({ name }) => (name === 'open' ? models : []),
    });
    const windows = () =>
      ['open/m', 'm', 'fast'].map((name) => from.candidates(name, undefined)[0]?.target.spec);
    expect(windows()).toEqual([models[0], models[0], models[0]]);
    models = [{ id: 'm', contextWindow: 2 }];
    expect(windows()[0]?.contextWindow).toBe(1);
    from.forget();
    expect(windows()).toEqual([models[0], models[0], models[0]]);
  });
});
