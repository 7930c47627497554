import type { ModelLifecycle, ModelSpec } from '../provider-kit/model-spec.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { askProvider } from './ask-provider.ts';
import type { Environment } from './environment.ts';

/** What a look at a provider's catalogue came to. */
export type ModelRefresh =
  /** Read now: that many models. */
  | { readonly status: 'read'; readonly models: number }
  /** Read not long ago; nothing was sent. */
  | { readonly status: 'cached' }
  /** The provider has no catalogue that could be read. */
  | { readonly status: 'unsupported' }
  /** What was known stays. */
  | { readonly status: 'failed'; readonly code: string; readonly message: string };

/** What a vendor said, laid over what the provider knew by itself. */
interface Heard {
  readonly models: readonly ModelSpec[];
  readonly readAtMs: number;
}

/**
 * What is known of each provider's models: its own table, and above it what its vendor's catalogue said when it was
 * last read (MOD-6).
 *
 * For listing and routing only. The translation knows nothing of it: a conversation must come out the same before
 * and after (T-10).
 */
export class ModelCatalogue {
  readonly #heard = new WeakMap<Provider, Heard>();
  readonly #reading = new Map<Provider, Promise<ModelRefresh>>();
  readonly #environment: Pick<Environment, 'nowMs' | 'epochMs' | 'startTimer'>;

  constructor(environment: Pick<Environment, 'nowMs' | 'epochMs' | 'startTimer'>) {
    this.#environment = environment;
  }

  /** The provider's models as they are known today. */
  readonly modelsOf = (provider: Provider): readonly ModelSpec[] =>
    this.#heard.get(provider)?.models ?? provider.models ?? [];

  /** Reads a provider's catalogue, unless that was done within `maxAgeMs`. Never throws. */
  refresh(provider: Provider, connectMs: number, maxAgeMs: number): Promise<ModelRefresh> {
    if (!provider.listModels) return Promise.resolve({ status: 'unsupported' });
    const heard = this.#heard.get(provider);
    if (heard && this.#environment.nowMs() - heard.readAtMs < maxAgeMs) {
      return Promise.resolve({ status: 'cached' });
    }
    let reading = this.#reading.get(provider);
    if (!reading) {
      reading = this.#read(provider, connectMs).finally(() => this.#reading.delete(provider));
      this.#reading.set(provider, reading);
    }
    return reading;
  }

  async #read(provider: Provider, connectMs: number): Promise<ModelRefresh> {
    const told = await askProvider(
      provider,
      'the list of models',
      async (signal) => (await provider.listModels?.({ signal, key: 0, connectMs })) ?? [],
      undefined,
      this.#environment.startTimer,
    );
    if (!told.ok) return { status: 'failed', code: told.code, message: told.message };
    const asOf = new Date(this.#environment.epochMs()).toISOString().slice(0, 10);
    const live = told.result.map((spec) => ({ asOf, ...spec }));
    this.#heard.set(provider, {
      models: overlaid(provider.models ?? [], live),
      readAtMs: this.#environment.nowMs(),
    });
    return { status: 'read', models: live.length };
  }
}

/** The table with what is live laid over it, in its own order; then models that only the vendor lists. */
function overlaid(table: readonly ModelSpec[], live: readonly ModelSpec[]): readonly ModelSpec[] {
  const left = new Map(live.map((spec) => [spec.id, spec]));
  const known = table.map((spec) => {
    const fresh = left.get(spec.id);
    left.delete(spec.id);
    return fresh ? overlay(spec, fresh) : spec;
  });
  return [...known, ...left.values()];
}

/** Facts that the vendor does not tell stay as they were. */
function overlay(known: ModelSpec, live: ModelSpec): ModelSpec {
  return {
    ...known,
    ...live,
    ...((known.capabilities ?? live.capabilities) && {
      capabilities: { ...known.capabilities, ...live.capabilities },
    }),
    ...((known.lifecycle ?? live.lifecycle) && { lifecycle: currentLife(known.lifecycle, live.lifecycle) }),
  };
}

/** A status brings its own dates: those of an older one would contradict it. */
function currentLife(known: ModelLifecycle = {}, live: ModelLifecycle = {}): ModelLifecycle {
  if (live.status === undefined) return { ...known, ...live };
  const { status: _, deprecated: __, retires: ___, retired: ____, ...lasting } = known;
  return { ...lasting, ...live };
}
