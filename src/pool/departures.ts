import type { Provider } from '../provider-kit/provider.ts';

/** Providers that have left the pool, and are kept until the last request that may still ask them is over. */
export class Departures {
  /** Each with that for which it waits: one that comes back and leaves again waits for something else. */
  readonly #leaving = new Map<Provider, Promise<void>>();
  readonly #forget: (provider: Provider) => void;

  /** @param forget - lets go of what is remembered of a provider that nobody is with any more */
  constructor(forget: (provider: Provider) => void) {
    this.#forget = forget;
  }

  /**
   * Notes who is in the pool from now on. Who has left is closed in the end.
   *
   * @param idle - asked for only if somebody leaves; settles when all requests that run now are over
   */
  change(before: readonly Provider[], after: readonly Provider[], idle: () => Promise<void>): void {
    for (const provider of after) this.#leaving.delete(provider);
    const leaving = before.filter((provider) => !after.includes(provider));
    if (leaving.length === 0) return;
    const over = idle();
    for (const provider of leaving) this.#leaving.set(provider, over);
    void over.then(() => {
      for (const provider of leaving) if (this.#leaving.get(provider) === over) void this.#close(provider);
    });
  }

  /** Those that are still kept; from here on they are the caller's to close. */
  take(): readonly Provider[] {
    const leaving = [...this.#leaving.keys()];
    this.#leaving.clear();
    return leaving;
  }

  async #close(provider: Provider): Promise<void> {
    this.#leaving.delete(provider);
    this.#forget(provider);
    try {
      await provider.close?.();
    } catch {
      // It is out of the pool: how it lets go concerns nobody any more.
    }
  }
}
