import type { Dialect, ErrorWriter } from './dialect.ts';
import { type HeaderFields, jsonResponse } from './respond.ts';
import type { ServedPool } from './served-pool.ts';

/** One request, as the answer of a route sees it. */
export interface RouteCall {
  readonly pool: ServedPool;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  /** What is handed to the pool beside the request. */
  readonly options: object;
  /** Of every response to this request. */
  readonly told: HeaderFields;
  /** What stands behind the path of an open route, decoded; '' for nothing. */
  readonly rest: string;
  /** The body. Read only when it is asked for. */
  json(): Promise<unknown>;
}

/** One path, and what answers there. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Matches behind any prefix. */
  readonly path: string;
  /** `path/more` leads here too. */
  readonly open?: boolean;
  /** How errors are told. @default OpenAI's way */
  readonly errors?: ErrorWriter;
  readonly answer: (call: RouteCall) => Promise<Response>;
}

/** Answers a chat in whatever dialect: whole or streamed, as the request asks. */
export function chatIn(dialect: Dialect): Route['answer'] {
  return async ({ pool, headers, signal, options, told, json }) => {
    const reading = dialect.read(await json(), headers);
    if (!reading.stream) {
      const completion = await pool.request(reading.request, options);
      return jsonResponse(reading.whole(completion), told);
    }
    const stream = await pool.streamRequest(reading.request, options);
    return stream.toResponse({ writer: reading.writer(), headers: told, signal });
  };
}
