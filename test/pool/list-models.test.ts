import { describe, expect, it } from 'vitest';
import { listModels, type ModelList, type ModelListOptions } from '../../src/pool/list-models.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { Router, type RouteTarget } from '../../src/routing/index.ts';
import { silent } from '../contexts.ts';

type Aliases = Readonly<Record<string, readonly RouteTarget[]>>;

const claude: ModelSpec = {
  id: 'claude',
  aliases: ['claude-latest'],
  provider: 'anthropic',
  contextWindow: 1_000_000,
  maxOutputTokens: 128_000,
  capabilities: { tools: true, efforts: ['low', 'high'] },
  lifecycle: { status: 'active', released: '2026-09-28', notRetiredBefore: '2027-09-28' },
  source: 'https://example.com/models',
  asOf: '2026-11-22',
};
const gone: ModelSpec = { id: 'gone', lifecycle: { status: 'retired', retired: '2026-01-01' } };
const dying: ModelSpec = { id: 'dying', lifecycle: { status: 'deprecated', retires: '2020-01-01' } };

const provider = (name: string, more: Partial<Provider> = {}): Provider => ({ ...silent, name, ...more });

function list(providers: readonly Provider[], aliases: Aliases = {}, options?: ModelListOptions): ModelList {
  const router = new Router({ providers, models: aliases });
  const modelsOf = ({ models = [] }: Provider): readonly ModelSpec[] => models;
  return listModels({ providers, aliases: Object.keys(aliases), router, modelsOf }, options);
}

const ids = ({ data }: ModelList): string[] => data.map(({ id }) => id);
const rows = ({ data }: ModelList) => data.map(({ id, runestone }) => [id, ...runestone.targets]);

describe('the list of models', () => {
  it('has the shape of OpenAI’s, and ours beside it', () => {
    const anthropic = provider('anthropic', { models: [claude] });
    expect(list([anthropic])).toEqual({
      object: 'list',
      data: [
        {
          id: 'claude',
          object: 'model',
          created: Date.UTC(2026, 8, 28) / 1000,
          owned_by: 'anthropic',
          runestone: {
            status: 'active',
            targets: ['anthropic/claude'],
            aliases: ['claude-latest'],
            contextWindow: 1_000_000,
            maxOutputTokens: 128_000,
            capabilities: { tools: true, efforts: ['low', 'high'] },
            lifecycle: claude.lifecycle,
            source: 'https://example.com/models',
            asOf: '2026-11-22',
          },
        },
      ],
    });
  });

  it('says 0 and unknown of what is not known', () => {
    const [model] = list([provider('host', { models: [{ id: 'm' }] })]).data;
    expect(model).toEqual({
      id: 'm',
      object: 'model',
      created: 0,
      owned_by: 'host',
      runestone: { status: 'unknown', targets: ['host/m'] },
    });
  });

  it('goes by aliases, then providers and their tables, then default models', () => {
    const a = provider('a', { models: [{ id: 'a2' }, { id: 'a1' }], defaultModel: 'a1' });
    const b = provider('b', { defaultModel: 'any' });
    const listed = list([a, b], { zeta: ['b/x'], alpha: ['a/a1'] });
    expect(ids(listed)).toEqual(['zeta', 'alpha', 'a2', 'a1', 'b/any']);
  });

  it('names only what the pool takes, and each name leads where it says', () => {
    const providers = [
      provider('openai', { models: [{ id: 'gpt' }], defaultModel: 'gpt' }),
      provider('groq', { models: [{ id: 'openai/gpt-oss' }, { id: 'gpt' }] }),
    ];
    const aliases: Aliases = { fast: ['groq/openai/gpt-oss', { target: 'openai/gpt', tier: 1 }] };
    const router = new Router({ providers, models: aliases });
    for (const { id, runestone } of list(providers, aliases).data) {
      const led = router.candidates(id, undefined).map(({ target }) => target.label);
      expect(led, id).toEqual(runestone.targets);
    }
  });
});

describe('a name', () => {
  it('stands once, with a target for each provider that lists it', () => {
    const twins = ['a', 'b'].map((name) => provider(name, { models: [claude] }));
    expect(rows(list(twins))).toEqual([['claude', 'a/claude', 'b/claude']]);
  });

  it('has one target for all keys of a provider', () => {
    const keyed = provider('a', { models: [claude], keys: ['k1', 'k2'] });
    expect(rows(list([keyed]))).toEqual([['claude', 'a/claude']]);
  });

  it('is written with its provider where it would be taken for another’s', () => {
    const providers = [provider('openai'), provider('groq', { models: [{ id: 'openai/gpt-oss' }] })];
    expect(rows(list(providers))).toEqual([['groq/openai/gpt-oss', 'groq/openai/gpt-oss']]);
  });

  it('of an alias covers the model of that name behind it, and is written out where it leads elsewhere', () => {
    const a = provider('a', { models: [{ id: 'm' }] });
    const b = provider('b');
    expect(rows(list([a, b], { m: ['b/x', 'a/m'] }))).toEqual([['m', 'b/x', 'a/m']]);
    for (const elsewhere of ['b/x', 'a/other']) {
      expect(rows(list([a, b], { m: [elsewhere] }))).toEqual([
        ['m', elsewhere],
        ['a/m', 'a/m'],
      ]);
    }
  });

  it('of an alias tells of the first model behind it', () => {
    const a = provider('a', { models: [claude] });
    const [alias] = list([a], { smart: ['a/claude'] }).data;
    expect(alias).toMatchObject({
      owned_by: 'pool',
      runestone: { status: 'active', contextWindow: 1_000_000 },
    });
  });

  it('that its provider would not take is not listed', () => {
    const choosy = provider('a', {
      models: [{ id: 'm' }, { id: 'n' }],
      resolveModel: (name) => (name === 'm' ? name : undefined),
    });
    expect(ids(list([choosy]))).toEqual(['m']);
  });

  it('of a default model is not repeated', () => {
    const a = provider('a', { models: [{ id: 'm' }], defaultModel: 'm' });
    expect(ids(list([a]))).toEqual(['m']);
    expect(ids(list([provider('b', { defaultModel: 'm' })], { only: ['b/m'] }))).toEqual(['only']);
  });
});

describe('a retired model', () => {
  const a = provider('a', { models: [claude, gone, dying] });

  it('is listed only when asked for; one that is overdue is not retired (MOD-5)', () => {
    expect(ids(list([a]))).toEqual(['claude', 'dying']);
    expect(ids(list([a], {}, { retired: true }))).toEqual(['claude', 'gone', 'dying']);
  });

  it('is listed under an alias of the pool, which says what it is', () => {
    const [alias] = list([a], { legacy: ['a/gone'] }).data;
    expect(alias).toMatchObject({ id: 'legacy', runestone: { status: 'retired', targets: ['a/gone'] } });
  });

  it('is not brought back by being a default model', () => {
    expect(ids(list([provider('a', { models: [gone], defaultModel: 'gone' })]))).toEqual([]);
  });
});
