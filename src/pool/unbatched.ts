/**
 * Hands out one by one what arrives in arrays.
 *
 * By hand rather than as a generator: an item that is there already costs one settled promise. Calls of `next`
 * that overlap are answered in order.
 */
export class Unbatched<Item> implements AsyncIterableIterator<Item> {
  readonly #pull: () => Promise<readonly Item[] | undefined>;
  readonly #leave: () => Promise<void>;
  #items: readonly Item[] = [];
  #at = 0;
  /** Calls of `next` that wait for a pull. */
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #over = false;

  /**
   * @param pull - the next array, possibly empty; `undefined` at the end; rejects when the source breaks
   * @param leave - called once, when the consumer stops before the end
   */
  constructor(pull: () => Promise<readonly Item[] | undefined>, leave: () => Promise<void>) {
    this.#pull = pull;
    this.#leave = leave;
  }

  next(): Promise<IteratorResult<Item>> {
    // A pull that was out when the consumer left may still bring items: nobody wants them.
    if (this.#waiting === 0 && !this.#over && this.#at < this.#items.length) {
      return Promise.resolve({ value: this.#items[this.#at++]!, done: false });
    }
    this.#waiting += 1;
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async return(): Promise<IteratorResult<Item>> {
    if (!this.#over) {
      this.#over = true;
      this.#items = [];
      await this.#leave();
    }
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #advance(): Promise<IteratorResult<Item>> {
    try {
      while (!this.#over && this.#at >= this.#items.length) {
        const items = await this.#pull();
        if (items) {
          this.#items = items;
          this.#at = 0;
        } else this.#over = true;
      }
    } catch (error) {
      // Thrown once; after that the iterator is at its end, like a generator that threw.
      const first = !this.#over;
      this.#over = true;
      if (first) throw error;
    } finally {
      this.#waiting -= 1;
    }
    return this.#over ? { value: undefined, done: true } : { value: this.#items[this.#at++]!, done: false };
  }
}
