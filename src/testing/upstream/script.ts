import type { Reply } from './reply.ts';
import type { LoggedRequest } from './request-log.ts';

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
  #responder: Responder | undefined;

  /** Replies for the next calls of `POST /v1/messages`, one each. */
  add(replies: readonly Reply[]): void {
    this.#queue.push(...replies);
  }

  respond(responder: Responder | undefined): void {
    this.#responder = responder;
  }

  clear(): void {
    this.#queue.length = 0;
    this.#counts.clear();
    this.#responder = undefined;
  }

  /** Requests seen so far on a path. */
  count(path: string): number {
    return this.#counts.get(path) ?? 0;
  }

  /** The reply for a request. Queued ones are for messages only; health checks do not use them up. */
  async next(request: LoggedRequest): Promise<Reply | undefined> {
    const n = this.count(request.path) + 1;
    this.#counts.set(request.path, n);
    const queued = request.path === '/v1/messages' ? this.#queue.shift() : undefined;
    return queued ?? (await this.#responder?.(request, n));
  }
}
