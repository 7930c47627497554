/** What an iterator needs of its source. */
export interface BatchSource<Batch, Item> {
  /** The next batch; `undefined` at the end; rejects when the source breaks. */
  readonly pull: () => Promise<Batch | undefined>;
  /** What a batch holds for the consumer, possibly nothing. */
  readonly items: (batch: Batch) => readonly Item[];
  /** Called once, when the consumer stops before the end. */
  readonly leave: () => Promise<void>;
  /** Called when nothing more will be pulled: at the end, on a failure, or when the consumer stops. */
  readonly onOver?: (() => void) | undefined;
}

/**
 * Hands out one by one what arrives in batches.
 *
 * By hand rather than as a generator: an item that is there already costs one settled promise, a pull one more.
 * Calls of `next` that overlap are answered in order.
 */
export class Unbatched<Batch, Item> implements AsyncIterableIterator<Item> {
  readonly #source: BatchSource<Batch, Item>;
  #items: readonly Item[] = [];
  #at = 0;
  /** Calls of `next` that wait for a pull, and the last of them. */
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(source: BatchSource<Batch, Item>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<Item>> {
    if (this.#waiting === 0) {
      // A pull that was out when the consumer left may still have brought items: nobody wants them.
      if (this.#over || this.#at < this.#items.length) return Promise.resolve(this.#take());
      this.#waiting = 1;
      const first = this.#advance();
      this.#last = first;
      return first;
    }
    this.#waiting += 1;
    const next = this.#last.then(this.#advance, this.#advance);
    this.#last = next;
    return next;
  }

  async return(): Promise<IteratorResult<Item>> {
    if (!this.#over) {
      this.#over = true;
      this.#items = [];
      this.#source.onOver?.();
      await this.#source.leave();
    }
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #advance = (): Promise<IteratorResult<Item>> => {
    if (!this.#over && this.#at >= this.#items.length) {
      return this.#source.pull().then(this.#onBatch, this.#onError);
    }
    this.#waiting -= 1;
    return Promise.resolve(this.#take());
  };

  readonly #onBatch = (batch: Batch | undefined): IteratorResult<Item> | Promise<IteratorResult<Item>> => {
    if (batch === undefined) {
      this.#over = true;
      this.#source.onOver?.();
    } else {
      this.#items = this.#source.items(batch);
      this.#at = 0;
    }
    if (!this.#over && this.#items.length === 0) return this.#advance();
    this.#waiting -= 1;
    return this.#take();
  };

  /** Thrown once; after that the iterator is at its end, like a generator that threw. */
  readonly #onError = (error: unknown): IteratorResult<Item> => {
    this.#waiting -= 1;
    if (this.#over) return { value: undefined, done: true };
    this.#over = true;
    this.#source.onOver?.();
    throw error;
  };

  #take(): IteratorResult<Item> {
    return this.#over ? { value: undefined, done: true } : { value: this.#items[this.#at++]!, done: false };
  }
}
