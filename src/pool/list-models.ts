import type { ModelSpec, ModelStatus } from '../provider-kit/model-spec.ts';
import type { Provider } from '../provider-kit/provider.ts';
import type { Candidate, Router } from '../routing/index.ts';

/** The shape of OpenAI's `models.list`, and ours in `runestone`. */
export interface ModelList {
  readonly object: 'list';
  readonly data: readonly ListedModel[];
}

/** A name that the pool takes as `model`. */
export interface ListedModel {
  /** An alias of the pool, a bare id, or `provider/model` where the bare id means something else or nothing. */
  readonly id: string;
  readonly object: 'model';
  /** Release day in epoch seconds; 0 where it is not known. */
  readonly created: number;
  /** The provider whose catalogue it stands in; `pool` for an alias. */
  readonly owned_by: string;
  readonly runestone: ListedModelInfo;
}

/** What is known of a name: of an alias, what is known of the first model behind it. */
export interface ListedModelInfo extends Omit<ModelSpec, 'id' | 'provider'> {
  /** `unknown` where the catalogue does not say. */
  readonly status: ModelStatus;
  /** Where the name leads, as `provider/model`, in the order in which it is tried without further reason. */
  readonly targets: readonly string[];
}

/** What to list. */
export interface ModelListOptions {
  /** Also models that their vendor has retired; a cloud or proxy may still serve them. @default false */
  readonly retired?: boolean;
}

/** What the list is made from. */
export interface ModelListParts {
  readonly providers: readonly Provider[];
  readonly aliases: readonly string[];
  readonly router: Router;
  readonly modelsOf: (provider: Provider) => readonly ModelSpec[];
}

/**
 * What the pool can serve: its aliases first, as declared; then the models of each provider, in the order of
 * providers and of their tables; last, default models that no table has. A name stands once: several providers of
 * one id are several `targets`.
 */
export function listModels(parts: ModelListParts, { retired = false }: ModelListOptions = {}): ModelList {
  const { providers, aliases, router, modelsOf } = parts;
  const list = new Map<string, ListedModel>();
  const listed = new Set<string>();
  const add = (id: string, candidates: readonly Candidate[], isAlias: boolean): void => {
    const model = toListed(id, candidates, isAlias);
    for (const target of model.runestone.targets) listed.add(target);
    // What its owner has given a name is listed whatever its vendor thinks of it.
    if (isAlias || retired || model.runestone.status !== 'retired') list.set(id, model);
  };
  for (const alias of aliases) add(alias, router.candidates(alias, undefined), true);
  for (const provider of providers) {
    for (const { id } of modelsOf(provider)) {
      if (!serves(provider, id)) continue;
      const named = nameOf(provider, id, router);
      if (!list.has(named)) add(named, router.candidates(named, undefined), false);
    }
  }
  for (const { name, defaultModel } of providers) {
    if (defaultModel === undefined || listed.has(`${name}/${defaultModel}`)) continue;
    const id = `${name}/${defaultModel}`;
    add(id, router.candidates(id, undefined), false);
  }
  return { object: 'list', data: [...list.values()] };
}

function serves(provider: Provider, id: string): boolean {
  return !provider.resolveModel || provider.resolveModel(id) !== undefined;
}

/** The bare id, unless it leads elsewhere: to what an alias says, or to the provider before its own slash. */
function nameOf(provider: Provider, id: string, router: Router): string {
  const qualified = `${provider.name}/${id}`;
  const own = router.candidates(qualified, undefined).map(labelOf);
  try {
    return router.candidates(id, undefined).some((each) => own.includes(labelOf(each))) ? id : qualified;
  } catch {
    // A bare id may lead nowhere.
    return qualified;
  }
}

function toListed(id: string, candidates: readonly Candidate[], isAlias: boolean): ListedModel {
  const first = candidates[0]?.target;
  const { id: _, provider, ...facts }: Partial<ModelSpec> = first?.spec ?? {};
  const { released, status = 'unknown' } = facts.lifecycle ?? {};
  return {
    id,
    object: 'model',
    created: released === undefined ? 0 : Date.parse(released) / 1000,
    owned_by: isAlias ? 'pool' : (provider ?? first?.provider.name ?? 'pool'),
    runestone: { status, targets: [...new Set(candidates.map(labelOf))], ...facts },
  };
}

/** Without the key, of which there may be several. */
const labelOf = ({ target }: Candidate): string => `${target.provider.name}/${target.model}`;
