import type { Reply } from './reply.ts';
import type { LoggedRequest } from './request-log.ts';
import type { Responder } from './script.ts';

/** A running upstream: a real HTTP server that speaks Anthropic's wire and OpenAI's, and does what a test says. */
export interface Upstream {
  /** `http://127.0.0.1:port`: the `baseURL` for Claude; with `/v1`, or any prefix, that for an OpenAI host. */
  readonly url: string;
  readonly port: number;
  /** Every request whose body has come in, oldest first. Entries fill in as their responses go. */
  readonly requests: readonly LoggedRequest[];
  /** Calls that asked a model for an answer, on either wire, so far. */
  readonly count: number;
  /** Requests being read or answered right now. */
  readonly inFlight: number;
  /** Connections open right now. */
  readonly connections: number;
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Queues replies for the next calls that ask a model, one each. Afterwards it answers by itself again. */
  script(...replies: readonly Reply[]): void;
  /** Asks a function for the reply to every request that finds the queue empty, whatever its path. */
  respond(responder: Responder | undefined): void;
  /** Forgets script, responder and log; connections stay. */
  reset(): void;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
