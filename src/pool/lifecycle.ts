import { PoolClosedError } from '../errors/index.ts';
import { realTimer, type StartTimer } from '../resilience/timing.ts';
import type { RunningRequest } from './running-request.ts';

/** The requests under way: counted, waited for, and ended when the pool closes. */
export class Lifecycle {
  readonly #running = new Set<RunningRequest>();
  #closing = false;
  #onIdle: (() => void) | undefined;
  /** Sets of requests that somebody waits for, each with whom to tell. */
  readonly #awaited = new Map<Set<RunningRequest>, () => void>();

  /** @throws PoolClosedError once the pool is closing */
  enter(): void {
    if (this.#closing) throw closed();
  }

  began(request: RunningRequest): void {
    this.#running.add(request);
  }

  ended(request: RunningRequest): void {
    request.end();
    this.#running.delete(request);
    if (this.#running.size === 0) this.#onIdle?.();
    for (const [requests, tell] of this.#awaited) {
      requests.delete(request);
      if (requests.size > 0) continue;
      this.#awaited.delete(requests);
      tell();
    }
  }

  /** Settles when all requests that run now are over, whoever comes after them. */
  async present(): Promise<void> {
    const requests = new Set(this.#running);
    if (requests.size > 0) await new Promise<void>((resolve) => this.#awaited.set(requests, resolve));
  }

  /** Admits nobody any more, waits for those under way, and after `drainMs` ends them. */
  async drain(drainMs: number, startTimer: StartTimer = realTimer): Promise<void> {
    this.#closing = true;
    if (this.#running.size === 0) return;
    let stop: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      stop = startTimer(resolve, drainMs);
    });
    stop?.();
    for (const request of this.#running) request.abort(closed());
  }
}

function closed(): PoolClosedError {
  return new PoolClosedError('the pool is closed; make a new one');
}
