import {
  createTransport,
  isRecord,
  type Provider,
  ProviderError,
  postSse,
  type Transport,
} from 'runestone/provider-kit';
import type { ConformanceFixtures, ConformanceHost } from 'runestone/testing';

const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

/** A wire of one event for each thing: text, a piece of a call, the tokens, the end. */
export const acmeWire: ConformanceFixtures = {
  text: {
    body: sse({ text: 'Grüße, ' }, { text: 'Wörld 🌍' }, { tokens: 7 }, { end: 'done' }),
    text: 'Grüße, Wörld 🌍',
    usage: { outputTokens: 7 },
  },
  toolCall: {
    body: sse(
      { call: { n: 0, name: 'weather', input: '{"city":' } },
      { call: { n: 0, input: '"Köln"}' } },
      { end: 'calls' },
    ),
    calls: [{ name: 'weather', arguments: { city: 'Köln' } }],
  },
  parallelToolCalls: {
    body: sse(
      { call: { n: 0, name: 'weather', input: '{"city":' } },
      { call: { n: 1, name: 'time' } },
      { call: { n: 0, input: '"Oslo"}' } },
      { end: 'calls' },
    ),
    calls: [
      { name: 'weather', arguments: { city: 'Oslo' } },
      { name: 'time', arguments: {} },
    ],
  },
  unfinished: sse({ text: 'Once upon' }, { text: ' a ' }),
  errorEvent: { body: sse({ error: 'too much to do' }), code: 'overloaded' },
};

/** The smallest provider that keeps the whole contract: what it takes of HTTP is the kit's. */
export function acme(
  { baseURL, apiKey }: ConformanceHost,
  transport: Transport = createTransport({ provider: 'acme' }),
): Provider {
  return {
    name: 'acme',
    close: () => transport.close(),
    async *stream({ request, model, signal, connectMs }) {
      const url = `${baseURL}/v1/chat`;
      const headers = { authorization: `Bearer ${apiKey}` };
      const body = { model, messages: request.messages };
      const messages = postSse({ provider: 'acme', transport, url, headers, body, signal, connectMs });
      for await (const { data } of messages) {
        const { text, call, tokens, end, error } = parsed(data);
        if (error !== undefined) throw failure('overloaded', 'the host has too much to do');
        if (typeof text === 'string') yield { type: 'text_delta', text };
        if (isRecord(call)) {
          const { n, name, input } = call;
          const index = Number(n);
          if (typeof name === 'string')
            yield { type: 'tool_call_start', index, id: crypto.randomUUID(), name };
          if (typeof input === 'string') yield { type: 'tool_call_delta', index, arguments: input };
        }
        if (typeof tokens === 'number') yield { type: 'usage', usage: { outputTokens: tokens } };
        if (typeof end !== 'string') continue;
        yield { type: 'finish', reason: end === 'calls' ? 'tool_calls' : 'stop', raw: end };
        return;
      }
    },
  };
}

/** Without the bytes: nobody knows what they quote. */
function parsed(data: string): Readonly<Record<string, unknown>> {
  try {
    const said: unknown = JSON.parse(data);
    if (isRecord(said)) return said;
  } catch {
    // The same as anything else that is no event.
  }
  throw failure('bad_response', 'an event could not be read');
}

function failure(code: 'overloaded' | 'bad_response', message: string): ProviderError {
  return new ProviderError({ provider: 'acme', code, message });
}
