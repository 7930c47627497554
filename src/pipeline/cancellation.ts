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
  readonly #whole: Cancellation | undefined;
  #reason: unknown;
  #controller: AbortController | undefined;

  /** @param whole - ends this one as well; itself it goes on when this one is ended */
  constructor(whole?: Cancellation) {
    this.#whole = whole;
  }

  /** Why the request was ended; `undefined` while it runs. */
  get reason(): unknown {
    return this.#reason ?? this.#whole?.reason;
  }

  get isCancelled(): boolean {
    return this.#reason !== undefined || this.#whole?.isCancelled === true;
  }

  /** The same as a standard signal, made on first use. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.isCancelled) controller.abort(this.reason);
      else this.#whole?.onCancel((reason) => controller.abort(reason));
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
      listener(this.reason);
      return () => {};
    }
    if (!this.#whole) {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    }
    const once: OnCancel = (reason) => {
      stop();
      listener(reason);
    };
    this.#listeners.add(once);
    const stopWhole = this.#whole.onCancel(once);
    const stop = (): void => {
      this.#listeners.delete(once);
      stopWhole();
    };
    return stop;
  }
}
