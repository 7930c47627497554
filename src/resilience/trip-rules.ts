import { RollingCounter } from './rolling-counter.ts';

/** Says when a closed circuit has seen enough. What opening means is the circuit breaker's business. */
export interface TripRule {
  success(): void;
  /** Notes a failure. True when the circuit shall open. */
  failure(): boolean;
  /** Forgets everything: the circuit has closed again. */
  reset(): void;
}

/** What opens a circuit. */
export interface TripOptions {
  /**
   * Failures in a row that open the circuit. Integer ≥ 1.
   *
   * What counts as a failure is the `breaker` column of the error table: a 429 or a bad request does not.
   * @default 5
   */
  readonly failureThreshold?: number;
  /** Share of failures that opens the circuit, in `(0, 1]`. @default 0.5 */
  readonly failureRatio?: number;
  /** Verdicts within the window below which their share says nothing. Integer ≥ 1. @default 10 */
  readonly minimumRequests?: number;
  /** Window of the share, in milliseconds. @default 30_000 */
  readonly windowMs?: number;
}

/** `docs/options.md`, "opens". */
export const tripDefaults: Readonly<Required<TripOptions>> = {
  failureThreshold: 5,
  failureRatio: 0.5,
  minimumRequests: 10,
  windowMs: 30_000,
};

/** Slots in the window of `errorRate`: it then covers nine tenths of the window, or a little more. */
const SLOTS = 10;

/**
 * The rule of every target unless another is given: so many in a row, or such a share of enough.
 *
 * Both, because a ratio alone is slow to see a dead host behind little traffic, and a count alone never sees
 * a host that fails every other time.
 */
export function tripRule(options: TripOptions, nowMs: () => number): TripRule {
  const rate = {
    ratio: options.failureRatio ?? tripDefaults.failureRatio,
    minimumRequests: options.minimumRequests ?? tripDefaults.minimumRequests,
    windowMs: options.windowMs ?? tripDefaults.windowMs,
  };
  return either(
    consecutive(options.failureThreshold ?? tripDefaults.failureThreshold),
    errorRate(rate, nowMs),
  );
}

/** Trips at the given number of failures without a success in between. */
export function consecutive(threshold: number): TripRule {
  let failures = 0;
  return {
    success() {
      failures = 0;
    },
    failure() {
      failures += 1;
      return failures >= threshold;
    },
    reset() {
      failures = 0;
    },
  };
}

/** Trips at a share of failures in a sliding window, once it holds enough verdicts. */
export function errorRate(
  options: { readonly ratio: number; readonly minimumRequests: number; readonly windowMs: number },
  nowMs: () => number,
): TripRule {
  const { ratio, minimumRequests, windowMs } = options;
  const successes = new RollingCounter(SLOTS, windowMs / SLOTS);
  const failures = new RollingCounter(SLOTS, windowMs / SLOTS);
  return {
    success() {
      successes.add(nowMs());
    },
    failure() {
      const now = nowMs();
      failures.add(now);
      const failed = failures.total(now);
      const verdicts = failed + successes.total(now);
      return verdicts >= minimumRequests && failed >= ratio * verdicts;
    },
    reset() {
      successes.clear();
      failures.clear();
    },
  };
}

/** Trips when one of the rules does. */
export function either(...rules: readonly TripRule[]): TripRule {
  return {
    success() {
      for (const rule of rules) rule.success();
    },
    failure() {
      // Every rule must hear of every failure, also when an earlier one has tripped already.
      return rules.filter((rule) => rule.failure()).length > 0;
    },
    reset() {
      for (const rule of rules) rule.reset();
    },
  };
}
