import type { AttemptRecord, RunestoneError } from '../errors/index.ts';
import type { Target } from '../pipeline/middleware.ts';

/** Leave to make one attempt. Whoever got it tells how it went, and hands it back. */
export interface AdmissionPermit {
  /** The commit point was reached. */
  succeed(): void;
  /** The attempt failed; what follows from it is read off the error table. */
  fail(error: RunestoneError): void;
  /** Gives back what was never judged. Call it on every exit. */
  release(): void;
}

/** What is not in the record of an attempt, which callers read. */
export interface EndedFacts {
  /** False when nothing left the process: then it says nothing about the target. */
  readonly sent: boolean;
  /** As told when it began. */
  readonly tokens: number;
}

/** What the pool remembers of one target, as far as middlewares use it. */
export interface TargetMemory {
  /** @returns undefined while the circuit is open, or its probe is out */
  admit(lastTarget: boolean): AdmissionPermit | undefined;
  /** When the circuit lets the next probe through, in milliseconds from now. */
  retryAfterMs(): number;
  /**
   * An attempt begins.
   *
   * @param tokens - how long its prompt is, as far as anybody has needed to know
   */
  began(tokens: number): void;
  /** An attempt that `began` is over. */
  ended(record: AttemptRecord, facts: EndedFacts): void;
}

/** Finds what is remembered of a target. */
export interface Memory {
  of(target: Target): TargetMemory;
}
