/**
 * An average over time that takes a rise at once and forgets it slowly: a target that has just become slow is known
 * as slow, and has to prove the contrary (as in Finagle's peak EWMA).
 */
export class PeakEwma {
  readonly #decayMs: number;
  #value: number | undefined;
  #atMs = 0;

  /** @param decayMs - time in which a peak loses 63 % of its lead, in milliseconds */
  constructor(decayMs: number) {
    this.#decayMs = decayMs;
  }

  /** `undefined` before the first sample. */
  get value(): number | undefined {
    return this.#value;
  }

  /** Takes a sample. `nowMs` never runs backwards. */
  record(sample: number, nowMs: number): void {
    const before = this.#value;
    if (before === undefined || sample >= before) this.#value = sample;
    else {
      const kept = Math.exp(-(nowMs - this.#atMs) / this.#decayMs);
      this.#value = before * kept + sample * (1 - kept);
    }
    this.#atMs = nowMs;
  }
}
