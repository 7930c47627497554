import {
  type Batch,
  type ChatEvent,
  createTransport,
  type Provider,
  type ProviderCall,
  ProviderError,
  type Transport,
} from 'runestone/provider-kit';
import type { ConformanceHost, MakeProvider } from 'runestone/testing';
import { acme } from './acme.ts';

type Events = AsyncIterable<ChatEvent | Batch>;

/** What a careless author makes of a stream. */
type Spoil = (source: () => Events, call: ProviderCall, host: ConformanceHost) => Events;

/** Each event becomes those that `map` makes of it. */
const mapped = (map: (event: ChatEvent) => readonly ChatEvent[]): Spoil =>
  async function* (source) {
    for await (const event of source()) if ('type' in event) yield* map(event);
  };

/** Each error becomes what `rethrow` throws; where it just returns, the stream just ends. */
const caught = (rethrow: (error: ProviderError, host: ConformanceHost) => void): Spoil =>
  async function* (source, _call, host) {
    try {
      yield* source();
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      rethrow(error, host);
    }
  };

type Spoiling =
  | 'invents a finish'
  | 'never finishes'
  | 'finishes twice'
  | 'goes on after its finish'
  | 'loses text'
  | 'holds text back'
  | 'drops its usage'
  | 'confuses calls'
  | 'throws what it likes'
  | 'swallows errors'
  | 'knows one code'
  | 'forgets how long to wait'
  | 'waits for ever'
  | 'quotes its key'
  | 'asks twice';

type Other =
  | 'is deaf to its signal'
  | 'keeps reading'
  | 'keeps a state between calls'
  | 'decodes each read by itself';

/** Every mistake there is. */
export type Mistake = Spoiling | Other;

const END: ChatEvent = { type: 'finish', reason: 'stop', raw: undefined };

const spoils: Readonly<Record<Spoiling, Spoil>> = {
  'invents a finish': async function* (source) {
    let finished = false;
    try {
      for await (const event of source()) {
        if ('type' in event && event.type === 'finish') finished = true;
        yield event;
      }
    } finally {
      if (!finished) yield END;
    }
  },
  'never finishes': mapped((event) => (event.type === 'finish' ? [] : [event])),
  'finishes twice': mapped((event) => (event.type === 'finish' ? [event, event] : [event])),
  'goes on after its finish': mapped((event) =>
    event.type === 'finish' ? [event, { type: 'text_delta', text: '' }] : [event],
  ),
  'loses text': mapped((event) =>
    event.type === 'text_delta' ? [{ ...event, text: event.text.slice(1) }] : [event],
  ),
  'holds text back': async function* (source) {
    const held: (ChatEvent | Batch)[] = [];
    for await (const event of source()) held.push(event);
    yield* held;
  },
  'drops its usage': mapped((event) => (event.type === 'usage' ? [] : [event])),
  'confuses calls': mapped((event) => ('index' in event ? [{ ...event, index: 0 }] : [event])),
  'throws what it likes': caught(({ message }) => {
    throw new Error(message);
  }),
  'swallows errors': caught(() => {}),
  'knows one code': caught((error) => {
    throw new ProviderError({ ...error, message: error.message, code: 'server_error' });
  }),
  'forgets how long to wait': caught((error) => {
    throw new ProviderError({ ...error, message: error.message, retryAfterMs: undefined });
  }),
  'waits for ever': caught((error) => {
    throw new ProviderError({ ...error, message: error.message, retryAfterMs: 1e9 });
  }),
  'quotes its key': caught((error, { apiKey }) => {
    throw new ProviderError({ ...error, message: `${error.message} (key ${apiKey})` });
  }),
  'asks twice': async function* (source) {
    try {
      for await (const _ of source()) break;
    } catch {
      // Once more.
    }
    yield* source();
  },
};

/** Mistakes that are not about what is told. */
const others: Readonly<Record<Other, MakeProvider>> = {
  'is deaf to its signal': (host) => {
    const provider = acme(host);
    const { signal } = new AbortController();
    return { ...provider, stream: (call) => provider.stream({ ...call, signal }) };
  },
  'keeps reading': (host) => {
    const provider = acme(host);
    const stream = (call: ProviderCall): Events => {
      const source = provider.stream(call)[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) };
    };
    return { ...provider, stream };
  },
  'keeps a state between calls': (host) => {
    const provider = acme(host);
    let newest = 0;
    const stream = async function* (call: ProviderCall): AsyncGenerator<ChatEvent | Batch> {
      const mine = ++newest;
      for await (const event of provider.stream(call)) if (mine === newest) yield event;
    };
    return { ...provider, stream };
  },
  'decodes each read by itself': (host) => acme(host, decodingAlone()),
};

/** A provider of one mistake. */
export function careless(mistake: Mistake): MakeProvider {
  const made = Object.entries(others).find(([name]) => name === mistake);
  if (made) return made[1];
  const [, spoil] = Object.entries(spoils).find(([name]) => name === mistake) ?? [];
  if (!spoil) throw new RangeError(mistake);
  return (host): Provider => {
    const provider = acme(host);
    return { ...provider, stream: (call) => spoil(() => provider.stream(call), call, host) };
  };
}

/** Reads that were decoded and encoded again, so that a character which is cut is lost. */
function decodingAlone(): Transport {
  const transport = createTransport({ provider: 'acme' });
  const recoded = (bytes: Uint8Array): Uint8Array =>
    new TextEncoder().encode(new TextDecoder().decode(bytes));
  return {
    ...transport,
    async send(request) {
      const response = await transport.send(request);
      const { status, headers } = response;
      const read = async (): Promise<readonly Uint8Array[] | undefined> =>
        (await response.read())?.map(recoded);
      return { status, headers, read, finish: () => response.finish() };
    },
  };
}
