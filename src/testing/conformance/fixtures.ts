import type { Provider, ProviderErrorCode, Usage } from '../../provider-kit/index.ts';

/** Where the suite's host is, and what it lets in. */
export interface ConformanceHost {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  readonly baseURL: string;
  readonly apiKey: string;
}

/** Makes the provider under test for a host of the suite. Called anew for every case. */
export type MakeProvider = (host: ConformanceHost) => Provider;

/** A good answer: the bytes of its body, and what they say. */
export interface GoodAnswer {
  /** A whole body under status 200. Kept short: it is cut at every byte. Best with a character of several bytes. */
  readonly body: string;
  /** @default '' */
  readonly text?: string;
  /** In order; `arguments` as a value. @default none */
  readonly calls?: readonly { readonly name: string; readonly arguments: unknown }[];
  /** At least these counts. @default not looked at */
  readonly usage?: Usage;
}

/** What the suite has to know of a wire: all of it is what the host would send. */
export interface ConformanceFixtures {
  /** The model to ask for. @default 'model-1' */
  readonly model?: string;
  /** Of answers under status 200. @default 'text/event-stream' */
  readonly contentType?: string;
  /** Some text, with usage. */
  readonly text: GoodAnswer;
  /** One call of a tool. Left out by a provider without tools. */
  readonly toolCall?: GoodAnswer;
  /** Two calls of tools or more in one answer. Left out by a provider without tools. */
  readonly parallelToolCalls?: GoodAnswer;
  /** The beginning of an answer: some text, and no reason to finish. */
  readonly unfinished: string;
  /** What is sent in a stream to say that it failed, and what it means. Left out where a wire has no such thing. */
  readonly errorEvent?: { readonly body: string; readonly code: ProviderErrorCode };
  /** An event that cannot be read. @default `data: {"half` and an empty line */
  readonly malformed?: string;
  /** The body of an error. @default OpenAI's envelope with that message */
  readonly errorBody?: (status: number, message: string) => string;
}

/** One check, for any test framework: `test(name, run)`. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects with an `Error` that says what should have been. */
  readonly run: () => Promise<void>;
}
