import { type Batch, commits } from '../chat/events.ts';
import { ProviderError } from '../errors/index.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';

/** The timers of one attempt, in milliseconds. */
export interface AttemptTimers {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly progressMs: number;
}

/**
 * Which timer rules, and when it runs out. Looks at the time once for each read. The time in which the consumer
 * does not read counts for none of them.
 */
export class AttemptClock {
  readonly #attempt: AttemptContext;
  readonly #timers: AttemptTimers;
  readonly #nowMs: () => number;
  readonly #progressMs: number;
  #committed = false;
  /** When the last content came, and the last bytes of any kind. */
  #contentMs: number;
  #bytesMs: number;
  #phase: 'first_token' | 'idle' | 'progress' = 'first_token';

  constructor(attempt: AttemptContext, timers: AttemptTimers, nowMs: () => number) {
    this.#attempt = attempt;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#progressMs = attempt.reasoning ? Number.POSITIVE_INFINITY : timers.progressMs;
    this.#contentMs = attempt.tally.startedMs;
    this.#bytesMs = attempt.tally.startedMs;
  }

  /** For the next pull; `undefined` behind an answer on the JSON wire, which comes whole. */
  deadlineMs(): number | undefined {
    if (!this.#committed) return this.#attempt.tally.startedMs + this.#attempt.firstTokenMs;
    if (!this.#attempt.stream) return undefined;
    const idleAt = this.#bytesMs + this.#timers.idleMs;
    const progressAt = this.#contentMs + this.#progressMs;
    this.#phase = progressAt < idleAt ? 'progress' : 'idle';
    return Math.min(progressAt, idleAt);
  }

  onRead(batch: Batch): void {
    this.#bytesMs = this.#nowMs();
    if (batch.length === 0) return;
    this.#committed ||= commits(batch);
    if (this.#committed) this.#contentMs = this.#bytesMs;
  }

  /** The consumer asks for more: the time since it was handed the last batch was its own. */
  onResume(): void {
    this.#bytesMs = this.#nowMs();
    if (this.#committed) this.#contentMs = this.#bytesMs;
  }

  readonly expired = (): ProviderError => {
    const { target, firstTokenMs } = this.#attempt;
    const { idleMs, progressMs } = this.#timers;
    const limits = { first_token: firstTokenMs, idle: idleMs, progress: progressMs };
    const phase = this.#phase;
    return new ProviderError({
      provider: target.provider.name,
      model: target.model,
      code: 'timeout',
      phase,
      message: `${WHAT[phase]} within ${Math.round(limits[phase])} ms`,
      // A silent route stays silent: not the same target again, but the next.
      retryable: false,
    });
  };
}

const WHAT = {
  first_token: 'no content came',
  idle: 'the stream went silent: no byte came',
  progress: 'the stream made no progress: no content came',
} as const;
