import type { Batch } from '../chat/events.ts';
import { isRunestoneError, type Outcome } from '../errors/index.ts';
import type { Wrap } from './middleware.ts';

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

/**
 * Several watchers in one pass, because a layer costs per batch and a watcher needs none of its own.
 * First in the list begins first and ends last.
 */
export function watching<Context>(...watches: readonly Watch<Context>[]): Wrap<Context> {
  return async function* watching(context, next) {
    const observers: Observer[] = [];
    // Stands only if the consumer leaves early.
    let ending: Ending = { outcome: 'cancelled' };
    try {
      for (const watch of watches) observers.push(watch(context));
      const listening = observers.filter((observer) => observer.onBatch);
      for await (const batch of next(context)) {
        for (const observer of listening) observer.onBatch?.(batch);
        yield batch;
      }
      ending = { outcome: 'ok' };
    } catch (error) {
      ending = { outcome: outcomeOf(error), error };
      throw error;
    } finally {
      for (const observer of observers.reverse()) observer.onEnd(ending);
    }
  };
}

function outcomeOf(error: unknown): Outcome {
  return isRunestoneError(error) && error.code === 'cancelled' ? 'cancelled' : 'error';
}
