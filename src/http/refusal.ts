import { InvalidRequestError } from '../errors/index.ts';

/** What a refusal says beside its message. */
export interface RefusalFacts {
  readonly httpStatus: number;
  /** OpenAI's `code`. */
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body, where it is fixed. @default the error, in the client's words */
  readonly body?: unknown;
}

/** A request that the door turns away by itself, before the pool hears of it. */
export class Refusal extends InvalidRequestError {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;

  constructor(message: string, { httpStatus, reason, headers = {}, body }: RefusalFacts) {
    super(message, { reason });
    this.httpStatus = httpStatus;
    this.headers = headers;
    this.body = body;
  }
}
