import type { RequestContext, Target } from '../pipeline/middleware.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { Limiter } from '../resilience/limiter.ts';
import { isSame } from './changes.ts';
import { Gate, type GateParts } from './gate.ts';
import { expectedTokens } from './limit-accounts.ts';
import type { Limit } from './limit-options.ts';
import type { LimitSettings } from './limit-settings.ts';

/** What the limits of providers are made from. */
export interface ProviderLimitsParts extends GateParts {
  readonly perProvider: LimitSettings['perProvider'];
  /** Known from before, with the same queue: one that is limited as it was goes on as it is. @default none */
  readonly keys?: readonly KeyLimit[];
}

/** The limit of one key of a provider, and the queue in front of it. */
export interface KeyLimit {
  readonly provider: Provider;
  readonly terms: Limit;
  /** Of the provider, with the key's index where there are several. */
  readonly name: string;
  readonly limits: { readonly shared: Limiter };
  readonly gate: Gate;
}

/** The limits of providers, one for each of their keys, made when it is first asked for. */
export class ProviderLimits {
  readonly #parts: ProviderLimitsParts;
  readonly #known = new Map<string, KeyLimit | undefined>();
  /** No provider is limited. */
  readonly areNone: boolean;

  constructor(parts: ProviderLimitsParts) {
    this.#parts = parts;
    this.areNone = Object.keys(parts.perProvider).length === 0;
    for (const key of parts.keys ?? []) {
      if (isSame(key.terms, this.#termsOf(key.name, key.provider))) this.#known.set(key.name, key);
    }
  }

  /** Those that were asked for. */
  get all(): readonly KeyLimit[] {
    return [...this.#known.values()].filter((known) => known !== undefined);
  }

  /** `undefined` where nothing is limited: also for a key of the caller's own, whose limits nobody told us. */
  of({ apiKey }: RequestContext, { provider, label, model }: Target): KeyLimit | undefined {
    if (this.areNone || apiKey) return undefined;
    // The label without the model names the key.
    const name = label.slice(0, -model.length - 1);
    const known = this.#known.get(name);
    // A provider may have taken the place of another of its name.
    if (known ? known.provider === provider : this.#known.has(name)) return known;
    const terms = this.#termsOf(name, provider);
    const made = terms && {
      provider,
      terms,
      name,
      limits: { shared: new Limiter(terms, this.#parts.teller.nowMs) },
      gate: new Gate(this.#parts),
    };
    this.#known.set(name, made);
    return made;
  }

  #termsOf(name: string, { name: provider }: Provider): Limit | undefined {
    const { perProvider } = this.#parts;
    return perProvider[name] ?? perProvider[provider];
  }

  /** How long a target is likely to need until it has room, in milliseconds; 0 while it has. */
  roomInMs(request: RequestContext, target: Target): number {
    const key = this.of(request, target);
    if (!key) return 0;
    const { gate, limits } = key;
    const tokens = expectedTokens(request, limits);
    return gate.hasRoom(limits, tokens) ? 0 : limits.shared.retryAfterMs(tokens, gate.waiting);
  }
}
