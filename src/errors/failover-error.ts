import type { OpenAIErrorBody } from './openai-body.ts';
import { policy } from './policy.ts';
import { RunestoneError } from './runestone-error.ts';

/** Several targets failed; `errors` holds one for each target tried, in order. Never a silent "last one wins". */
export class FailoverError extends RunestoneError {
  override readonly name = 'FailoverError';
  readonly code = 'failover_exhausted';
  readonly errors: readonly RunestoneError[];

  constructor(errors: readonly RunestoneError[]) {
    const told = errors.map((error) => `${error.provider ?? 'pool'} ${error.code}`).join(', ');
    super(`all ${errors.length} targets failed (${told}); see \`errors\` for each`, {
      retryAfterMs: soonest(errors),
      cause: errors.at(-1),
    });
    this.errors = errors;
  }

  /** Speaks with the words of the parts when they agree, and of an exhausted pool when they do not. */
  override toOpenAI(): OpenAIErrorBody {
    const [first] = this.errors;
    const agree = first !== undefined && this.errors.every((error) => error.code === first.code);
    const { error } = agree ? first.toOpenAI() : super.toOpenAI();
    return { error: { ...error, message: this.message } };
  }
}

/** The HTTP status a door answers with. For several failures: the common one, else 502. */
export function httpStatusOf(error: RunestoneError): number {
  if (!isFailover(error)) return policy[error.code].status;
  const statuses = new Set(error.errors.map(httpStatusOf));
  const [only] = statuses;
  return statuses.size === 1 && only !== undefined ? only : policy.failover_exhausted.status;
}

/** By code, not by class: the error may come from another copy of this package. */
function isFailover(error: RunestoneError): error is FailoverError {
  return error.code === 'failover_exhausted';
}

/** The earliest time at which one of the targets may answer again. */
function soonest(errors: readonly RunestoneError[]): number | undefined {
  const waits = errors.map((error) => error.retryAfterMs).filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}
