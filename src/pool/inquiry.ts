import { type AnyRunestoneError, isRunestoneError, verdictOf } from '../errors/index.ts';
import { Cancellation } from '../pipeline/cancellation.ts';
import { lostRace } from '../pipeline/lost-race.ts';
import type { AttemptContext, Handler, RequestContext } from '../pipeline/middleware.ts';
import { type OpenedStream, openStream } from '../pipeline/open-stream.ts';
import type { Tally } from '../pipeline/tally.ts';
import { race } from '../resilience/race.ts';
import type { Candidate } from '../routing/index.ts';
import { type AttemptDraft, type BeginParts, beginAttempt } from './begin-attempt.ts';
import type { Budgets } from './budgets.ts';
import type { Hedging } from './hedging.ts';
import type { Limits } from './limits.ts';
import type { Sharing } from './sharing.ts';

/** What targets are asked with. */
export interface InquiryParts extends BeginParts {
  /** The attempt scope: one upstream try. */
  readonly attempt: Handler<AttemptContext>;
  readonly limits: Limits;
  readonly budgets: Budgets;
  /** With other processes. @default nothing is shared */
  readonly sharing?: Sharing | undefined;
  /** Whether attempts that are slow to begin get another beside them. @default never */
  readonly hedging?: Hedging | undefined;
}

/** What is asked. */
export type Terms = Pick<AttemptDraft, 'request' | 'repairs' | 'continues' | 'mayPause'>;

/** One who is asked, in a race or alone. */
interface Runner {
  readonly candidate: Candidate;
  readonly cancellation: Cancellation;
  readonly hedge: boolean;
  /** How many are asked already. */
  readonly underWay: number;
  /** What the attempt brings, once it has begun. */
  tally?: Tally;
}

/** The candidates of one request, one of whom is asked: alone, or with others after it when it is slow to begin. */
export class Inquiry {
  readonly #parts: InquiryParts;
  readonly #request: RequestContext;
  candidates: readonly Candidate[] = [];
  /** Who is asked, and what its last attempt brought. */
  index = 0;
  tally: Tally | undefined;
  /** Since when nothing has been tried: the beginning, or the end of the last attempt. */
  sinceMs: number;
  /** One for each target that has failed, in the order in which they did. */
  readonly failures: AnyRunestoneError[] = [];
  #hedges = 0;

  constructor(parts: InquiryParts, request: RequestContext) {
    this.#parts = parts;
    this.#request = request;
    this.sinceMs = parts.teller.nowMs();
  }

  get candidate(): Candidate {
    const candidate = this.candidates[this.index];
    if (!candidate) throw new RangeError(`no candidate ${this.index}`);
    return candidate;
  }

  /** Who could be asked instead. */
  get others(): readonly Candidate[] {
    return this.candidates.slice(this.index + 1);
  }

  /** One attempt, until it commits; or until it is complete, where the caller gets nothing before. */
  ask(terms: Terms): Promise<OpenedStream> {
    const { hedging } = this.#parts;
    if (hedging && !terms.continues && this.others.length > 0) return this.#race(terms, hedging);
    return this.askAlone(terms, this.#request.request.stream !== true);
  }

  askAlone(terms: Terms, whole: boolean): Promise<OpenedStream> {
    const { cancellation } = this.#request;
    return this.#attempt(
      { candidate: this.candidate, cancellation, hedge: false, underWay: 0 },
      terms,
      whole,
    );
  }

  async #race(terms: Terms, hedging: Hedging): Promise<OpenedStream> {
    const send = async (runner: Runner, onBegin: () => void): Promise<OpenedStream> => {
      if (!runner.hedge) return this.#attempt(runner, terms, false, onBegin);
      try {
        return await this.#attempt(runner, { ...terms, repairs: [] }, false, onBegin);
      } catch (error) {
        if (isRunestoneError(error)) this.failures.push(error);
        throw error;
      }
    };
    const { runner, prize } = await race<Runner, OpenedStream>(this.#runner(this.candidate, 0), {
      start: send,
      patienceMs: ({ candidate }) => hedging.patienceMs(candidate.target),
      next: (underWay) => this.#hedge(hedging, underWay),
      stop: ({ cancellation }) => cancellation.cancel(lostRace()),
      // Asked once more, it learns that it has lost.
      discard: (opened) => void openStream(opened, true).catch(() => {}),
      isFinal: (error) => !isRunestoneError(error) || verdictOf(error).failover === false,
      startTimer: this.#parts.teller.startTimer,
    });
    // Those it was faster than have been asked as well: who goes on from here goes on to others.
    const asked = this.candidates.slice(0, this.index + 1).filter((each) => each !== runner.candidate);
    this.candidates = [...asked, runner.candidate, ...this.others];
    this.tally = runner.tally;
    return this.#request.request.stream === true ? prize : openStream(prize, true);
  }

  /** Another one beside those under way. It counts as asked before them, so that nobody moves on to it. */
  #hedge(hedging: Hedging, underWay: number): Runner | undefined {
    const { candidates, index } = this;
    if (this.#hedges >= hedging.maxExtra) return undefined;
    const candidate = hedging.next(this.#request, this.others, underWay);
    if (!candidate) return undefined;
    hedging.tell(this.#request, this.candidate.target, candidate.target);
    this.#hedges += 1;
    const later = candidates.slice(index).filter((each) => each !== candidate);
    this.candidates = [...candidates.slice(0, index), candidate, ...later];
    this.index += 1;
    return this.#runner(candidate, underWay);
  }

  #runner(candidate: Candidate, underWay: number): Runner {
    const cancellation = new Cancellation(this.#request.cancellation);
    return { candidate, cancellation, hedge: underWay > 0, underWay };
  }

  /** Once the limits let it, and if the budgets do. */
  #attempt(runner: Runner, terms: Terms, whole: boolean, onBegin?: () => void): Promise<OpenedStream> {
    const { limits, budgets, sharing, attempt } = this.#parts;
    const { candidate, cancellation, hedge, underWay } = runner;
    const { request, repairs, continues, mayPause } = terms;
    const contextOf = (): AttemptContext => {
      const { others, sinceMs } = this;
      const { target } = candidate;
      const draft = {
        request,
        target,
        cancellation,
        repairs,
        continues,
        mayPause,
        hedge,
        others,
        underWay,
        sinceMs,
      };
      const context = beginAttempt(this.#parts, draft);
      runner.tally = context.tally;
      if (!hedge) this.tally = context.tally;
      return context;
    };
    const send = (context: AttemptContext): Promise<OpenedStream> => {
      // Not before: who has no room in a shared limit is not slow, and gets none beside it.
      onBegin?.();
      return openStream(attempt(context), whole);
    };
    const agree = sharing
      ? (context: AttemptContext): Promise<OpenedStream> => sharing.attempt(context, send)
      : send;
    const make = (context: AttemptContext): Promise<OpenedStream> => budgets.attempt(context, agree);
    const others = hedge ? [] : this.others;
    const passage = { request: this.#request, candidate, others, contextOf, make };
    if (!sharing) return limits.attempts.attempt(passage);
    const waited = { ms: 0 };
    return sharing.persist(
      (returning) => limits.attempts.attempt({ ...passage, returning, waited }),
      this.#request,
    );
  }
}
