import type { RequestContext } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import type { Gates } from '../resilience/admission.ts';
import type { Lease } from '../resilience/lease.ts';
import { Limiter } from '../resilience/limiter.ts';
import { Gate, type GateParts } from './gate.ts';
import { endingOfRequest, expectedTokens } from './limit-accounts.ts';
import type { LimitSettings } from './limit-settings.ts';
import { TenantLimiters } from './tenant-limiters.ts';

/** A request within the limits: what it holds, or that it is over and holds nothing any more. */
type Stay = Lease | 'over';

/** The limits of the pool and of its tenants: passed once by each request, however many attempts it takes. */
export class RequestLimits {
  readonly pool: Limiter | undefined;
  readonly #tenants: TenantLimiters | undefined;
  readonly #gate: Gate;
  /** By what no copy of a request's context changes. */
  readonly #stays = new WeakMap<RequestContext['trail'], Stay>();

  constructor({ pool, perTenant }: LimitSettings, parts: GateParts) {
    const { nowMs } = parts.teller;
    this.pool = pool && new Limiter(pool, nowMs);
    this.#tenants = perTenant && new TenantLimiters(perTenant, nowMs);
    this.#gate = new Gate(parts);
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#gate.waiting;
  }

  /**
   * Lets a request in, once; `undefined` says that it need not wait.
   *
   * @param returning - its number among those that had been let in in vain
   * @throws LimitExceededError, at once or later
   */
  enter(request: RequestContext, returning?: number): Promise<void> | undefined {
    const limits = this.limitsOf(request);
    if (!limits || this.#stays.has(request.trail)) return undefined;
    const tokens = expectedTokens(request, limits);
    const waitMs = Number.POSITIVE_INFINITY;
    const lease = this.#gate.pass({ request, target: undefined, limits, tokens, waitMs, returning });
    if (lease instanceof Promise) return lease.then((late) => this.#hold(request, late));
    this.#hold(request, lease);
    return undefined;
  }

  /** Gives back what a request holds that found room in this process only. It may enter again. */
  leave({ trail }: RequestContext): void {
    const stay = this.#stays.get(trail);
    if (!stay || stay === 'over') return;
    this.#stays.delete(trail);
    stay.end({ unused: true });
  }

  /** Also sees the end of each request, and takes back what it holds. */
  seeing(watch: Watch<RequestContext>): Watch<RequestContext> {
    if (!this.pool && !this.#tenants) return watch;
    return (request) => {
      const observer = watch(request);
      return {
        ...observer,
        onEnd: (ending) => {
          const stay = this.#stays.get(request.trail);
          this.#stays.set(request.trail, 'over');
          if (stay && stay !== 'over') stay.end(endingOfRequest(request.trail));
          observer.onEnd(ending);
        },
      };
    };
  }

  /** A plug-in may ask twice for the same request, or end it and leave behind who still waits for it. */
  #hold({ trail }: RequestContext, lease: Lease): void {
    if (this.#stays.has(trail)) lease.end({ unused: true });
    else this.#stays.set(trail, lease);
  }

  /** Those that a request has to pass. */
  limitsOf({ tenant }: RequestContext): Gates | undefined {
    const own = tenant === undefined ? undefined : this.#tenants?.of(tenant);
    return own || this.pool ? { own, shared: this.pool } : undefined;
  }
}
