import OpenAI6 from 'openai6';
import OpenAI7 from 'openai7';
import { describe, expect, it } from 'vitest';
import { encodeSse, encodeSseError, SSE_DONE } from '../../src/chat/encode-sse.ts';
import type { ChatEvent } from '../../src/chat/events.ts';
import { ProviderError } from '../../src/errors/index.ts';
import { cutAt } from '../provider-kit/script-response.ts';
import {
  args,
  call,
  chunksOf,
  completionOf,
  custom,
  legacy,
  reasoning,
  refusal,
  startOf,
  stop,
  text,
  thought,
  used,
  vendor,
  withUsage,
} from './answers.ts';

/** What the official client is served: one body for each request, in order. */
interface Served {
  readonly client: OpenAI6;
  readonly requests: { readonly messages: unknown[] }[];
}

// The two majors differ in types that these tests do not touch.
const majors = [
  ['6', OpenAI6],
  ['7', OpenAI7 as unknown as typeof OpenAI6],
] as const;

const sseOf = (events: readonly ChatEvent[]): string => encodeSse(chunksOf([events], withUsage)) + SSE_DONE;

/** Cut every `size` bytes, so that no frame arrives whole. */
function responseOf(body: string, size: number): Response {
  const bytes = new TextEncoder().encode(body);
  const places = Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => index * size);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of cutAt(bytes, places)) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
}

function serve(OpenAI: typeof OpenAI6, bodies: readonly string[], size = 37): Served {
  const requests: Served['requests'] = [];
  const client = new OpenAI({
    apiKey: 'test',
    baseURL: 'http://pool.example/v1',
    maxRetries: 0,
    fetch: async (_url: unknown, init?: { body?: unknown }) => {
      requests.push(JSON.parse(String(init?.body)));
      return responseOf(bodies[requests.length - 1] ?? '', size);
    },
  });
  return { client, requests };
}

const question = {
  model: 'fast',
  messages: [{ role: 'user' as const, content: 'Hi' }],
  stream: true as const,
  stream_options: { include_usage: true },
};

const weather = [
  startOf('msg_1'),
  text('Let me '),
  text('look.'),
  call(0, 'get_weather'),
  call(1, 'get_time'),
  args(1, '{"zone":'),
  args(0, '{"city":"Par'),
  args(0, 'is"}'),
  args(1, '"CET"}'),
  used(11, 7),
  stop('tool_calls', 'tool_use'),
];

describe.each(majors)('openai %s', (_, OpenAI) => {
  it.each([1, 7, 64, 100_000])('reads text and usage, in pieces of %d bytes', async (size) => {
    const events = [startOf('msg_1'), text('Grüße '), text('😀'), used(3, 5), stop('stop', 'end_turn')];
    const { client } = serve(OpenAI, [sseOf(events)], size);
    const chunks = [];
    for await (const chunk of await client.chat.completions.create(question)) chunks.push(chunk);
    expect(chunks).toEqual(chunksOf([events], withUsage));
  });

  it('26: text with line breaks and frames in it stays text', async () => {
    const hostile =
      '\n\ndata: [DONE]\n\ndata: {"choices":[]}\r\n\r\nevent: error\ndata: {"error":{}}\n\n\u2028\u2029\u0000';
    const { client } = serve(OpenAI, [sseOf([text(hostile), text(' after'), used(1, 1), stop()])]);
    const answer = await client.chat.completions.stream(question).finalChatCompletion();
    expect(answer.choices[0]?.message.content).toBe(`${hostile} after`);
  });

  it('folds calls that mix to the completion we would give', async () => {
    const { client } = serve(OpenAI, [sseOf(weather)]);
    const answer = await client.chat.completions.stream(question).finalChatCompletion();
    const ours = completionOf([weather]);
    expect(answer).toMatchObject({
      id: ours.id,
      model: ours.model,
      created: ours.created,
      usage: ours.usage,
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: ours.choices[0]?.message.tool_calls,
      },
    });
  });

  it('its `stream()` is content with what we send: text, refusal, reasoning, our own fields', async () => {
    const events = [
      reasoning('hm'),
      thought('hm'),
      text('We'),
      refusal('No.'),
      vendor({ a: 1 }),
      stop('content_filter'),
    ];
    const { client } = serve(OpenAI, [sseOf(events)]);
    const answer = await client.chat.completions.stream(question).finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'content_filter',
      message: { content: 'We', refusal: 'No.' },
    });
    expect(answer.usage ?? null).toBeNull();
  });

  it('an empty answer is one', async () => {
    const { client } = serve(OpenAI, [sseOf([stop()])]);
    const answer = await client.chat.completions.stream(question).finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } });
  });

  it('STR-28: reads the deprecated form', async () => {
    const body = encodeSse(
      chunksOf([[call(0, 'w'), args(0, '{"c":'), args(0, '1}'), stop('tool_calls')]], legacy),
    );
    const { client } = serve(OpenAI, [body + SSE_DONE]);
    const answer = await client.chat.completions.stream(question).finalChatCompletion();
    expect(answer.choices[0]?.message).toMatchObject({ function_call: { name: 'w', arguments: '{"c":1}' } });
  });

  it('STR-12c: sees a custom call in the raw chunks', async () => {
    const { client } = serve(OpenAI, [sseOf([custom(0, 'SELECT 1'), stop('tool_calls')])]);
    const seen: unknown[] = [];
    for await (const { choices } of await client.chat.completions.create(question))
      seen.push(...(choices[0]?.delta.tool_calls ?? []));
    expect(seen).toEqual([
      { index: 0, id: 'call_0', type: 'custom', custom: { name: 'tool_0', input: 'SELECT 1' } },
    ]);
  });

  it('`runTools` walks from call to answer', async () => {
    const first = [startOf('msg_1'), call(0, 'get_weather'), args(0, '{"city":"Paris"}'), stop('tool_calls')];
    const second = [startOf('msg_2'), text('18 °C '), text('in Paris.'), stop()];
    const { client, requests } = serve(OpenAI, [sseOf(first), sseOf(second)]);
    const asked: unknown[] = [];
    const runner = client.chat.completions.runTools({
      ...question,
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Tells the weather.',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: JSON.parse,
            function: (input: { city: string }) => {
              asked.push(input);
              return '18 °C';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe('18 °C in Paris.');
    expect(asked).toEqual([{ city: 'Paris' }]);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.messages.slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_0', function: { arguments: '{"city":"Paris"}' } }] },
      { role: 'tool', tool_call_id: 'call_0', content: '18 °C' },
    ]);
  });

  it('STR-20: a failure after the first byte is an APIError, and what came before it is kept', async () => {
    const broken = encodeSse(chunksOf([[text('Hel'), text('lo')]], withUsage));
    const error = new ProviderError({ provider: 'acme', code: 'overloaded', message: 'too busy' });
    const { client } = serve(OpenAI, [broken + encodeSseError(error)]);
    let said = '';
    const read = async (): Promise<void> => {
      for await (const { choices } of await client.chat.completions.create(question))
        said += choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toMatchObject({ code: 'overloaded', type: 'server_error' });
    expect(said).toBe('Hello');
  });

  it('STR-19: a body that just ends is no complete answer for `stream()`', async () => {
    const { client } = serve(OpenAI, [encodeSse(chunksOf([[text('Hel')]], withUsage))]);
    await expect(client.chat.completions.stream(question).finalChatCompletion()).rejects.toThrow(
      /finish_reason/,
    );
  });
});
