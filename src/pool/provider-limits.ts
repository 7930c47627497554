import type { RequestContext, Target } from '../pipeline/middleware.ts';
import { Limiter } from '../resilience/limiter.ts';
import { Gate, type GateParts } from './gate.ts';
import { expectedTokens } from './limit-accounts.ts';
import type { LimitSettings } from './limit-settings.ts';

/** What the limits of providers are made from. */
export interface ProviderLimitsParts extends GateParts {
  readonly perProvider: LimitSettings['perProvider'];
}

/** The limit of one key of a provider, and the queue in front of it. */
export interface KeyLimit {
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
    if (this.#known.has(name)) return this.#known.get(name);
    const { perProvider, teller } = this.#parts;
    const limit = perProvider[name] ?? perProvider[provider.name];
    const limits = limit && { shared: new Limiter(limit, teller.nowMs) };
    const made = limits && { name, limits, gate: new Gate(this.#parts) };
    this.#known.set(name, made);
    return made;
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
