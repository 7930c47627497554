import { ConfigError } from '../errors/index.ts';
import { Limiter } from '../resilience/limiter.ts';
import type { Limit } from './limit-options.ts';
import { limitShape } from './limit-settings.ts';

/** Tenants remembered before those at rest are looked for and forgotten. */
const FEW = 1_000;

/** A limiter for each tenant, made when it comes and forgotten once it is as if it had never come. */
export class TenantLimiters {
  readonly #limitOf: (tenant: string) => Limit;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Limiter>();
  #tidyAt = FEW;

  /** @param perTenant - one for all, or a function of the user's */
  constructor(perTenant: Limit | ((tenant: string) => Limit), nowMs: () => number) {
    this.#limitOf =
      typeof perTenant === 'function' ? (tenant) => checked(perTenant(tenant)) : () => perTenant;
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#known.size;
  }

  /** @throws ConfigError when the user's function returns no limit */
  of(tenant: string): Limiter {
    const known = this.#known.get(tenant);
    if (known) return known;
    const made = new Limiter(this.#limitOf(tenant), this.#nowMs);
    if (this.size >= this.#tidyAt) this.#tidy();
    this.#known.set(tenant, made);
    return made;
  }

  /** Callers name tenants as they like. To look at all of them is paid for by as many that came. */
  #tidy(): void {
    for (const [tenant, limiter] of this.#known) if (limiter.isAtRest) this.#known.delete(tenant);
    this.#tidyAt = Math.max(FEW, this.size * 2);
  }
}

function checked(limit: unknown): Limit {
  // A promise has none of the fields of a limit, and would limit nothing.
  const parsed = limitShape.safeParse(limit instanceof Promise ? undefined : limit);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new ConfigError(`limits.perTenant: the function returned no limit: ${faults.join('; ')}`, {
    param: 'limits.perTenant',
  });
}
