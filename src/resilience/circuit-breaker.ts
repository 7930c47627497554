import { doubling, jittered } from './backoff.ts';
import { CircuitPermit, type Permit, type PermitDesk } from './circuit-permit.ts';
import { type TripOptions, type TripRule, tripRule } from './trip-rules.ts';

/** How a target's circuit opens and recovers. */
export interface BreakerOptions extends TripOptions {
  /** First time an open circuit waits before it lets a probe through, in milliseconds; doubles. @default 5_000 */
  readonly openMs?: number;
  /** Longest time it waits, before jitter, in milliseconds. @default 15_000 */
  readonly maxOpenMs?: number;
  /** Time over which a closed-again circuit is given back its full share, in milliseconds; 0 is at once. @default 10_000 */
  readonly slowStartMs?: number;
}

/** `docs/options.md`, "open time" and "half-open". */
export const breakerDefaults: Readonly<Required<Omit<BreakerOptions, keyof TripOptions>>> = {
  openMs: 5_000,
  maxOpenMs: 15_000,
  slowStartMs: 10_000,
};

/** What people and events call the state of a circuit. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** What moved a circuit. */
export type TransitionReason = 'failures' | 'probe_failed' | 'probe_succeeded' | 'open_time_over';

/** What a circuit breaker needs from outside. */
export interface BreakerSurroundings {
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
  /** Uniform in `[0, 1)`. @default Math.random */
  readonly random?: () => number;
  /** When to open. @default `tripRule` of the options */
  readonly rule?: TripRule;
  /** Told once for each transition, when it is done: on `open`, `retryAfterMs()` is the open time. Must not throw. */
  readonly onTransition?: (from: CircuitState, to: CircuitState, reason: TransitionReason) => void;
}

/** Each state has its own fields, so that those of another cannot be read by mistake. */
type State =
  | { readonly name: 'closed'; readonly sinceMs: number }
  | { readonly name: 'open'; readonly sinceMs: number; readonly untilMs: number }
  | { readonly name: 'half_open'; probes: number; probedMs: number };

/** ±20 % on the open time, so that the processes of a fleet do not probe together. */
const OPEN_TIME_JITTER = 0.2;

/** Even at the start of a slow start some requests must come, or nothing is learnt. */
const SMALLEST_SHARE = 0.1;

/**
 * Keeps requests away from a target that fails: closed, open, half-open.
 *
 * It has no timer: an open circuit becomes half-open when somebody asks after its time. While half-open one
 * request is out as a probe. Success comes at the commit point, so that a long answer does not keep the
 * circuit shut to others; failure comes whenever it comes. A verdict counts only in the generation in which
 * its permit was issued.
 */
export class CircuitBreaker {
  readonly #openMs: number;
  readonly #maxOpenMs: number;
  readonly #slowStartMs: number;
  readonly #rule: TripRule;
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #onTransition: BreakerSurroundings['onTransition'];
  #state: State = { name: 'closed', sinceMs: Number.NEGATIVE_INFINITY };
  #generation = 0;
  /** Openings since the target last proved healthy: the exponent of the open time. */
  #openings = 0;

  constructor(options: BreakerOptions, surroundings: BreakerSurroundings) {
    this.#openMs = options.openMs ?? breakerDefaults.openMs;
    this.#maxOpenMs = options.maxOpenMs ?? breakerDefaults.maxOpenMs;
    this.#slowStartMs = options.slowStartMs ?? breakerDefaults.slowStartMs;
    this.#nowMs = surroundings.nowMs;
    this.#random = surroundings.random ?? Math.random;
    this.#rule = surroundings.rule ?? tripRule(options, surroundings.nowMs);
    this.#onTransition = surroundings.onTransition;
  }

  /** Reading it changes nothing: an open circuit whose time is over stays `open` until somebody asks to pass. */
  get state(): CircuitState {
    return this.#state.name;
  }

  /**
   * Asks leave for one attempt; `undefined` is a refusal.
   *
   * @param options.lastTarget - true when there is no other target to go to. Such a request is never turned away
   *   by the slow start, and passes as a probe at least once in `openMs` while the circuit is not closed: a
   *   breaker with nowhere to go only hides the error (P17).
   */
  acquire({ lastTarget }: { readonly lastTarget: boolean }): Permit | undefined {
    const now = this.#nowMs();
    if (this.#state.name === 'open' && now >= this.#probeAtMs(this.#state, lastTarget)) {
      this.#move({ name: 'half_open', probes: 0, probedMs: now }, 'open_time_over');
    }
    return this.#admits(now, lastTarget) ? new CircuitPermit(this.#desk, this.#generation) : undefined;
  }

  /** Time until a refused request may pass, in milliseconds; `undefined` while that depends on a probe's verdict. */
  retryAfterMs(): number | undefined {
    const state = this.#state;
    switch (state.name) {
      case 'closed':
        return 0;
      case 'open':
        return Math.max(0, state.untilMs - this.#nowMs());
      case 'half_open':
        return state.probes === 0 ? 0 : undefined;
    }
  }

  #probeAtMs(state: { readonly sinceMs: number; readonly untilMs: number }, lastTarget: boolean): number {
    return lastTarget ? Math.min(state.untilMs, state.sinceMs + this.#openMs) : state.untilMs;
  }

  #admits(now: number, lastTarget: boolean): boolean {
    const state = this.#state;
    switch (state.name) {
      case 'closed':
        return lastTarget || this.#withinShare(now - state.sinceMs);
      case 'open':
        return false;
      case 'half_open':
        // A probe may take a minute to its first token; a last target is not kept waiting for it.
        if (state.probes > 0 && !(lastTarget && now - state.probedMs >= this.#openMs)) return false;
        state.probes += 1;
        state.probedMs = now;
        return true;
    }
  }

  #withinShare(closedMs: number): boolean {
    if (closedMs >= this.#slowStartMs) return true;
    return this.#random() < Math.max(SMALLEST_SHARE, closedMs / this.#slowStartMs);
  }

  readonly #desk: PermitDesk = {
    succeeded: (generation) => {
      if (generation !== this.#generation) return generation;
      if (this.#state.name === 'half_open') return this.#close();
      this.#rule.success();
      return generation;
    },
    failed: (generation) => {
      if (generation !== this.#generation) return;
      if (this.#state.name === 'half_open') this.#open('probe_failed');
      else if (this.#rule.failure()) this.#open('failures');
    },
    undecided: (generation) => {
      if (generation === this.#generation && this.#state.name === 'half_open') this.#state.probes -= 1;
    },
  };

  #open(reason: TransitionReason): void {
    const now = this.#nowMs();
    // A target that breaks again during its slow start has not recovered: its open time goes on doubling,
    // or one that flaps every second would be probed at the shortest interval for ever (P8).
    if (this.#state.name === 'closed' && now - this.#state.sinceMs >= this.#slowStartMs) this.#openings = 0;
    const openMs = doubling(this.#openings, this.#openMs, this.#maxOpenMs);
    this.#openings += 1;
    const untilMs = now + jittered(openMs, OPEN_TIME_JITTER, this.#random);
    this.#move({ name: 'open', sinceMs: now, untilMs }, reason);
  }

  #close(): number {
    this.#rule.reset();
    return this.#move({ name: 'closed', sinceMs: this.#nowMs() }, 'probe_succeeded');
  }

  #move(next: State, reason: TransitionReason): number {
    const from = this.#state.name;
    const generation = this.#generation + 1;
    this.#state = next;
    this.#generation = generation;
    this.#onTransition?.(from, next.name, reason);
    return generation;
  }
}
