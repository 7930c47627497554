/** A stretch of time, and what is kept for it. */
export interface TimeSlice<Content> {
  /** First moment, in epoch milliseconds. */
  readonly startMs: number;
  readonly content: Content;
}

/**
 * The last so many slices of time and the one under way, of equal length. Older ones make room by themselves.
 *
 * A clock that steps back changes nothing: what comes then counts for the newest slice.
 */
export class TimeSlices<Content> {
  readonly stepMs: number;
  readonly #steps: number;
  readonly #make: () => Content;
  /** By number since the epoch, oldest first. */
  readonly #slices = new Map<number, Content>();
  #newest = Number.NEGATIVE_INFINITY;

  /** @param steps - how many whole slices are kept */
  constructor(stepMs: number, steps: number, make: () => Content) {
    this.stepMs = stepMs;
    this.#steps = steps;
    this.#make = make;
  }

  /** What is kept for the slice of a moment. */
  at(atMs: number): Content {
    const index = this.#advance(atMs);
    const known = this.#slices.get(index);
    if (known !== undefined) return known;
    const made = this.#make();
    this.#slices.set(index, made);
    return made;
  }

  /** First moment of the oldest slice that is kept, whether or not anything happened in it. */
  sinceMs(nowMs: number): number {
    return (this.#advance(nowMs) - this.#steps) * this.stepMs;
  }

  /** Slices in which something happened, oldest first. */
  *all(nowMs: number): Generator<TimeSlice<Content>> {
    this.#advance(nowMs);
    for (const [index, content] of this.#slices) yield { startMs: index * this.stepMs, content };
  }

  #advance(atMs: number): number {
    const index = Math.max(Math.floor(atMs / this.stepMs), this.#newest);
    if (index > this.#newest) {
      this.#newest = index;
      for (const old of this.#slices.keys()) {
        if (old >= index - this.#steps) break;
        this.#slices.delete(old);
      }
    }
    return index;
  }
}
