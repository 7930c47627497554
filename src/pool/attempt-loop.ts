import type { Batch, ChatEvent } from '../chat/events.ts';
import type { JsonObject } from '../chat/json.ts';
import {
  type AnyRunestoneError,
  FailoverError,
  isRunestoneError,
  type SeamRecord,
  verdictOf,
} from '../errors/index.ts';
import type { Handler, RequestContext } from '../pipeline/middleware.ts';
import type { OpenedStream } from '../pipeline/open-stream.ts';
import type { Tally } from '../pipeline/tally.ts';
import { retrying } from '../resilience/retry.ts';
import type { Candidate } from '../routing/index.ts';
import { joinRounds } from '../usage/join-rounds.ts';
import type { Usage } from '../usage/usage.ts';
import { mayDoBetter } from './attempt-needs.ts';
import { Inquiry, type InquiryParts } from './inquiry.ts';
import { type Attempts, MidStream } from './mid-stream.ts';
import { type RetryParts, TargetRetry } from './target-retry.ts';

/** What the loop works with. */
export interface AttemptLoopOptions extends RetryParts, InquiryParts {
  /** Candidates in the order in which they are tried; never empty. */
  readonly plan: (request: RequestContext) => readonly Candidate[];
}

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
  readonly #inquiry: Inquiry;
  /** Attempts that ended in a pause, and the tokens of the answer up to there (FIN-8). */
  #rounds = 0;
  #before: Usage | undefined;
  #opening: Promise<OpenedStream> | undefined;
  #opened: OpenedStream | undefined;

  constructor(options: AttemptLoopOptions, request: RequestContext) {
    this.#options = options;
    this.#request = request;
    this.#inquiry = new Inquiry(options, request);
  }

  get candidates(): readonly Candidate[] {
    return this.#inquiry.candidates;
  }

  get index(): number {
    return this.#inquiry.index;
  }

  get tally(): Tally | undefined {
    return this.#inquiry.tally;
  }

  /** A read is handed on as it is: what a paused turn takes is asked for between reads, since a hop costs per read. */
  next(): Promise<IteratorResult<Batch>> {
    const opened = this.#opened;
    if (!opened) return this.#from(() => this.#open());
    const { tally } = this.#inquiry;
    if (tally?.paused && opened.held === 0) return this.#goOn(opened, tally, tally.paused);
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
    this.#inquiry.index = index;
    this.#inquiry.sinceMs = this.#options.teller.nowMs();
    return this.#inquiry.askAlone({ request, repairs: [], continues: undefined, mayPause: false }, false);
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
    const inquiry = this.#inquiry;
    const { plan, limits, budget } = this.#options;
    const admitted = limits.requests.enter(this.#request);
    if (admitted !== undefined) await admitted;
    inquiry.candidates = plan(this.#request);
    budget.countRequest();
    for (let next: number | undefined = 0; next !== undefined; ) {
      inquiry.index = next;
      inquiry.candidates = limits.attempts.byRoom(this.#request, inquiry.candidates, next);
      try {
        return await this.#tryTarget(undefined);
      } catch (error) {
        const { cancellation } = this.#request;
        if (cancellation.isCancelled) throw cancellation.reason;
        if (!isRunestoneError(error)) throw error;
        inquiry.failures.push(error);
        if (verdictOf(error).failover === false) throw error;
        next = this.#next(error);
      }
    }
    const [only] = inquiry.failures;
    throw inquiry.failures.length === 1 && only ? only : new FailoverError(inquiry.failures);
  }

  /** @param continues - the paused message to go on from; then nobody else can take over */
  #tryTarget(continues: JsonObject | undefined): Promise<OpenedStream> {
    const { settings, teller } = this.#options;
    const inquiry = this.#inquiry;
    const request = this.#request;
    const { candidate } = inquiry;
    const retry = new TargetRetry(this.#options, {
      request,
      candidate,
      others: continues ? [] : inquiry.others,
      rounds: this.#rounds,
    });
    const mayPause = this.#rounds < settings.autoContinue;
    return retrying(() => inquiry.ask({ request, repairs: retry.repairs, continues, mayPause }), {
      // One more than allowed, so that the retry is asked at the last failure too and can tell that it was the last.
      attempts: settings.retry.attempts + 1,
      delayMs: (error, tries) => {
        inquiry.sinceMs = teller.nowMs();
        // A hedge that was first and broke later is left for the next target.
        const isHere = isRunestoneError(error) && inquiry.candidate === candidate;
        return isHere ? retry.delayMs(error, tries) : undefined;
      },
      signal: () => request.signal,
      startTimer: teller.startTimer,
    });
  }

  /** The next candidate that may do better, if an attempt is left for it. */
  #next(error: AnyRunestoneError): number | undefined {
    const { settings, teller } = this.#options;
    if (this.#request.trail.length >= settings.retry.attempts) return undefined;
    const { candidates, candidate, index } = this.#inquiry;
    const from = candidate.target;
    for (let next = index + 1; next < candidates.length; next++) {
      const to = candidates[next]?.target;
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
}

function tellSeam({ teller }: AttemptLoopOptions, request: RequestContext, seam: SeamRecord): void {
  request.seams.push(seam);
  if (!teller.emit.wants('stream.continued')) return;
  teller.emit('stream.continued', { requestId: request.requestId, at: teller.epochMs(), ...seam });
}
