import { AdaptiveLimit } from './adaptive-limit.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a limit allows. What is left out is not limited. */
export interface LimitTerms {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** At once; `adaptive` finds out by itself. */
  readonly concurrency?: number | 'adaptive' | undefined;
}

/** How what was let through has ended. */
export interface LimitEnding {
  /** Tokens it has really taken; unknown leaves it at what was reserved. */
  readonly tokens?: number | undefined;
  /** Nothing was sent: it counts for nothing. */
  readonly unused?: boolean;
  /** What it says of how much the host takes at once; left out, it says nothing. */
  readonly verdict?: 'ok' | 'refused' | undefined;
}

/** What one that was let through holds. */
export interface Hold {
  readonly tokens: number;
  readonly generation: number;
  readonly sinceMs: number;
}

/** Time that a permit is taken to be held before the first has come back, in milliseconds. */
const ASSUMED_HOLD_MS = 1_000;

/** Weight of the newest in the average time that a permit is held. */
const NEWEST = 0.2;

/** One limit: two token buckets and a count of permits, taken together or not at all. Synchronous, without a queue. */
export class Limiter {
  readonly terms: LimitTerms;
  readonly #requests: TokenBucket | undefined;
  readonly #tokens: TokenBucket | undefined;
  readonly #fixed: number;
  readonly #adaptive: AdaptiveLimit | undefined;
  readonly #nowMs: () => number;
  #inUse = 0;
  /** Tokens that are held by those let through, which may come back. */
  #reserved = 0;
  #holdMs: number | undefined;
  #shutUntilMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs - monotonic */
  constructor(terms: LimitTerms, nowMs: () => number) {
    const { requestsPerMinute, tokensPerMinute, concurrency = Number.POSITIVE_INFINITY } = terms;
    this.terms = terms;
    this.#requests = requestsPerMinute === undefined ? undefined : new TokenBucket(requestsPerMinute, nowMs);
    this.#tokens = tokensPerMinute === undefined ? undefined : new TokenBucket(tokensPerMinute, nowMs);
    this.#adaptive = concurrency === 'adaptive' ? new AdaptiveLimit() : undefined;
    this.#fixed = concurrency === 'adaptive' ? Number.POSITIVE_INFINITY : concurrency;
    this.#nowMs = nowMs;
  }

  /** Permits that are out. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Permits there are; `Infinity` where their number is not limited. */
  get concurrency(): number {
    return this.#adaptive?.limit ?? this.#fixed;
  }

  /** Whether tokens are counted, so that they have to be estimated. */
  get countsTokens(): boolean {
    return this.#tokens !== undefined;
  }

  /** As if it had never been used; what an adaptive limit has learnt is worth keeping. */
  get isAtRest(): boolean {
    const full = (this.#requests?.isFull ?? true) && (this.#tokens?.isFull ?? true);
    return full && this.#inUse === 0 && !this.#adaptive && this.#shutMs() === 0;
  }

  /**
   * Lets nobody through for a while, because others share the limit.
   *
   * @param usedUp - by them: then it goes on as if all of these had been taken up to now
   */
  holdFor(durationMs: number, usedUp?: 'requests' | 'tokens'): void {
    this.#shutUntilMs = Math.max(this.#shutUntilMs, this.#nowMs() + durationMs);
    const bucket = usedUp && { requests: this.#requests, tokens: this.#tokens }[usedUp];
    bucket?.take(Math.max(0, bucket.level));
  }

  /** How long until one may pass, in milliseconds; `Infinity` while that depends on a permit coming back. */
  waitMs(tokens: number): number {
    if (this.#inUse >= this.concurrency) return Number.POSITIVE_INFINITY;
    return Math.max(this.#shutMs(), this.#requests?.waitMs(1) ?? 0, this.#tokens?.waitMs(tokens) ?? 0);
  }

  /** The same at best, when all permits and all reserved tokens come back at once. */
  soonestMs(tokens: number): number {
    const bucket = this.#tokens;
    const wanted = bucket && Math.min(tokens, bucket.capacity) - this.#reserved;
    return Math.max(this.#shutMs(), this.#requests?.waitMs(1) ?? 0, bucket?.msUntil(wanted ?? 0) ?? 0);
  }

  /**
   * How long it takes at least until one's turn comes, as far as that is known, in milliseconds: those ahead take a
   * request each, and hold their permits for as long as those before them did.
   */
  turnMs(ahead: number): number {
    const isBusy = this.#inUse >= this.concurrency;
    const permits = isBusy ? ((this.#holdMs ?? 0) * ahead) / this.concurrency : 0;
    return Math.max(this.#shutMs(), permits, this.#requests?.msUntil(ahead + 1) ?? 0);
  }

  /**
   * When it is worth coming back, in milliseconds: whole, at least 1.
   *
   * @param ahead - how many wait already; they are taken to want as much, and to take as long as those before them
   */
  retryAfterMs(tokens: number, ahead: number): number {
    const turn = ahead + 1;
    const buckets = [this.#requests?.msUntil(turn), this.#tokens?.msUntil(turn * tokens)];
    const isBusy = this.#inUse >= this.concurrency;
    const permits = isBusy ? ((this.#holdMs ?? ASSUMED_HOLD_MS) * turn) / this.concurrency : 0;
    return Math.max(1, Math.ceil(Math.max(this.#shutMs(), permits, ...buckets.map((waitMs) => waitMs ?? 0))));
  }

  #shutMs(): number {
    return Math.max(0, this.#shutUntilMs - this.#nowMs());
  }

  /** Lets one through, whether or not there is room. What it returns is to be handed back once, to `end`. */
  take(tokens: number): Hold {
    this.#requests?.take(1);
    this.#tokens?.take(tokens);
    this.#reserved += tokens;
    this.#inUse += 1;
    return { tokens, generation: this.#adaptive?.generation ?? 0, sinceMs: this.#nowMs() };
  }

  end({ tokens, generation, sinceMs }: Hold, { tokens: used, unused, verdict }: LimitEnding): void {
    if (unused) this.#requests?.take(-1);
    this.#tokens?.take((unused ? 0 : (used ?? tokens)) - tokens);
    this.#reserved -= tokens;
    if (verdict === 'ok') this.#adaptive?.succeeded(this.#inUse);
    if (verdict === 'refused') this.#adaptive?.refused(generation);
    this.#inUse -= 1;
    const heldMs = this.#nowMs() - sinceMs;
    if (!unused) this.#holdMs = (this.#holdMs ?? heldMs) * (1 - NEWEST) + heldMs * NEWEST;
  }
}
