import type { Provider, ProviderCall } from '../../provider-kit/index.ts';
import { type Reply, reply, startUpstream, type Upstream } from '../upstream/index.ts';
import type { ConformanceFixtures, MakeProvider } from './fixtures.ts';
import { soon } from './soon.ts';
import { type Story, storyOf } from './story.ts';

/** The key and the question of every call: nobody may find them in an error. */
export const KEY = 'sk-conformance-key-4f1b0c9d2e';

/** See `KEY`. */
export const PROMPT = 'conformance-prompt: the geese meet at midnight';

/** What a suite is about. */
export interface Subject {
  readonly makeProvider: MakeProvider;
  /** Of its wire. */
  readonly fixtures: ConformanceFixtures;
}

/** One case's own host, and a provider that knows no other. */
export class Trial {
  readonly upstream: Upstream;
  readonly provider: Provider;
  readonly fixtures: ConformanceFixtures;

  constructor({ makeProvider, fixtures }: Subject, upstream: Upstream) {
    this.upstream = upstream;
    this.provider = makeProvider({ baseURL: upstream.url, apiKey: KEY });
    this.fixtures = fixtures;
  }

  /** A body under status 200, written piece by piece. */
  answer(pieces: string | readonly (string | Uint8Array)[], how?: 'eof' | 'reset' | 'hang'): Reply {
    const { contentType = 'text/event-stream' } = this.fixtures;
    return reply.raw(pieces, { headers: { 'content-type': contentType }, ...(how && { how }) });
  }

  /** An error by status, in the wire's own words. */
  refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
    const { errorBody = openaiEnvelope } = this.fixtures;
    const body = errorBody(status, message);
    return reply.status(status, { body, headers: { 'content-type': 'application/json', ...headers } });
  }

  /** What the provider tells when its host says this. */
  tell(said: Reply): Promise<Story> {
    this.upstream.respond(() => said);
    return soon(storyOf(this.provider.stream(this.call())), 'the end of a stream');
  }

  /** A call as a pool makes it. */
  call(signal: AbortSignal = new AbortController().signal): ProviderCall {
    return {
      request: { messages: [{ role: 'user', content: PROMPT }], stream: true },
      model: this.fixtures.model ?? 'model-1',
      signal,
      requestId: 'conformance',
      key: 0,
      connectMs: 10_000,
      stream: true,
      strict: false,
      retiredModels: 'warn',
    };
  }
}

/** Puts a provider on trial, and lets go of everything afterwards. */
export async function trial(subject: Subject, run: (trial: Trial) => Promise<void>): Promise<void> {
  await using upstream = await startUpstream();
  const it = new Trial(subject, upstream);
  try {
    await run(it);
  } finally {
    await soon(Promise.resolve(it.provider.close?.()), '`close()`');
  }
}

/** What most hosts say, OpenAI's or not. */
function openaiEnvelope(_status: number, message: string): string {
  return JSON.stringify({ error: { message, type: 'error', param: null, code: null } });
}
