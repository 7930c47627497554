import { ConfigError, NoRouteError } from '../errors/index.ts';
import type { Target } from '../pipeline/middleware.ts';
import type { ModelSpec } from '../provider-kit/model-spec.ts';
import type { Provider } from '../provider-kit/provider.ts';
import type { Candidate } from './strategy.ts';

/** Where an alias leads: `provider/model`, or the same with its rank. */
export type RouteTarget =
  | string
  | {
      /** `provider/model`. */
      readonly target: string;
      /** Lower is tried first. Integer ≥ 0. @default 0 */
      readonly tier?: number;
      /** Share among equals, > 0. @default 1 */
      readonly weight?: number;
    };

/** What the router knows. */
export interface RouterOptions {
  readonly providers: readonly Provider[];
  readonly models?: Readonly<Record<string, readonly RouteTarget[]>>;
  readonly defaultModel?: string;
  /** What is known of a provider's models; `forget` when that changes. @default what it lists itself */
  readonly modelsOf?: ModelsOf;
}

/** The models of a provider. */
type ModelsOf = (provider: Provider) => readonly ModelSpec[];

/** Names kept with their candidates. Callers may ask for any name, so the memory has an end. */
const MAX_REMEMBERED = 1_000;

/**
 * Turns the model name of a request into candidates: an alias, `provider/model`, or a bare id that providers
 * list. The first slash splits only where a provider's name stands before it, so `meta-llama/llama-3` is one name.
 */
export class Router {
  readonly #providers: ReadonlyMap<string, Provider>;
  readonly #routes: readonly (readonly [string, readonly RouteTarget[]])[];
  readonly #defaultModel: string | undefined;
  readonly #modelsOf: ModelsOf;
  readonly #remembered = new Map<string, readonly Candidate[]>();
  #aliases: ReadonlyMap<string, readonly Candidate[]>;

  /** @throws ConfigError when an alias names a provider that is not there */
  constructor({ providers, models = {}, defaultModel, modelsOf = ownModels }: RouterOptions) {
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
    this.#routes = Object.entries(models);
    this.#defaultModel = defaultModel;
    this.#modelsOf = modelsOf;
    this.#aliases = this.#resolveAliases();
  }

  /** Lets go of what was derived from models, because they have changed. */
  forget(): void {
    this.#remembered.clear();
    this.#aliases = this.#resolveAliases();
  }

  /**
   * All candidates for a name, in declared order; never empty.
   *
   * @param name - `undefined` for the default model
   * @param pinned - keeps only this provider
   * @throws NoRouteError when nobody serves it
   */
  candidates(name: string | undefined, pinned: string | undefined): readonly Candidate[] {
    const key = `${pinned ?? ''}\n${name ?? ''}`;
    const known = this.#remembered.get(key);
    if (known) return known;
    const found = pinned === undefined ? this.#resolve(name) : this.#resolvePinned(name, pinned);
    if (found.length === 0) {
      throw this.#noRoute(pinned === undefined ? (name ?? this.#defaultModel) : name, pinned);
    }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, found);
    return found;
  }

  #resolveAliases(): ReadonlyMap<string, readonly Candidate[]> {
    return new Map(
      this.#routes.map(([alias, routes]) => [
        alias,
        eachOnce(routes.flatMap((route, index) => this.#fromRoute(route, `models.${alias}[${index}]`))),
      ]),
    );
  }

  #resolve(name: string | undefined): readonly Candidate[] {
    if (name === undefined) {
      if (this.#defaultModel !== undefined) return this.#resolve(this.#defaultModel);
      for (const provider of this.#providers.values()) {
        if (provider.defaultModel !== undefined) return this.#served(provider, provider.defaultModel);
      }
      return [];
    }
    const alias = this.#aliases.get(name);
    if (alias) return alias;
    const [provider, model] = this.#split(name);
    if (provider && model) return this.#served(provider, model);
    return [...this.#providers.values()].flatMap((each) =>
      this.#lists(each, name) ? this.#served(each, name) : [],
    );
  }

  #resolvePinned(name: string | undefined, pinned: string): readonly Candidate[] {
    const provider = this.#providers.get(pinned);
    if (!provider) return [];
    const wanted = name ?? provider.defaultModel;
    if (wanted === undefined) return [];
    const alias = this.#aliases.get(wanted);
    if (alias) return alias.filter(({ target }) => target.provider === provider);
    const [named, model] = this.#split(wanted);
    if (!named || !model) return this.#served(provider, wanted);
    return named === provider ? this.#served(provider, model) : [];
  }

  #split(name: string): readonly [Provider?, string?] {
    const slash = name.indexOf('/');
    const provider = slash > 0 ? this.#providers.get(name.slice(0, slash)) : undefined;
    return provider && slash < name.length - 1 ? [provider, name.slice(slash + 1)] : [];
  }

  #fromRoute(route: RouteTarget, path: string): Candidate[] {
    const { target, tier = 0, weight = 1 } = typeof route === 'string' ? { target: route } : route;
    const [provider, model] = this.#split(target);
    if (!provider || !model) {
      const named = target.split('/')[0];
      throw new ConfigError(
        `${path}: no provider is named "${named}" (have: ${this.#names()}); write \`provider/model\``,
      );
    }
    return this.#served(provider, model).map((candidate) => ({ ...candidate, tier, weight }));
  }

  #noRoute(name: string | undefined, pinned: string | undefined): NoRouteError {
    if (pinned !== undefined && !this.#providers.has(pinned)) {
      return new NoRouteError(`no provider is named "${pinned}" (have: ${this.#names()})`, {
        param: 'provider',
      });
    }
    const details = { param: 'model', model: name };
    if (name === undefined) {
      return new NoRouteError(
        'the request names no model and the pool has no default; set `model` or `defaultModel`',
        details,
      );
    }
    const aliases = [...this.#aliases.keys()].join(', ') || 'none';
    return new NoRouteError(
      `nobody serves the model ${JSON.stringify(name)}; use \`provider/model\` (providers: ${this.#names()}) or an alias (${aliases})`,
      details,
    );
  }

  #names(): string {
    return [...this.#providers.keys()].join(', ');
  }

  /** The provider lists the name: by its own resolution, or by id or alias of a model. */
  #lists(provider: Provider, name: string): boolean {
    return provider.resolveModel
      ? provider.resolveModel(name) !== undefined
      : listed(this.#modelsOf(provider), name) !== undefined;
  }

  /**
   * One candidate for each key of the provider. A provider with resolution of its own decides what it serves;
   * any other is sent what was asked for, because a list of models is rarely complete.
   */
  #served(provider: Provider, name: string): Candidate[] {
    const models = this.#modelsOf(provider);
    const model = provider.resolveModel ? provider.resolveModel(name) : (listed(models, name) ?? name);
    if (model === undefined) return [];
    const spec = models.find(({ id }) => id === model);
    const keys = provider.keys && provider.keys.length > 1 ? provider.keys : [''];
    return keys.map((_, key) => {
      const holder = keys.length > 1 ? `${provider.name}[${key}]` : provider.name;
      const target: Target = { provider, key, model, label: `${holder}/${model}`, spec };
      return { target, tier: 0, weight: 1 };
    });
  }
}

const ownModels: ModelsOf = ({ models = [] }) => models;

/** A target that is named twice, perhaps by an alias of its model, stands where it is named first (P13). */
function eachOnce(candidates: readonly Candidate[]): readonly Candidate[] {
  const labels = candidates.map(({ target }) => target.label);
  return candidates.filter((_, index) => labels.indexOf(labels[index] ?? '') === index);
}

function listed(models: readonly ModelSpec[], name: string): string | undefined {
  return models.find(({ id, aliases }) => id === name || aliases?.includes(name))?.id;
}
