import type { Memory } from '../middleware/memory.ts';
import type { Target } from '../pipeline/middleware.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { Cooldown } from '../resilience/cooldown.ts';
import { isSame } from './changes.ts';
import type { Settings } from './settings.ts';
import { type Surroundings, TargetState } from './target-state.ts';
import { TargetStats } from './target-stats.ts';

/** Targets remembered. Callers may name any model that a provider takes, so the memory has an end. */
const MAX_TARGETS = 1_000;

/** What is remembered of one provider. */
interface Remembered {
  /** By label. */
  readonly targets: Map<string, TargetState>;
  /** By the index of the key. A refused key is refused for every model, so targets of one key share this. */
  readonly keys: Map<number, Cooldown>;
}

/**
 * All memory of the pool: one state for each target, made when it is first asked for.
 *
 * Kept by provider and not by label alone: one that takes the place of another of its name, with another key perhaps,
 * has nothing to do with what that one did; and requests that are still with the other know it as it was.
 */
export class ProviderStates implements Memory {
  /** Over all targets. */
  readonly total: TargetStats = new TargetStats();
  readonly #providers = new Map<Provider, Remembered>();
  readonly #surroundings: Surroundings;
  #size = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = { ...surroundings };
  }

  of(target: Target): TargetState {
    const remembered = this.#of(target.provider);
    const known = remembered.targets.get(target.label);
    if (known) return known;
    const state = new TargetState(target, this.#keyOf(target, remembered), this.total, this.#surroundings);
    if (this.#size >= MAX_TARGETS) this.#forgetOne();
    remembered.targets.set(target.label, state);
    this.#size += 1;
    return state;
  }

  all(): readonly TargetState[] {
    return [...this.#providers.values()].flatMap(({ targets }) => [...targets.values()]);
  }

  /**
   * Goes on with other settings. Circuits begin anew where those of the breaker are others.
   *
   * @param tellOthers - processes that share it, who is to be left alone
   */
  configure(settings: Settings, tellOthers?: Surroundings['tellOthers']): void {
    this.#surroundings.tellOthers = tellOthers;
    const { breaker } = this.#surroundings.settings;
    this.#surroundings.settings = settings;
    if (isSame(breaker, settings.breaker)) return;
    for (const state of this.all()) state.renewCircuit();
  }

  /** Lets go of what is remembered of a provider, which nobody is with any more. */
  forget(provider: Provider): void {
    this.#size -= this.#providers.get(provider)?.targets.size ?? 0;
    this.#providers.delete(provider);
  }

  #of(provider: Provider): Remembered {
    const known = this.#providers.get(provider);
    if (known) return known;
    const made: Remembered = { targets: new Map(), keys: new Map() };
    this.#providers.set(provider, made);
    return made;
  }

  /** The longest known of those that have nothing to remember but counts. */
  #forgetOne(): void {
    for (const { targets } of this.#providers.values()) {
      for (const [label, state] of targets) {
        if (!state.isAtRest) continue;
        targets.delete(label);
        this.#size -= 1;
        return;
      }
    }
  }

  #keyOf({ key }: Target, { keys }: Remembered): Cooldown {
    const known = keys.get(key);
    if (known) return known;
    const cooldown = new Cooldown(this.#surroundings.teller.nowMs, this.#surroundings.random);
    keys.set(key, cooldown);
    return cooldown;
  }
}
