import { changesBetween } from './changes.ts';
import { Departures } from './departures.ts';
import type { PoolOptions } from './options.ts';
import { type Ground, type Setup, setUp } from './setup.ts';

/** The setup of a pool as it is now, which others may take the place of. */
export class Configuration {
  readonly #ground: Ground;
  readonly #departures: Departures;
  #setup: Setup;

  /** @throws ConfigError naming every option that is wrong or unknown */
  constructor(options: PoolOptions, ground: Ground) {
    this.#ground = ground;
    this.#setup = setUp(options, ground);
    this.#departures = new Departures((provider) => this.#setup.states.forget(provider));
  }

  get now(): Setup {
    return this.#setup;
  }

  /**
   * Goes on with other options: in one step for whoever asks, and not at all if anything is wrong with them.
   *
   * @returns what has changed, by name
   * @throws ConfigError, PoolClosedError
   */
  update(next: PoolOptions | ((now: PoolOptions) => PoolOptions)): readonly string[] {
    const { lifecycle, emit, environment } = this.#ground;
    lifecycle.enter();
    const { options: before, shared } = this.#setup;
    this.#setup = setUp(typeof next === 'function' ? next(before) : next, this.#ground, this.#setup);
    const { options: after } = this.#setup;
    this.#departures.change(before.providers, after.providers, () => lifecycle.present());
    // Requests under way settle with the store that they have asked.
    if (shared !== this.#setup.shared) void lifecycle.present().then(() => shared?.close());
    const changed = Object.freeze(changesBetween(before, after));
    emit('config.updated', { at: environment.epochMs(), changed });
    return changed;
  }

  /**
   * Writes the rest of the ledger, tells the store what it does not know, and lets go of all connections, also of
   * providers that have left and were kept.
   */
  async close(): Promise<void> {
    const providers = [...this.#setup.options.providers, ...this.#departures.take()];
    const { ledger, shared } = this.#setup;
    await Promise.all([
      ledger.close(),
      shared?.close(),
      ...providers.map(async (provider) => provider.close?.()),
    ]);
  }
}
