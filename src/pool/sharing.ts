import { CircuitOpenError, LimitExceededError } from '../errors/index.ts';
import type { AttemptContext, RequestContext } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import type { Tally } from '../pipeline/tally.ts';
import type { LimitEnding } from '../resilience/limiter.ts';
import type { SharedStore } from '../state/shared-store.ts';
import type { Taken } from '../state/state-store.ts';
import { endingOfAttempt, endingOfRequest } from './limit-accounts.ts';
import type { Limits } from './limits.ts';
import { NoRoomElsewhere, type SharedClaims, type Wanted } from './shared-claims.ts';
import type { SharedCooldowns } from './shared-cooldowns.ts';

/** What sharing works with. */
export interface SharingParts {
  readonly store: SharedStore;
  readonly limits: Limits;
  readonly claims: SharedClaims;
  readonly cooldowns: SharedCooldowns;
  /** What is limited is refused while the store is away. */
  readonly rejects: boolean;
}

/** What an attempt, or a request, has been granted. */
interface Granted {
  readonly wanted: readonly Wanted[];
  /** By this process alone. */
  readonly isLocal: boolean;
}

/**
 * What the processes of a fleet agree on before an attempt is sent: asked all at once, in one round trip, after this
 * process itself has let the attempt pass.
 *
 * Limits of the pool and of tenants are claimed by the first attempt of a request, for all of them.
 */
export class Sharing {
  readonly #parts: SharingParts;
  readonly #attempts = new WeakMap<Tally, Granted>();
  /** By what no copy of a request's context changes. */
  readonly #requests = new WeakMap<RequestContext['trail'], Granted>();
  #persisting = 0;

  constructor(parts: SharingParts) {
    this.#parts = parts;
  }

  /**
   * Makes an attempt if the others leave it room.
   *
   * @throws NoRoomElsewhere for `persist`, or LimitExceededError for a hedge; BudgetExceededError; CircuitOpenError
   *   when others were told to stay away
   */
  async attempt<Result>(
    attempt: AttemptContext,
    make: (attempt: AttemptContext) => Promise<Result>,
  ): Promise<Result> {
    const { store, claims, cooldowns } = this.#parts;
    const { request, tally } = attempt;
    const id = crypto.randomUUID();
    const ofRequest = this.#requests.has(request.trail) ? [] : claims.ofRequest(attempt, id);
    const ofAttempt = claims.ofAttempt(attempt, id);
    const wanted = [...ofRequest, ...ofAttempt];
    const marks = cooldowns.due(attempt);
    if (wanted.length === 0 && marks.length === 0) return make(attempt);
    const answer = await store.ask({ claims: wanted, marks });
    const { taken, isLocal } = answer;
    const waitMs = cooldowns.heed(attempt, marks, answer.marks);
    // Of two that raced for the first attempt of a request the later one has claimed too much, granted or not.
    const isLater = this.#requests.has(request.trail);
    const counted = isLater ? ofRequest.length : 0;
    const refusal =
      this.#refusal(attempt, wanted.slice(counted), taken.slice(counted), isLocal) ??
      leftAlone(attempt, waitMs);
    const giveBack = (each: Wanted, index: number): void => {
      if (isLocal || taken[index]?.granted) store.settle(each, 0, isLocal);
    };
    if (refusal) {
      wanted.forEach(giveBack);
      throw refusal;
    }
    if (isLater) ofRequest.forEach(giveBack);
    else this.#requests.set(request.trail, { wanted: ofRequest, isLocal });
    this.#attempts.set(tally, { wanted: ofAttempt, isLocal });
    try {
      return await make(attempt);
    } catch (error) {
      // Whoever saw the attempt begin has settled it already: otherwise nothing was made.
      this.#end(tally, { unused: true });
      throw error;
    }
  }

  /**
   * Tries again what found no room with the others, in the queue of its limit, as if the limit were this process'
   * own.
   */
  async persist<Result>(
    attempt: (returning?: number) => Promise<Result>,
    request: RequestContext,
  ): Promise<Result> {
    const number = this.#persisting++;
    for (let returning: number | undefined; ; returning = number) {
      try {
        return await attempt(returning);
      } catch (error) {
        if (!(error instanceof NoRoomElsewhere)) throw error;
        const { limiter, waitMs, usedUp, isOfAttempt } = error;
        const { requests } = this.#parts.limits;
        if (!isOfAttempt) requests.leave(request);
        limiter.holdFor(waitMs, usedUp);
        if (!isOfAttempt) await requests.enter(request, number);
      }
    }
  }

  /** Who is to be left alone, by an answer to this process. */
  readonly tellOthers: SharedCooldowns['tell'] = (...told) => this.#parts.cooldowns.tell(...told);

  /** Settles what an attempt was granted, when it ends. */
  readonly watch: Watch<AttemptContext> = ({ tally }) => ({
    onEnd: (ending) => this.#end(tally, endingOfAttempt(tally, ending)),
  });

  /** Also sees the end of each request. */
  seeing(watch: Watch<RequestContext>): Watch<RequestContext> {
    return (request) => {
      const observer = watch(request);
      return {
        ...observer,
        onEnd: (ending) => {
          const granted = this.#requests.get(request.trail);
          // Who comes to it late claims nothing more.
          this.#requests.set(request.trail, { wanted: [], isLocal: true });
          if (granted) this.#settle(granted, endingOfRequest(request.trail));
          observer.onEnd(ending);
        },
      };
    };
  }

  #end(tally: Tally, ending: LimitEnding): void {
    const granted = this.#attempts.get(tally);
    this.#attempts.delete(tally);
    if (granted) this.#settle(granted, ending, tally.costUsd);
  }

  #settle({ wanted, isLocal }: Granted, ending: LimitEnding, costUsd?: number): void {
    for (const each of wanted) this.#parts.store.settle(each, each.cameTo(ending, costUsd), isLocal);
  }

  #refusal(
    attempt: AttemptContext,
    wanted: readonly Wanted[],
    taken: readonly Taken[],
    isLocal: boolean,
  ): unknown {
    const { cancellation } = attempt;
    if (cancellation.isCancelled) return cancellation.reason;
    const index = taken.findIndex(({ granted }) => !granted);
    const [refused, by] = [wanted[index], taken[index]];
    if (!refused || !by) return undefined;
    if (!isLocal || !this.#parts.rejects) {
      const refusal = refused.refusal(by);
      return attempt.hedge && refusal instanceof NoRoomElsewhere ? atOnce(attempt, refusal) : refusal;
    }
    const message = "the shared state is away, and `shared.onFailure` is 'reject'";
    return new LimitExceededError(message, { scope: 'pool', retryAfterMs: by.waitMs });
  }
}

/** A hedge is of no use later. Where one is made its request has been let in: only a target can lack room. */
function atOnce({ target }: AttemptContext, { waitMs }: NoRoomElsewhere): LimitExceededError {
  const { provider, model, label } = target;
  const message = `${label}: its limit is reached, counting all processes`;
  return new LimitExceededError(message, {
    scope: 'provider',
    retryAfterMs: waitMs,
    provider: provider.name,
    model,
  });
}

function leftAlone({ target, lastTarget }: AttemptContext, waitMs: number): CircuitOpenError | undefined {
  if (waitMs === 0 || lastTarget) return undefined;
  const { provider, model, label } = target;
  const message = `${label}: left alone for ${Math.ceil(waitMs / 1000)} s, as another process was told`;
  return new CircuitOpenError(message, { provider: provider.name, model, retryAfterMs: waitMs });
}
