import { PoolClosedError } from '../errors/index.ts';
import type { RunningRequest } from './running-request.ts';

/** The requests under way: counted, waited for, and ended when the pool closes. */
export class Lifecycle {
  readonly #running = new Set<RunningRequest>();
  #closing = false;
  #onIdle: (() => void) | undefined;

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
  }

  /** Admits nobody any more, waits for those under way, and after `drainMs` ends them. */
  async drain(drainMs: number): Promise<void> {
    this.#closing = true;
    if (this.#running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, drainMs);
    });
    clearTimeout(timer);
    for (const request of this.#running) request.abort(closed());
  }
}

function closed(): PoolClosedError {
  return new PoolClosedError('the pool is closed; make a new one');
}
