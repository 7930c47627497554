import { LimitExceededError } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { Cancellation } from '../pipeline/cancellation.ts';
import type { RequestContext, Target } from '../pipeline/middleware.ts';
import { Admission, type Gates, type Refusal } from '../resilience/admission.ts';
import { Lease } from '../resilience/lease.ts';
import type { LimitSettings } from './limit-settings.ts';
import { type HeldBack, LimitTeller } from './limit-teller.ts';

/** What gates work with. */
export interface GateParts {
  readonly queue: LimitSettings['queue'];
  readonly teller: Teller;
  /** How long each request has waited at gates, in milliseconds; known by what no copy of its context changes. */
  readonly waited: WeakMap<Cancellation, number>;
}

/** Who wants to pass. */
export interface Passage {
  readonly request: RequestContext;
  /** Where an attempt goes; `undefined` for a request as a whole. */
  readonly target: Target | undefined;
  readonly limits: Gates;
  readonly tokens: number;
  /** How long it is worth waiting, in milliseconds. */
  readonly waitMs: number;
  /** Its number among those that had passed in vain, and go on to wait in front of all others. */
  readonly returning?: number | undefined;
}

/** A queue in front of limits, with the events and errors of the house. */
export class Gate {
  readonly #parts: GateParts;
  readonly #admission: Admission;
  readonly #tell: LimitTeller;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#admission = new Admission(parts.queue.size, parts.teller.startTimer);
    this.#tell = new LimitTeller(parts.teller);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#admission.waiting;
  }

  /** Whether one would pass at once. */
  hasRoom(limits: Gates, tokens: number): boolean {
    return this.#admission.hasRoom(limits, tokens);
  }

  /**
   * Passes at once if there is room, and then without a promise.
   *
   * @throws LimitExceededError; or why the request was ended while it waited
   */
  pass(passage: Passage): Lease | Promise<Lease> {
    const { request, limits: gates, tokens, returning } = passage;
    const { tenant = '', priority, cancellation } = request;
    const { queue, waited } = this.#parts;
    const before = waited.get(cancellation) ?? 0;
    const waitMs = Math.min(passage.waitMs, queue.maxWaitMs - before);
    const onCancel = cancellation.onCancel.bind(cancellation);
    const leftMs = request.deadlineMs - this.#parts.teller.nowMs();
    const entered = this.#admission.enter({
      gates,
      tokens,
      tenant,
      priority,
      waitMs,
      leftMs,
      onCancel,
      returning,
    });
    if (entered instanceof Lease) return entered;
    if (entered instanceof Promise) {
      const held = heldBack(passage, this.#admission.heldBy(gates, tokens));
      return this.#tell.during(held, this.waiting, entered, (outcome, waitedMs) => {
        waited.set(cancellation, before + waitedMs);
        if (outcome instanceof Lease) return outcome;
        throw this.#refused(passage, outcome);
      });
    }
    const error = this.#refused(passage, entered);
    this.#tell.rejected(heldBack(passage, entered.gate), error, 0);
    throw error;
  }

  #refused(passage: Passage, { code, gate, retryAfterMs }: Refusal): LimitExceededError {
    const { target } = passage;
    const { scope } = heldBack(passage, gate);
    const what = {
      limit_exceeded: 'its limit is reached',
      queue_full: `${this.#parts.queue.size} wait for its limit already`,
      queue_timeout: 'waited in vain for its limit',
    }[code];
    const whose = target?.provider.name ?? `the ${scope}`;
    const message = `${whose}: ${what}; come back in ${Math.ceil(retryAfterMs / 1000)} s`;
    const { name: provider } = target?.provider ?? {};
    return new LimitExceededError(message, { code, scope, retryAfterMs, provider, model: target?.model });
  }
}

function heldBack(
  { request, target }: Passage,
  gate: keyof Gates,
): HeldBack & { scope: 'pool' | 'tenant' | 'provider' } {
  return { request, target, scope: target ? 'provider' : gate === 'own' ? 'tenant' : 'pool' };
}
