/** Told once, with the reason. Must not throw. */
export type OnCancel = (reason: unknown) => void;

/**
 * Ends a request from outside: the house's own, light form of an abort signal.
 *
 * A request makes many parts that must hear of its end, and nearly none is ever ended that way. An `AbortSignal`
 * with a listener costs some 5 µs on Node 20, as much as all middlewares together; so one is made only for those
 * who ask for it: providers and user code.
 */
export class Cancellation {
  readonly #listeners = new Set<OnCancel>();
  #reason: unknown;
  #controller: AbortController | undefined;

  /** Why the request was ended; `undefined` while it runs. */
  get reason(): unknown {
    return this.#reason;
  }

  get isCancelled(): boolean {
    return this.#reason !== undefined;
  }

  /** The same as a standard signal, made on first use. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.isCancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Ends the request. The first reason stands. */
  cancel(reason: unknown): void {
    if (this.isCancelled) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }

  /**
   * Hears of the end, at once if it has come already.
   *
   * @returns stops listening; call it in `finally`
   */
  onCancel(listener: OnCancel): () => void {
    if (this.isCancelled) {
      listener(this.#reason);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
