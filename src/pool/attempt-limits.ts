import type { AttemptContext, RequestContext } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import type { Tally } from '../pipeline/tally.ts';
import type { Lease } from '../resilience/lease.ts';
import { sleep } from '../resilience/timing.ts';
import type { Candidate } from '../routing/index.ts';
import { endingOfAttempt, expectedTokens } from './limit-accounts.ts';
import { LimitTeller } from './limit-teller.ts';
import { type KeyLimit, ProviderLimits, type ProviderLimitsParts } from './provider-limits.ts';
import type { ProviderStates } from './provider-state.ts';

/** What the limits of attempts work with. */
export interface AttemptLimitsParts extends ProviderLimitsParts {
  readonly states: ProviderStates;
  /** How long a preferred target is waited for, in milliseconds. */
  readonly preferWaitMs: number;
}

/** An attempt that is about to be made, and who could be asked instead. */
export interface AttemptCase<Result> {
  readonly request: RequestContext;
  readonly candidate: Candidate;
  readonly others: readonly Candidate[];
  /** Called when it may begin, so that its wait runs none of its timers. */
  readonly contextOf: () => AttemptContext;
  readonly make: (context: AttemptContext) => Promise<Result>;
  /** Its number among those that found room in this process only. */
  readonly returning?: number | undefined;
  /** How long it has waited for its target, in milliseconds, over all rounds: counted up here. @default not yet */
  readonly waited?: { ms: number } | undefined;
}

/**
 * The limits of providers, ours and those they tell of: passed once by each attempt.
 *
 * A provider that has no room is waited for only as far as that is better than to go elsewhere: not while an equal
 * has room, a moment while a lower tier has, and else for as long as the queue allows.
 */
export class AttemptLimits {
  readonly providers: ProviderLimits;
  readonly #parts: AttemptLimitsParts;
  readonly #leases = new WeakMap<Tally, readonly Lease[]>();
  readonly #tell: LimitTeller;

  constructor(parts: AttemptLimitsParts) {
    this.providers = new ProviderLimits(parts);
    this.#parts = parts;
    this.#tell = new LimitTeller(parts.teller);
  }

  /**
   * Candidates as they are best asked from one of them on: of its equals first the one that has room, or where none
   * has, the one that is likely to have some first. So many that come at once are shared out.
   */
  byRoom(request: RequestContext, candidates: readonly Candidate[], from: number): readonly Candidate[] {
    const first = candidates[from];
    if (this.providers.areNone || !first) return candidates;
    const retryAfterMs = this.providers.roomInMs(request, first.target);
    if (retryAfterMs === 0) return candidates;
    let [best, bestMs] = [first, retryAfterMs];
    for (const each of candidates.slice(from + 1)) {
      if (each.tier !== first.tier || !this.#parts.states.of(each.target).isOpen) continue;
      const roomInMs = this.providers.roomInMs(request, each.target);
      if (roomInMs < bestMs) [best, bestMs] = [each, roomInMs];
    }
    if (best === first) return candidates;
    const held = { request, target: first.target, scope: 'provider' as const };
    this.#tell.rejected(held, { code: 'limit_exceeded', retryAfterMs }, 0);
    const rest = candidates.slice(from).filter((each) => each !== best);
    return [...candidates.slice(0, from), best, ...rest];
  }

  /**
   * Makes an attempt once the limits let it: at once if there is room.
   *
   * @throws LimitExceededError, at once or later, when they do not
   */
  attempt<Result>(of: AttemptCase<Result>): Promise<Result> {
    const pauseMs = this.#pauseMs(of);
    if (pauseMs === 0) return this.#pass(of);
    const { request, candidate } = of;
    const held = { request, target: candidate.target, scope: 'upstream' as const };
    const pause = sleep(pauseMs, request.signal, this.#parts.teller.startTimer);
    return this.#tell.during(held, undefined, pause, () => {}).then(() => this.#pass(of));
  }

  /** The headers of an answer are in. Those to a key of the caller's own say nothing of ours. */
  readonly heed = ({ request, target, tally }: AttemptContext): void => {
    const { rateLimits } = tally.upstream ?? {};
    if (rateLimits && !request.apiKey) this.#parts.states.of(target).heed(rateLimits);
  };

  /** Takes back what an attempt holds, when it ends. Nobody where nothing is limited. */
  get watches(): readonly Watch<AttemptContext>[] {
    if (this.providers.areNone) return [];
    const watch: Watch<AttemptContext> = ({ tally }) => {
      const leases = this.#leases.get(tally) ?? [];
      return {
        onEnd: (ending) => {
          for (const lease of leases) lease.end(endingOfAttempt(tally, ending));
        },
      };
    };
    return [watch];
  }

  async #pass<Result>(of: AttemptCase<Result>): Promise<Result> {
    const { request, candidate, contextOf, make, waited } = of;
    const { nowMs } = this.#parts.teller;
    const sinceMs = waited ? nowMs() : 0;
    const leases: Lease[] = [];
    try {
      for (const limit of this.providers.of(request, candidate.target)) {
        const lease = limit.gate.pass(this.#passageOf(of, limit));
        leases.push(lease instanceof Promise ? await lease : lease);
      }
      if (waited) waited.ms += nowMs() - sinceMs;
      const context = contextOf();
      // A weak map costs the collector for each that is in it.
      if (leases.length > 0) this.#leases.set(context.tally, leases);
      return await make(context);
    } catch (error) {
      // The first end counts: only if nobody saw the attempt begin was nothing made.
      for (const lease of leases) lease.end({ unused: true });
      throw error;
    }
  }

  #passageOf<Result>(
    of: AttemptCase<Result>,
    { limits, gate }: KeyLimit,
  ): Parameters<KeyLimit['gate']['pass']>[0] {
    const { request, candidate, returning } = of;
    const tokens = expectedTokens(request, limits);
    const waitMs = gate.hasRoom(limits, tokens) ? 0 : this.#waitMs(of);
    return { request, target: candidate.target, limits, tokens, waitMs, returning };
  }

  /** How long a target without room is worth waiting for, in milliseconds. */
  #waitMs<Result>({ request, candidate, others, waited }: AttemptCase<Result>): number {
    const { states, preferWaitMs } = this.#parts;
    const isFree = ({ target }: Candidate): boolean =>
      states.of(target).isOpen && this.providers.roomInMs(request, target) === 0;
    const free = others.filter(isFree);
    if (free.length === 0) return Number.POSITIVE_INFINITY;
    const isLeftAlone = !states.of(candidate.target).isOpen;
    return isLeftAlone || free.some(({ tier }) => tier === candidate.tier)
      ? 0
      : preferWaitMs - (waited?.ms ?? 0);
  }

  /**
   * A host that said that nothing is left is given until its reset, if that is a moment. Otherwise it is asked all
   * the same: it may know better by now, and the plan has it only where nobody else is free.
   */
  #pauseMs<Result>({ request, candidate }: AttemptCase<Result>): number {
    if (request.apiKey) return 0;
    const quotaMs = this.#parts.states.of(candidate.target).quotaMs(request.size.known);
    if (quotaMs === 0) return 0;
    const leftMs = request.deadlineMs - this.#parts.teller.nowMs();
    return quotaMs <= this.#parts.preferWaitMs && quotaMs < leftMs ? quotaMs : 0;
  }
}
