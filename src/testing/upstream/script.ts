import type { Reply } from './reply.ts';
import type { LoggedRequest } from './request-log.ts';
import { asksModel } from './wire-of.ts';

/**
 * Decides what a request is answered.
 *
 * @param n - 1 for the first request to this path, 2 for the second, …
 * @returns `undefined` for what the upstream would answer by itself
 */
export type Responder = (request: LoggedRequest, n: number) => Reply | undefined | Promise<Reply | undefined>;

/** What comes next: queued replies first, then the responder, then nothing special. */
export class Script {
  readonly #queue: Reply[] = [];
  readonly #counts = new Map<string, number>();
  #modelCalls = 0;
  #responder: Responder | undefined;

  /** Replies for the next calls that ask a model for an answer, one each. */
  add(replies: readonly Reply[]): void {
    this.#queue.push(...replies);
  }

  respond(responder: Responder | undefined): void {
    this.#responder = responder;
  }

  clear(): void {
    this.#queue.length = 0;
    this.#counts.clear();
    this.#modelCalls = 0;
    this.#responder = undefined;
  }

  /** Calls seen so far that ask a model for an answer. */
  get modelCalls(): number {
    return this.#modelCalls;
  }

  /** The reply for a request. Queued ones are for answers only; health checks do not use them up. */
  async next(request: LoggedRequest): Promise<Reply | undefined> {
    const n = (this.#counts.get(request.path) ?? 0) + 1;
    this.#counts.set(request.path, n);
    const asks = asksModel(request.path);
    if (asks) this.#modelCalls++;
    const queued = asks ? this.#queue.shift() : undefined;
    return queued ?? (await this.#responder?.(request, n));
  }
}
