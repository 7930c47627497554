import type { BilledTokens } from './billed-tokens.ts';
import type { StatusReply } from './reply.ts';

/** What the APIs of one upstream know and ask for. */
export interface ApiOptions {
  /** Models that exist; any other is a 404. @default every name exists */
  readonly models?: readonly string[];
  /** Keys that are accepted; any other is a 401. @default any key, but there must be one */
  readonly apiKeys?: readonly string[];
  /** True asks nobody for a key, as a host on one's own machine does. @default false */
  readonly keyless?: boolean;
  /** False answers whatever the request looks like. @default true */
  readonly strict?: boolean;
}

/** A request, as far as an API looks at it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string | undefined;
  readonly body: unknown;
  /** Told what an answer of the model costs, before it is played. */
  readonly bill?: (tokens: BilledTokens) => void;
}

/** The 404 for what is not there. */
export function notFound(message: string): StatusReply {
  return { kind: 'status', status: 404, message };
}
