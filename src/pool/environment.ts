import type { StartTimer } from '../resilience/timing.ts';

/** Where time and chance come from. Tests hand in their own. */
export interface Environment {
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock, epoch milliseconds. */
  readonly epochMs: () => number;
  /** Uniform in `[0, 1)`. */
  readonly random: () => number;
  /** Arms every timer of the pool. @default Node's own */
  readonly startTimer?: StartTimer | undefined;
}

/** The machine's own. */
export const realEnvironment: Environment = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  random: Math.random,
};
