import type { RequestContext, Target } from '../pipeline/middleware.ts';
import { promptTokens, type Usage } from '../usage/usage.ts';

/** Where a conversation has been answered last. */
interface Home {
  readonly label: string;
  readonly atMs: number;
  /** Tokens of its prompt that were read from or written to the cache there. */
  readonly cachedTokens: number;
}

/** Conversations remembered; the longest unused is forgotten first. */
const MAX_HOMES = 10_000;

/** How long a prompt cache lives unless one pays for more, in milliseconds. */
const CACHE_LIFE_MS = 5 * 60_000;

/** A home that is busier than this many times the average is left for once. */
const BOUND = 1.25;

/**
 * Remembers at which target a conversation was answered, so that its next turn finds its prompt cache there.
 * Conversations without a `sessionId` are nobody's.
 */
export class Affinity {
  readonly #homes = new Map<string, Home>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Notes that a target has answered. */
  answered({ sessionId }: RequestContext, target: Target, usage: Usage | undefined): void {
    if (sessionId === undefined) return;
    const cached =
      (usage?.cacheReadTokens ?? 0) + (usage?.cacheWrite5mTokens ?? 0) + (usage?.cacheWrite1hTokens ?? 0);
    this.#homes.delete(sessionId);
    if (this.#homes.size >= MAX_HOMES) this.#homes.delete(this.#homes.keys().next().value ?? '');
    this.#homes.set(sessionId, {
      label: target.label,
      atMs: this.#nowMs(),
      cachedTokens: Math.min(cached, (usage && promptTokens(usage)) ?? 0),
    });
  }

  /** The label of the target that answered this conversation last, as long as its cache may live. */
  homeOf({ sessionId }: RequestContext): string | undefined {
    return this.#home(sessionId)?.label;
  }

  /** Tokens of the conversation that probably lie in the cache of a target. */
  cachedTokens({ sessionId }: RequestContext, { label }: Target): number {
    const home = this.#home(sessionId);
    return home?.label === label ? home.cachedTokens : 0;
  }

  #home(sessionId: string | undefined): Home | undefined {
    const home = sessionId === undefined ? undefined : this.#homes.get(sessionId);
    return home && this.#nowMs() - home.atMs < CACHE_LIFE_MS ? home : undefined;
  }
}

/**
 * Whether a home may be preferred: not while it carries more than its share (bounded load).
 *
 * @param inFlight - attempts under way at the home, and at all its equals together
 */
export function isWithinBound(
  inFlight: { readonly home: number; readonly all: number },
  equals: number,
): boolean {
  return inFlight.home + 1 <= Math.ceil((BOUND * (inFlight.all + 1)) / equals);
}
