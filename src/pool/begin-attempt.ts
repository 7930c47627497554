import { DeadlineExceededError } from '../errors/index.ts';
import type { Teller } from '../middleware/telemetry.ts';
import type { AttemptContext } from '../pipeline/middleware.ts';
import { Tally } from '../pipeline/tally.ts';
import type { Candidate } from '../routing/index.ts';
import { firstTokenLimitMs, isStreamed, reasons } from './attempt-needs.ts';
import type { ProviderStates } from './provider-state.ts';
import type { Settings } from './settings.ts';

/** What attempts are made with. */
export interface BeginParts {
  readonly settings: Settings;
  readonly states: ProviderStates;
  readonly teller: Teller;
}

/** An attempt that is about to be made. */
export interface AttemptDraft
  extends Pick<
    AttemptContext,
    'request' | 'target' | 'cancellation' | 'repairs' | 'continues' | 'mayPause' | 'hedge'
  > {
  /** Who could be asked after it. */
  readonly others: readonly Candidate[];
  /** Attempts of the request that are under way. */
  readonly underWay: number;
  /** Since when nothing has been tried, on the monotonic clock. */
  readonly sinceMs: number;
}

/** Share of the remaining time that a first target leaves to its fallbacks. */
const FALLBACK_SHARE = 0.3;

/**
 * The context of an attempt that begins now.
 *
 * @throws DeadlineExceededError when no time is left for it; or why the request was ended
 */
export function beginAttempt({ settings, states, teller }: BeginParts, draft: AttemptDraft): AttemptContext {
  const { request, target, cancellation, others, underWay, sinceMs, repairs, continues, mayPause, hedge } =
    draft;
  if (request.cancellation.isCancelled) throw request.cancellation.reason;
  const tally = new Tally(teller.nowMs());
  const remainingMs = request.deadlineMs - tally.startedMs;
  if (remainingMs <= 0) throw new DeadlineExceededError('no time is left for another attempt');
  const attempt = request.trail.length + underWay + 1;
  const fallback = !continues && others.length > 0 && attempt < settings.retry.attempts;
  const limitMs = firstTokenLimitMs(request, target, settings.timeouts);
  return {
    request,
    attempt,
    waitedMs: tally.startedMs - sinceMs,
    cancellation,
    hedge,
    target,
    stream: isStreamed(request, target),
    reasoning: reasons(request, target),
    // A hanging first target must not eat the time of the next.
    firstTokenMs: fallback ? Math.min(limitMs, remainingMs * (1 - FALLBACK_SHARE)) : limitMs,
    // Beside an attempt that is under way nobody is the last.
    lastTarget: !hedge && !others.some((other) => states.of(other.target).isOpen),
    repairs,
    continues,
    mayPause,
    tally,
  };
}
