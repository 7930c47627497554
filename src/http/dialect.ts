import type { AnswerInfo, ChatCompletion } from '../chat/completion.ts';
import type { Batch } from '../chat/events.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { RunestoneError } from '../errors/index.ts';

/** One wire that a client may speak to the pool: how its requests are read and answers are written. */
export interface Dialect {
  readonly name: string;
  /** Reads a JSON body. Throws InvalidRequestError naming the field. */
  read(body: unknown, headers: Headers): Reading;
}

/** One request as it was read, and how its answer is written. */
export interface Reading {
  readonly request: ChatRequest;
  readonly stream: boolean;
  /** The whole answer in the client's words. */
  whole(completion: ChatCompletion): unknown;
  /** A new writer for a streamed answer. */
  writer(): StreamWriter;
}

/** Writes one streamed answer as server-sent events. Made for each answer anew. */
export interface StreamWriter {
  /** Frames for the events of one network read; '' for none. `info` is complete once `batch` ends with finish. */
  write(batch: Batch, info: () => AnswerInfo): string;
  /** Frames after the last batch ('data: [DONE]…' or ''). */
  end(info: AnswerInfo): string;
  /** An error frame after the first byte; nothing follows. */
  fail(error: RunestoneError): string;
}

/** The body and extra headers of an error before the first byte, in the client's words. */
export type ErrorWriter = (
  error: RunestoneError,
  requestId: string,
) => { body: unknown; headers?: Record<string, string> };
