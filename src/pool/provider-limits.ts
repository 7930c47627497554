import type { RequestContext, Target } from '../pipeline/middleware.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { Limiter } from '../resilience/limiter.ts';
import { isSame } from './changes.ts';
import { Gate, type GateParts } from './gate.ts';
import { expectedTokens } from './limit-accounts.ts';
import type { Limit } from './limit-options.ts';
import type { LimitSettings } from './limit-settings.ts';

/** What the limits of providers are made from. */
export interface ProviderLimitsParts extends GateParts, Pick<LimitSettings, 'perProvider' | 'perTarget'> {
  /** Known from before, with the same queue: one that is limited as it was goes on as it is. @default none */
  readonly keys?: readonly KeyLimit[];
}

/** The limit of one key of a provider, or of one of its targets, and the queue in front of it. */
export interface KeyLimit {
  readonly provider: Provider;
  readonly terms: Limit;
  /** Of the provider, with the key's index where there are several; of a target, its label. */
  readonly name: string;
  readonly limits: { readonly shared: Limiter };
  readonly gate: Gate;
}

const NONE: readonly KeyLimit[] = [];

/** The limits of providers, one for each of their keys, and those of single targets, made when first asked for. */
export class ProviderLimits {
  readonly #parts: ProviderLimitsParts;
  readonly #known = new Map<string, KeyLimit | undefined>();
  /** No provider is limited. */
  readonly areNone: boolean;
  readonly #limitsTargets: boolean;

  constructor(parts: ProviderLimitsParts) {
    const { perProvider, perTarget, keys = [] } = parts;
    this.#parts = parts;
    this.#limitsTargets = Object.keys(perTarget).length > 0;
    this.areNone = Object.keys(perProvider).length === 0 && !this.#limitsTargets;
    for (const key of keys) {
      if (isSame(key.terms, this.#termsOf(key.name, key.provider.name))) this.#known.set(key.name, key);
    }
  }

  /** Those that were asked for. */
  get all(): readonly KeyLimit[] {
    return [...this.#known.values()].filter((known) => known !== undefined);
  }

  /**
   * Those that an attempt has to pass, one after the other: the narrower first. None where nothing is limited: also
   * for a key of the caller's own, whose limits nobody told us.
   */
  of({ apiKey }: RequestContext, { provider, label, model }: Target): readonly KeyLimit[] {
    if (this.areNone || apiKey) return NONE;
    // The label without the model names the key.
    const ofKey = this.#limit(label.slice(0, -model.length - 1), provider);
    const isLimited = this.#limitsTargets && this.#termsOf(label, provider.name);
    const ofTarget = isLimited ? this.#limit(label, provider) : undefined;
    if (!ofTarget) return ofKey ? [ofKey] : NONE;
    return ofKey ? [ofTarget, ofKey] : [ofTarget];
  }

  #limit(name: string, provider: Provider): KeyLimit | undefined {
    const known = this.#known.get(name);
    // A provider may have taken the place of another of its name.
    if (known ? known.provider === provider : this.#known.has(name)) return known;
    const terms = this.#termsOf(name, provider.name);
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

  /** @param name - of a key, or the label of a target: only that has a slash */
  #termsOf(name: string, provider: string): Limit | undefined {
    const { perProvider, perTarget } = this.#parts;
    const slash = name.indexOf('/');
    if (slash < 0) return perProvider[name] ?? perProvider[provider];
    return perTarget[name] ?? perTarget[`${provider}${name.slice(slash)}`];
  }

  /** How long a target is likely to need until it has room, in milliseconds; 0 while it has. */
  roomInMs(request: RequestContext, target: Target): number {
    let roomInMs = 0;
    for (const { gate, limits } of this.of(request, target)) {
      const tokens = expectedTokens(request, limits);
      if (gate.hasRoom(limits, tokens)) continue;
      roomInMs = Math.max(roomInMs, limits.shared.retryAfterMs(tokens, gate.waiting));
    }
    return roomInMs;
  }
}
