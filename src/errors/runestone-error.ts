import type { Usage } from '../usage/usage.ts';
import type { ErrorCode, TimeoutPhase } from './codes.ts';
import type { AttemptRecord, ErrorDetails, ErrorFacts, PartialAnswer, Repair } from './facts.ts';
import { type OpenAIErrorBody, openAIWords } from './openai-body.ts';

/** Recognises errors of every copy of this package: `instanceof` fails across duplicate installs and CJS/ESM. */
export const errorMarker: unique symbol = Symbol.for('runestone.error');

/**
 * Base of everything the pool throws. Branch on `code` after `isRunestoneError(error)`.
 *
 * Holds no key, prompt, answer, header or response body. What had arrived of an answer is in `partial`,
 * a non-enumerable getter, so that neither `console.log` nor `JSON.stringify` shows it.
 */
export abstract class RunestoneError extends Error {
  abstract readonly code: ErrorCode;
  declare readonly provider?: string;
  declare readonly model?: string;
  /** The upstream's own HTTP status; what a door of ours answers is `policy[code].status`. */
  declare readonly status?: number;
  declare readonly requestId?: string;
  declare readonly upstreamRequestId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly param?: string | null;
  declare readonly reason?: string;
  declare readonly phase?: TimeoutPhase;
  declare readonly retryable?: boolean;
  /** Set by a provider that would accept the same request with a change. */
  declare readonly repair?: Repair;
  /** True when content had already been handed to the caller. */
  readonly committed: boolean = false;
  readonly attempts: readonly AttemptRecord[] = [];
  /** Tokens known to have been used by the attempt that failed. */
  declare readonly usage?: Usage;
  /** What the request cost, over all its attempts, as far as known. */
  declare readonly costUsd?: number;
  declare readonly partial: PartialAnswer | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const { cause: _, ...facts } = details;
    assignDefined(this, facts);
  }

  /** The body an OpenAI client expects. */
  toOpenAI(): OpenAIErrorBody {
    const [type, code] = openAIWords[this.code];
    return { error: { message: this.message, type, code: this.reason ?? code, param: this.param ?? null } };
  }

  /** What may be logged. */
  toJSON(): Record<string, unknown> {
    return {
      ...Object.fromEntries(Object.entries(this)),
      name: this.name,
      code: this.code,
      message: this.message,
    };
  }
}

Object.defineProperty(RunestoneError.prototype, errorMarker, { value: true });
Object.defineProperty(RunestoneError.prototype, 'partial', { value: undefined, writable: true });

/** Adds what only the pool knows, once, on the error's way out. */
export function annotate<E extends RunestoneError>(error: E, facts: ErrorFacts): E {
  const { partial, ...plain } = facts;
  assignDefined(error, plain);
  if (partial) Object.defineProperty(error, 'partial', { get: () => partial, configurable: true });
  return error;
}

/** The same error once more, for another request: what is added to the one is not seen in the other. */
export function copyOf<E extends RunestoneError>(error: E): E {
  const copy = Object.setPrototypeOf(new Error(error.message), Object.getPrototypeOf(error));
  return Object.defineProperties(copy, {
    ...Object.getOwnPropertyDescriptors(error),
    // Newer engines have an accessor there, which tells where the copy was made.
    stack: { value: error.stack, writable: true, configurable: true },
  });
}

function assignDefined(target: object, values: object): void {
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined)
      Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
  }
}
