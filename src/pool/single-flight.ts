import type { Batch } from '../chat/events.ts';
import { CancelledError, copyOf, isRunestoneError } from '../errors/index.ts';
import { Cancellation } from '../pipeline/cancellation.ts';
import type { Handler, RequestContext } from '../pipeline/middleware.ts';
import type { Watch } from '../pipeline/observe.ts';
import { openStream } from '../pipeline/open-stream.ts';

/**
 * Lets requests that ask for the same at the same time share the attempts of the first, the leader.
 *
 * Only answers that are wanted whole: their callers have seen nothing before the end, so that whoever comes late has
 * missed nothing. It is inside the callers' own request scope: their middlewares see each request, and what they
 * make of one is what is compared.
 *
 * Nobody's leaving ends it for the others, not even the leader's: then the leader's request ends for its caller at
 * once, and for telemetry and limits with the shared attempts, which are its own.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();
  /** By what no copy of a leader's context changes. */
  readonly #led = new WeakMap<RequestContext['trail'], Flight>();

  /** The handler that answers them, for those that share. */
  sharing(next: Handler<RequestContext>): Handler<RequestContext> {
    return (context) => (mayShare(context) ? this.#board(context, next) : next(context));
  }

  /** Sees to it that a leader does not end before its attempts do. */
  seeing(watch: Watch<RequestContext>): Watch<RequestContext> {
    return (context) => {
      const observer = watch(context);
      if (!context.singleFlight) return observer;
      return {
        ...observer,
        onEnd: (ending) => {
          const end = (): void => observer.onEnd(ending);
          const flight = this.#led.get(context.trail);
          if (flight?.isUnderWay) flight.landed.then(end, end);
          else end();
        },
      };
    };
  }

  async *#board(context: RequestContext, next: Handler<RequestContext>): AsyncGenerator<Batch> {
    const key = keyOf(context);
    const flight = this.#flights.get(key) ?? this.#depart(key, context, next);
    const leads = flight.leader.trail === context.trail;
    if (!leads) context.sharedWith.push(flight.leader);
    flight.board(context);
    try {
      const batches = await orCancelled(flight.landed, context.cancellation);
      if (!leads) context.warnings.push(...flight.leader.warnings);
      // Each its own: what a caller does to its answer is no business of the others.
      yield* leads ? batches : structuredClone(batches);
    } catch (error) {
      // What the pool adds to an error on its way out belongs to one request.
      const isTheirs = !leads && !context.cancellation.isCancelled && isRunestoneError(error);
      throw isTheirs ? copyOf(error) : error;
    } finally {
      if (flight.leave(context) && this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  #depart(key: string, leader: RequestContext, next: Handler<RequestContext>): Flight {
    const flight = new Flight(leader, next);
    const arrive = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    this.#flights.set(key, flight);
    this.#led.set(leader.trail, flight);
    flight.landed.then(arrive, arrive);
    return flight;
  }
}

/** The attempts of one leader, and all who wait for what comes of them. */
class Flight {
  readonly leader: RequestContext;
  /** The whole answer. */
  readonly landed: Promise<readonly Batch[]>;
  isUnderWay = true;
  readonly #cancellation = new Cancellation();
  readonly #aboard = new Set<RequestContext>();
  #deadlineMs = 0;

  constructor(leader: RequestContext, next: Handler<RequestContext>) {
    this.leader = leader;
    this.board(leader);
    this.landed = this.#fly(next);
  }

  board(context: RequestContext): void {
    this.#aboard.add(context);
    this.#deadlineMs = Math.max(this.#deadlineMs, context.deadlineMs);
  }

  /** Ends the attempts, for the reason of the last who waited. @returns whether it was the last */
  leave(context: RequestContext): boolean {
    this.#aboard.delete(context);
    if (this.#aboard.size > 0) return false;
    const { reason = new CancelledError('nobody waits for the answer any more') } = context.cancellation;
    if (this.isUnderWay) this.#cancellation.cancel(reason);
    return true;
  }

  async #fly(next: Handler<RequestContext>): Promise<readonly Batch[]> {
    const batches: Batch[] = [];
    try {
      for await (const batch of await openStream(next(this.#context()), true)) batches.push(batch);
      return batches;
    } finally {
      this.isUnderWay = false;
    }
  }

  /** The leader's, but for its end: that is when nobody waits any more. */
  #context(): RequestContext {
    const cancellation = this.#cancellation;
    const deadlineMs = (): number => this.#deadlineMs;
    return {
      ...this.leader,
      cancellation,
      get signal() {
        return cancellation.signal;
      },
      get deadlineMs() {
        return deadlineMs();
      },
    };
  }
}

/** A key of the caller's own is shared with nobody (rule 44), nor is what has been seen in part. */
function mayShare({ singleFlight, request, apiKey }: RequestContext): boolean {
  return singleFlight && request.stream !== true && !apiKey;
}

/** What differs between requests that ask for the same. */
const OWN: ReadonlySet<string> = new Set<keyof RequestContext>([
  'requestId',
  'size',
  'signal',
  'cancellation',
  'deadlineMs',
  'apiKey',
  'singleFlight',
  'trail',
  'plans',
  'seams',
  'warnings',
  'sharedWith',
]);

/**
 * All else, in full (rule 44): tenant, model, request, provider, and what the call says. What is new in a context is
 * compared unless it is named above.
 */
function keyOf(context: RequestContext): string {
  const compared = Object.keys(context).filter((name) => !OWN.has(name));
  return JSON.stringify(compared.sort().map((name) => [name, Reflect.get(context, name)]));
}

/** @returns rejects with the reason when its request ends first */
function orCancelled<T>(promise: Promise<T>, cancellation: Cancellation): Promise<T> {
  return new Promise((resolve, reject) => {
    const unhook = cancellation.onCancel(reject);
    promise.then(resolve, reject).finally(unhook);
  });
}
