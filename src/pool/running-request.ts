import type { ChatRequest } from '../chat/request.ts';
import { CancelledError, DeadlineExceededError, type RunestoneError } from '../errors/index.ts';
import type { RequestContext } from '../pipeline/middleware.ts';
import { Secret } from '../provider-kit/secret.ts';
import type { Environment } from './environment.ts';
import type { CallOptions } from './options.ts';

/** What a pool decides for all its requests. */
export interface RequestDefaults {
  readonly totalMs: number;
  readonly strict: boolean;
  readonly retiredModels: RequestContext['retiredModels'];
}

/**
 * One request on its way: its context, and the three who may end it (caller, clock, pool).
 *
 * The signal's reason is always an error of the house, so that whoever finds it fired can throw it.
 */
export class RunningRequest {
  readonly context: RequestContext;
  readonly startedMs: number;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #deadline: NodeJS.Timeout;

  constructor(request: ChatRequest, call: CallOptions, defaults: RequestDefaults, { nowMs }: Environment) {
    const totalMs = call.deadlineMs ?? defaults.totalMs;
    this.startedMs = nowMs();
    this.context = {
      requestId: call.requestId ?? crypto.randomUUID(),
      request,
      signal: this.#controller.signal,
      deadlineMs: this.startedMs + totalMs,
      tenant: call.tenant,
      metadata: call.metadata ?? {},
      pinned: call.provider,
      apiKey: call.apiKey === undefined ? undefined : new Secret(call.apiKey),
      strict: call.strict ?? defaults.strict,
      retiredModels: defaults.retiredModels,
      trail: [],
      warnings: [],
    };
    this.#caller = call.signal;
    this.#caller?.addEventListener('abort', this.#onAbort);
    this.#deadline = setTimeout(() => this.abort(overdue(totalMs)), totalMs);
    if (this.#caller?.aborted) this.#onAbort();
  }

  /** Ends the request. The first reason stands. */
  abort(reason: RunestoneError): void {
    this.#controller.abort(reason);
  }

  /** Lets go of clock and caller. Call it once the request is over, on every exit. */
  end(): void {
    clearTimeout(this.#deadline);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.abort(new CancelledError('the request was aborted by its caller', { cause: this.#caller?.reason }));
  };
}

function overdue(totalMs: number): DeadlineExceededError {
  return new DeadlineExceededError(`the request was not done within ${totalMs} ms`);
}
