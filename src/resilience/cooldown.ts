import { doubling, jittered } from './backoff.ts';

/** How long to stay away when nobody named a time, and how that grows. */
export interface CooldownStep {
  readonly baseMs: number;
  readonly maxMs: number;
  /** 0.2 means ±20 %. */
  readonly jitter: number;
}

/** Why a target or a key is left alone; the names are those of the error codes. */
export type CooldownReason = 'rate_limited' | 'authentication' | 'permission' | 'quota_exhausted';

/**
 * Time away for each reason: `docs/options.md`, "429" and "other target, no retry".
 *
 * A wrong key does not heal by waiting, hence the long, growing times; a quota comes back at a time that
 * providers mostly name, hence one fixed guess.
 */
export const cooldownDefaults: Readonly<Record<CooldownReason, CooldownStep>> = {
  rate_limited: { baseMs: 15_000, maxMs: 120_000, jitter: 0.2 },
  authentication: { baseMs: 300_000, maxMs: 3_600_000, jitter: 0 },
  permission: { baseMs: 300_000, maxMs: 3_600_000, jitter: 0 },
  quota_exhausted: { baseMs: 900_000, maxMs: 900_000, jitter: 0 },
};

/** A running escalation: how often it has grown, and until when it holds. */
interface Escalation {
  readonly step: number;
  readonly untilMs: number;
}

/**
 * Time to leave a target or a key alone. A deadline that only moves later (P19): a short answer that arrives
 * after a long one must not end the longer one.
 */
export class Cooldown {
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #escalations = new Map<CooldownReason, Escalation>();
  #untilMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs - monotonic; no change of the wall clock moves the deadline */
  constructor(nowMs: () => number, random: () => number = Math.random) {
    this.#nowMs = nowMs;
    this.#random = random;
  }

  /** Stays away for a time that the provider named. What is not a positive number is ignored. */
  extend(durationMs: number): void {
    if (durationMs > 0) this.#untilMs = Math.max(this.#untilMs, this.#nowMs() + durationMs);
  }

  /**
   * Stays away although nobody named a time: `baseMs`, twice that when it happens again, up to `maxMs`.
   *
   * A burst counts once: while such a time runs, further refusals are those of requests sent before it began,
   * and a hundred of them must not double a hundred times.
   */
  escalate(reason: CooldownReason, length: CooldownStep = cooldownDefaults[reason]): void {
    const { baseMs, maxMs, jitter } = length;
    const now = this.#nowMs();
    const running = this.#escalations.get(reason);
    if (running && now < running.untilMs) return;
    const step = running ? running.step + 1 : 0;
    const untilMs = now + jittered(doubling(step, baseMs, maxMs), jitter, this.#random);
    this.#escalations.set(reason, { step, untilMs });
    this.#untilMs = Math.max(this.#untilMs, untilMs);
  }

  /**
   * A request succeeded: the next escalation starts small again. The deadline stays where it is.
   *
   * Ignored while the cooldown runs, because such a request was let through before it began.
   */
  recover(): void {
    if (this.#escalations.size > 0 && this.remainingMs() === 0) this.#escalations.clear();
  }

  /** Milliseconds left; 0 when nothing holds requests back. */
  remainingMs(): number {
    return Math.max(0, this.#untilMs - this.#nowMs());
  }
}
