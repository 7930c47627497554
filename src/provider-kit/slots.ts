/**
 * So many at a time, the others in the order in which they came.
 *
 * Stands before the connections of a host that may only have so many: to wait for one is not to connect, and must not
 * be held against the host.
 */
export class Slots {
  #free: number;
  /** A set, because whoever gives up leaves from the middle. */
  readonly #waiting = new Set<() => void>();

  /** @param count - at least 1 */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Resolves when it is one's turn.
   *
   * @returns gives the slot back; further calls do nothing
   * @throws the signal's reason when it fires first
   */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let taken = true;
    return () => {
      if (taken) this.#give();
      taken = false;
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', onAbort);
      };
      const wake = (): void => {
        leave();
        resolve();
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason);
      };
      if (signal.aborted) reject(signal.reason);
      else {
        this.#waiting.add(wake);
        signal.addEventListener('abort', onAbort);
      }
    });
  }

  /** The slot goes to the one who waits longest, if anybody does. */
  #give(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#free++;
  }
}
