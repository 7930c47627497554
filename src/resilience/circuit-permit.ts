/**
 * Leave to make one attempt. Each of the three counts at most once; `release` ends it.
 *
 * `succeed` at the commit point, `fail` whenever a failure comes, also after a success (a stream that broke
 * after its first content), `release` in `finally`.
 */
export interface Permit {
  succeed(): void;
  /** Counts also after `succeed`. Call it only for errors that are held against the target. */
  fail(): void;
  /** Hands back a probe that got no verdict. Verdicts that come later count for nothing. */
  release(): void;
}

/** Where permits report to. A generation is the time between two transitions of the circuit. */
export interface PermitDesk {
  /** @returns the generation in which a later failure of the same attempt counts */
  succeeded(generation: number): number;
  failed(generation: number): void;
  undecided(generation: number): void;
}

/** A permit that knows its generation, so that the desk can ignore late verdicts (P18). */
export class CircuitPermit implements Permit {
  readonly #desk: PermitDesk;
  #generation: number;
  #verdict: 'none' | 'succeeded' | 'ended' = 'none';

  constructor(desk: PermitDesk, generation: number) {
    this.#desk = desk;
    this.#generation = generation;
  }

  succeed(): void {
    if (this.#verdict !== 'none') return;
    this.#verdict = 'succeeded';
    this.#generation = this.#desk.succeeded(this.#generation);
  }

  fail(): void {
    if (this.#verdict === 'ended') return;
    this.#verdict = 'ended';
    this.#desk.failed(this.#generation);
  }

  release(): void {
    const undecided = this.#verdict === 'none';
    this.#verdict = 'ended';
    if (undecided) this.#desk.undecided(this.#generation);
  }
}
