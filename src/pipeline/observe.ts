import type { Batch } from '../chat/events.ts';
import { isRunestoneError, type Outcome } from '../errors/index.ts';
import type { Handler, Wrap } from './middleware.ts';

/** How a stream ended. */
export interface Ending {
  readonly outcome: Outcome;
  /** What was thrown: set for `error`, and for `cancelled` by a signal. Absent when the consumer just left. */
  readonly error?: unknown;
}

/** Watches one stream. Made anew for each, so it may keep what it sees. */
export interface Observer {
  /** Called for each batch on its way up. Leave it out to cost nothing. */
  onBatch?(batch: Batch): void;
  /** Called exactly once, on every exit. */
  onEnd(ending: Ending): void;
}

/** Begins to watch a stream, or refuses it by throwing. */
export type Watch<Context> = (context: Context) => Observer;

/** Several watchers of one stream: the first in the list begins first and ends last. */
export class Watchers {
  readonly #observers: Observer[] = [];
  #listening: readonly Observer[] = [];

  /** Begins to watch. One that refuses by throwing ends those before it, once `end` is called. */
  begin<Context>(watches: readonly Watch<Context>[], context: Context): void {
    for (const watch of watches) this.#observers.push(watch(context));
    this.#listening = this.#observers.filter((observer) => observer.onBatch);
  }

  onBatch(batch: Batch): void {
    for (const observer of this.#listening) observer.onBatch?.(batch);
  }

  /** To be called once. */
  end(ending: Ending): void {
    for (const observer of this.#observers.reverse()) observer.onEnd(ending);
  }
}

/** Several watchers in one layer, because a layer costs per batch and a watcher needs none of its own. */
export function watching<Context>(...watches: readonly Watch<Context>[]): Wrap<Context> {
  return function watching(context, next) {
    return new WatchedStream(watches, context, next);
  };
}

/** What a generator around a stream would be, at a third of its cost: one promise for each batch. */
class WatchedStream<Context> implements AsyncIterableIterator<Batch> {
  readonly #watches: readonly Watch<Context>[];
  readonly #context: Context;
  readonly #next: Handler<Context>;
  readonly #watchers = new Watchers();
  #source: AsyncIterator<Batch> | undefined;
  #over = false;

  constructor(watches: readonly Watch<Context>[], context: Context, next: Handler<Context>) {
    this.#watches = watches;
    this.#context = context;
    this.#next = next;
  }

  next(): Promise<IteratorResult<Batch>> {
    if (this.#over) return Promise.resolve({ value: undefined, done: true });
    try {
      this.#source ??= this.#begin();
      return this.#source.next().then(this.#onResult, this.#onError);
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** The consumer leaves: first the layers below, then the watchers. */
  async return(): Promise<IteratorResult<Batch>> {
    if (!this.#over) {
      this.#over = true;
      try {
        await this.#source?.return?.();
        this.#watchers.end({ outcome: 'cancelled' });
      } catch (error) {
        this.#watchers.end(endingOf(error));
        throw error;
      }
    }
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #begin(): AsyncIterator<Batch> {
    this.#watchers.begin(this.#watches, this.#context);
    return this.#next(this.#context)[Symbol.asyncIterator]();
  }

  readonly #onResult = (result: IteratorResult<Batch>): IteratorResult<Batch> | Promise<never> => {
    if (result.done) {
      if (!this.#over) {
        this.#over = true;
        this.#watchers.end({ outcome: 'ok' });
      }
      return result;
    }
    try {
      this.#watchers.onBatch(result.value);
      return result;
    } catch (error) {
      return this.#break(error);
    }
  };

  /** A plug-in may hand on what is no batch: then the stream breaks here, and what lies below is let go. */
  async #break(error: unknown): Promise<never> {
    try {
      await this.#source?.return?.();
    } catch {
      // What broke first is what counts.
    }
    return this.#fail(error);
  }

  readonly #onError = (error: unknown): Promise<never> => this.#fail(error);

  #fail(error: unknown): Promise<never> {
    if (!this.#over) {
      this.#over = true;
      this.#watchers.end(endingOf(error));
    }
    return Promise.reject(error);
  }
}

/** How a stream ended that threw. */
export function endingOf(error: unknown): Ending {
  const outcome = isRunestoneError(error) && error.code === 'cancelled' ? 'cancelled' : 'error';
  return { outcome, error };
}
