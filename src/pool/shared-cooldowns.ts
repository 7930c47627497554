import type { AttemptContext, Target } from '../pipeline/middleware.ts';
import type { SharedStore } from '../state/shared-store.ts';
import type { ProviderStates } from './provider-state.ts';
import type { TargetState } from './target-state.ts';

/** What cooldowns are shared with. */
export interface SharedCooldownsParts {
  readonly store: SharedStore;
  readonly states: ProviderStates;
  readonly nowMs: () => number;
}

/** What was told to stay away: a target, or its key and so all targets of that. */
export type CooldownScope = 'target' | 'key';

/** How long an answer of the others is good, in milliseconds: so late may one process hear of another's 429. */
const FRESH_MS = 250;

const NONE: readonly string[] = [];

/** Who is to be left alone, told to the other processes and heard from them. */
export class SharedCooldowns {
  readonly #parts: SharedCooldownsParts;
  readonly #askedMs = new WeakMap<TargetState, number>();

  constructor(parts: SharedCooldownsParts) {
    this.#parts = parts;
  }

  /** Tells the others. */
  tell(target: Target, scope: CooldownScope, forMs: number): void {
    this.#parts.store.mark(nameOf(target, scope), forMs);
  }

  /** What is to be asked before an attempt: nothing where it was asked a moment ago, or for a key of the caller's own. */
  due({ request, target }: AttemptContext): readonly string[] {
    if (request.apiKey) return NONE;
    const { states, nowMs } = this.#parts;
    const state = states.of(target);
    const now = nowMs();
    if (now - (this.#askedMs.get(state) ?? Number.NEGATIVE_INFINITY) < FRESH_MS) return NONE;
    this.#askedMs.set(state, now);
    return [nameOf(target, 'target'), nameOf(target, 'key')];
  }

  /**
   * Takes the answer in.
   *
   * @param asked - as `due` told
   * @returns how long the target is to be left alone by it, in milliseconds
   */
  heed({ target }: AttemptContext, asked: readonly string[], answers: readonly number[]): number {
    if (asked.length === 0) return 0;
    const [targetMs = 0, keyMs = 0] = answers;
    this.#parts.states.of(target).heedOthers(targetMs, keyMs);
    return Math.max(targetMs, keyMs);
  }
}

/** A key by its label, so that processes with other keys under the same name do not take each other's out. */
function nameOf({ provider, label, model, key }: Target, scope: CooldownScope): string {
  const keyed = label.slice(0, -model.length - 1);
  const of = `${keyed}/${provider.keys?.[key] ?? ''}`;
  return scope === 'key' ? `cooldown/key/${of}` : `cooldown/target/${of}/${model}`;
}
