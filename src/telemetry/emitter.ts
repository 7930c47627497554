import type { Emit, EventName, Listener, Subscription, TelemetryEvents } from './events.ts';
import { Channels } from './node-channels.ts';
import { type Scope, scopeOf } from './subscription.ts';

/** A listener that emits, directly or through the pool, is followed this deep; further events are dropped (H5). */
const MAX_DEPTH = 32;

/** How much of a listener's own error message is repeated. */
const MAX_MESSAGE = 200;

interface Subscriber {
  readonly subscription: string;
  // Any listener fits here; that it fits the event is what matching the name ensures.
  readonly listener: (event: never) => unknown;
  active: boolean;
}

type Hearer = Scope & { readonly subscriber: Subscriber };

const NOBODY: readonly Hearer[] = [];

/**
 * Tells events to listeners, synchronously, in the order in which they subscribed.
 *
 * A listener cannot hurt: what it throws or rejects with is counted and told once by
 * `telemetry.listener_failed`, what it returns is not awaited, and the event it receives is frozen.
 */
export class Emitter {
  /** Replaced, never changed, so that a delivery under way keeps the list it began with. */
  #subscribers: readonly Subscriber[] = [];
  /** Who hears which event; emptied whenever the subscribers change. */
  readonly #hearers = new Map<string, readonly Hearer[]>();
  readonly #channels = new Channels();
  readonly #told = new WeakMap<Subscriber['listener'], Set<string>>();
  readonly #now: () => number;
  #depth = 0;
  #failures = 0;

  /** Tells an event. Costs next to nothing while nobody listens; ask `emit.wants` before building a payload. */
  readonly emit: Emit = Object.assign(
    <Name extends EventName>(name: Name, payload: TelemetryEvents[Name]): void => {
      this.#channels.publish(name, payload);
      this.#emit(name, payload);
    },
    { wants: (name: EventName): boolean => this.#hearersOf(name).length > 0 || this.#channels.wants(name) },
  );

  /** @param now - wall clock, in epoch milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** How often a listener has thrown or rejected, told or not. */
  get listenerFailures(): number {
    return this.#failures;
  }

  /**
   * Subscribes to one event, to one provider's (`provider.anthropic.request.stop`), or to all (`*`).
   *
   * During a delivery, a new listener hears from the next event on; one that is taken away hears nothing more.
   *
   * @returns a function that ends the subscription; calling it again does nothing
   */
  on<S extends Subscription>(name: S, listener: Listener<S>): () => void {
    const subscriber: Subscriber = { subscription: name, listener, active: true };
    this.#replace([...this.#subscribers, subscriber]);
    return () => {
      subscriber.active = false;
      this.#replace(this.#subscribers.filter((each) => each !== subscriber));
    };
  }

  #replace(subscribers: readonly Subscriber[]): void {
    this.#subscribers = subscribers;
    this.#hearers.clear();
  }

  #hearersOf(name: string): readonly Hearer[] {
    if (this.#subscribers.length === 0) return NOBODY;
    const known = this.#hearers.get(name);
    if (known) return known;
    const hearers = this.#subscribers.flatMap((subscriber) => {
      const scope = scopeOf(subscriber.subscription, name);
      return scope ? [{ ...scope, subscriber }] : [];
    });
    this.#hearers.set(name, hearers);
    return hearers;
  }

  #emit(name: EventName, payload: object): void {
    const hearers = this.#hearersOf(name);
    if (hearers.length === 0 || this.#depth >= MAX_DEPTH) return;
    const from = 'provider' in payload ? payload.provider : undefined;
    let event: unknown;
    this.#depth++;
    try {
      for (const { provider, subscriber } of hearers) {
        if (!subscriber.active || (provider !== undefined && provider !== from)) continue;
        event ??= toEvent(name, payload);
        this.#deliver(subscriber, name, event);
      }
    } finally {
      this.#depth--;
    }
  }

  #deliver({ listener }: Subscriber, name: EventName, event: unknown): void {
    try {
      const returned = listener(event as never);
      if (typeof returned === 'object' && returned !== null && 'then' in returned) {
        Promise.resolve(returned).catch((error: unknown) => this.#failed(listener, name, error));
      }
    } catch (error) {
      this.#failed(listener, name, error);
    }
  }

  #failed(listener: Subscriber['listener'], name: EventName, error: unknown): void {
    this.#failures++;
    // Whoever fails at hearing of failures is not told about: that would never end.
    if (name === 'telemetry.listener_failed' || !this.emit.wants('telemetry.listener_failed')) return;
    const told = this.#told.get(listener) ?? new Set();
    if (told.has(name)) return;
    this.#told.set(listener, told.add(name));
    this.emit('telemetry.listener_failed', { at: this.#now(), event: name, message: messageOf(error) });
  }
}

/**
 * The payload as listeners get it: with its name, and frozen (H6). Not a copy, for a payload is made for its event
 * and handed over; whoever puts an object or a list into one freezes that.
 */
function toEvent(name: EventName, payload: object): object {
  const event: { name?: EventName } = Object.isFrozen(payload) ? { ...payload } : payload;
  event.name = name;
  return Object.freeze(event);
}

/** Anything can be thrown, also what cannot be turned into text. */
function messageOf(error: unknown): string {
  try {
    return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
  } catch {
    return 'an error without a readable message';
  }
}
