import type { Batch, ChatEvent } from '../chat/events.ts';
import type { JsonObject } from '../chat/json.ts';
import {
  type AnyRunestoneError,
  DeadlineExceededError,
  FailoverError,
  isRunestoneError,
  type SeamRecord,
  verdictOf,
} from '../errors/index.ts';
import type { AttemptContext, Handler, RequestContext } from '../pipeline/middleware.ts';
import { type OpenedStream, openStream } from '../pipeline/open-stream.ts';
import { Tally } from '../pipeline/tally.ts';
import { retrying } from '../resilience/retry.ts';
import type { Candidate } from '../routing/index.ts';
import { joinRounds } from '../usage/join-rounds.ts';
import type { Usage } from '../usage/usage.ts';
import { firstTokenLimitMs, isStreamed, mayDoBetter, reasons } from './attempt-needs.ts';
import type { Limits } from './limits.ts';
import { type Attempts, MidStream } from './mid-stream.ts';
import { type RetryParts, TargetRetry } from './target-retry.ts';

/** What the loop works with. */
export interface AttemptLoopOptions extends RetryParts {
  /** The attempt scope: one upstream try. */
  readonly attempt: Handler<AttemptContext>;
  /** Candidates in the order in which they are tried; never empty. */
  readonly plan: (request: RequestContext) => readonly Candidate[];
  readonly limits: Limits;
}

/** Share of the remaining time that a first target leaves to its fallbacks. */
const FALLBACK_SHARE = 0.3;

/**
 * Plan, retry within a target, failover across targets, until a stream is opened. After that line there are no
 * second chances: the caller has seen output. A turn that its provider paused goes on in a further attempt.
 */
export function attemptLoop(options: AttemptLoopOptions): Handler<RequestContext> {
  const { midStream } = options.settings;
  return function attemptLoop(request) {
    const loop = new AttemptLoop(options, request);
    // Who waits for the whole answer gets a new one when it breaks.
    if (midStream === 'error' || request.request.stream !== true) return loop;
    const words = midStream === 'continue' ? undefined : midStream.words;
    return new MidStream(loop, request, { words, onSeam: (seam) => tellSeam(options, request, seam) });
  };
}

/** The attempts of one request, as a stream: opened by the first pull, then nothing but the opened stream. */
class AttemptLoop implements Attempts {
  readonly #options: AttemptLoopOptions;
  readonly #request: RequestContext;
  candidates: readonly Candidate[] = [];
  /** The candidate being tried, and what its last attempt brought. */
  index = 0;
  tally: Tally | undefined;
  /** Attempts that ended in a pause, and the tokens of the answer up to there (FIN-8). */
  #rounds = 0;
  /** Since when nothing has been tried: the beginning, or the end of the last attempt. */
  #sinceMs: number;
  #before: Usage | undefined;
  #opening: Promise<OpenedStream> | undefined;
  #opened: OpenedStream | undefined;

  constructor(options: AttemptLoopOptions, request: RequestContext) {
    this.#options = options;
    this.#request = request;
    this.#sinceMs = options.teller.nowMs();
  }

  /** A read is handed on as it is: what a paused turn takes is asked for between reads, since a hop costs per read. */
  next(): Promise<IteratorResult<Batch>> {
    const opened = this.#opened;
    if (!opened) return this.#from(() => this.#open());
    if (this.tally?.paused && opened.held === 0) return this.#goOn(opened, this.tally, this.tally.paused);
    return this.#rounds === 0 ? opened.next() : opened.next().then(this.#joined);
  }

  async return(): Promise<IteratorResult<Batch>> {
    const opened = await this.#opening?.catch(() => undefined);
    return opened ? opened.return() : { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One attempt, without retries or pauses, for who goes on with an answer that has begun. */
  openAt(index: number, request: RequestContext): Promise<OpenedStream> {
    this.index = index;
    this.#sinceMs = this.#options.teller.nowMs();
    return this.#attempt(false, () => ({ ...this.#context([], undefined), request, mayPause: false }));
  }

  async #from(open: () => Promise<OpenedStream>): Promise<IteratorResult<Batch>> {
    this.#opening ??= open();
    this.#opened = await this.#opening;
    return this.next();
  }

  /** The next round of a paused turn, by the provider that paused it, once the last has told all. */
  async #goOn(opened: OpenedStream, { usage }: Tally, message: JsonObject): Promise<IteratorResult<Batch>> {
    const rest = await opened.next();
    if (!rest.done) return this.#rounds === 0 ? rest : this.#joined(rest);
    this.#rounds += 1;
    if (usage) this.#before = joinRounds(this.#before, usage);
    this.#opening = undefined;
    return this.#from(() => this.#tryTarget(message));
  }

  /** A further round belongs to the answer that has begun: no second head, and one count of tokens. */
  readonly #joined = ({ value, done }: IteratorResult<Batch>): IteratorResult<Batch> => {
    if (done) return { value, done };
    const joined = value.flatMap((event: ChatEvent): ChatEvent[] => {
      if (event.type === 'start') return [];
      return event.type === 'usage'
        ? [{ type: 'usage', usage: joinRounds(this.#before, event.usage) }]
        : [event];
    });
    return { value: joined, done: false };
  };

  async #open(): Promise<OpenedStream> {
    const admitted = this.#options.limits.requests.enter(this.#request);
    if (admitted !== undefined) await admitted;
    this.candidates = this.#options.plan(this.#request);
    this.#options.budget.countRequest();
    const failures: AnyRunestoneError[] = [];
    for (let next: number | undefined = 0; next !== undefined; ) {
      this.index = next;
      this.candidates = this.#options.limits.attempts.byRoom(this.#request, this.candidates, next);
      try {
        return await this.#tryTarget(undefined);
      } catch (error) {
        const { cancellation } = this.#request;
        if (cancellation.isCancelled) throw cancellation.reason;
        if (!isRunestoneError(error)) throw error;
        failures.push(error);
        if (verdictOf(error).failover === false) throw error;
        next = this.#next(error);
      }
    }
    const [only] = failures;
    throw failures.length === 1 && only ? only : new FailoverError(failures);
  }

  /** @param continues - the paused message to go on from; then nobody else can take over */
  #tryTarget(continues: JsonObject | undefined): Promise<OpenedStream> {
    const { settings, teller } = this.#options;
    const retry = new TargetRetry(this.#options, {
      request: this.#request,
      candidate: this.#candidate,
      others: continues ? [] : this.candidates.slice(this.index + 1),
      rounds: this.#rounds,
    });
    const whole = this.#request.request.stream !== true;
    return retrying(() => this.#attempt(whole, () => this.#context(retry.repairs, continues)), {
      // One more than allowed, so that the retry is asked at the last failure too and can tell that it was the last.
      attempts: settings.retry.attempts + 1,
      delayMs: (error, tries) => {
        this.#sinceMs = teller.nowMs();
        return isRunestoneError(error) ? retry.delayMs(error, tries) : undefined;
      },
      signal: () => this.#request.signal,
    });
  }

  /** Once the limits let it. */
  #attempt(whole: boolean, contextOf: () => AttemptContext): Promise<OpenedStream> {
    const { limits, attempt } = this.#options;
    const others = this.candidates.slice(this.index + 1);
    const make = (context: AttemptContext): Promise<OpenedStream> => openStream(attempt(context), whole);
    return limits.attempts.attempt({
      request: this.#request,
      candidate: this.#candidate,
      others,
      contextOf,
      make,
    });
  }

  /** The next candidate that may do better, if an attempt is left for it. */
  #next(error: AnyRunestoneError): number | undefined {
    const { settings, teller } = this.#options;
    if (this.#request.trail.length >= settings.retry.attempts) return undefined;
    const from = this.#candidate.target;
    for (let next = this.index + 1; next < this.candidates.length; next++) {
      const to = this.candidates[next]?.target;
      if (!to || !mayDoBetter(from, to, error)) continue;
      if (teller.emit.wants('failover')) {
        const { requestId } = this.#request;
        teller.emit('failover', {
          requestId,
          at: teller.epochMs(),
          from: from.label,
          to: to.label,
          code: error.code,
        });
      }
      return next;
    }
    return undefined;
  }

  #context(repairs: AttemptContext['repairs'], continues: JsonObject | undefined): AttemptContext {
    const { settings, teller, states } = this.#options;
    const request = this.#request;
    const { target } = this.#candidate;
    if (request.cancellation.isCancelled) throw request.cancellation.reason;
    const remainingMs = request.deadlineMs - teller.nowMs();
    if (remainingMs <= 0) throw new DeadlineExceededError('no time is left for another attempt');
    const others = this.candidates.slice(this.index + 1);
    const fallback = !continues && others.length > 0 && request.trail.length + 1 < settings.retry.attempts;
    const limitMs = firstTokenLimitMs(request, target, settings.timeouts);
    const tally = new Tally(teller.nowMs());
    this.tally = tally;
    return {
      request,
      attempt: request.trail.length + 1,
      waitedMs: tally.startedMs - this.#sinceMs,
      target,
      stream: isStreamed(request, target),
      reasoning: reasons(request, target),
      // A hanging first target must not eat the time of the next.
      firstTokenMs: fallback ? Math.min(limitMs, remainingMs * (1 - FALLBACK_SHARE)) : limitMs,
      lastTarget: !others.some((other) => states.of(other.target).isOpen),
      repairs,
      continues,
      mayPause: this.#rounds < settings.autoContinue,
      tally,
    };
  }

  get #candidate(): Candidate {
    const candidate = this.candidates[this.index];
    if (!candidate) throw new RangeError(`no candidate ${this.index}`);
    return candidate;
  }
}

function tellSeam({ teller }: AttemptLoopOptions, request: RequestContext, seam: SeamRecord): void {
  request.seams.push(seam);
  if (!teller.emit.wants('stream.continued')) return;
  teller.emit('stream.continued', { requestId: request.requestId, at: teller.epochMs(), ...seam });
}
