import OpenAI6 from 'openai6';
import { type Reply, reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { until } from '../provider-kit/loopback.ts';
import { lastBody, question, type Stand, stand } from './lab.ts';
import { majors, onPool } from './official.ts';

const asked = {
  model: 'claude-haiku-4-5',
  messages: [{ role: 'user' as const, content: 'What is the weather in Paris?' }],
  max_completion_tokens: 1_000,
};
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

async function serve(
  OpenAI: typeof OpenAI6,
  ...replies: readonly Reply[]
): Promise<Stand & { client: OpenAI6 }> {
  const it = await stand();
  it.upstream.script(...replies);
  return { ...it, client: onPool(OpenAI, it.pool) };
}

describe.each(majors)('the official client, version $name', ({ OpenAI }) => {
  it('reads a stream with its usage', async () => {
    await using it = await serve(OpenAI, reply.text('Grüße, 世界! 😀'));
    const streamed = { ...asked, stream: true as const, stream_options: { include_usage: true } };
    const answer = await it.client.chat.completions.stream(streamed).finalChatCompletion();
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Grüße, 世界! 😀' },
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: expect.any(Number), completion_tokens: 4 });
    expect(it.upstream.count).toBe(1);
  });

  it('reads a whole answer', async () => {
    await using it = await serve(OpenAI, reply.text('Sunny.'));
    const answer = await it.client.chat.completions.create(asked);
    expect(answer).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'Sunny.' } }],
    });
    expect(lastBody(it.upstream)).not.toHaveProperty('stream', true);
  });

  it('gets parallel calls whose arguments are streamed', async () => {
    const calls = [
      { name: 'get_weather', id: 'toolu_1', pieces: ['{"ci', 'ty":"Par', 'is"}'], input: { city: 'Paris' } },
      { name: 'get_weather', id: 'toolu_2', pieces: ['{"city"', ':"Rome"}'], input: { city: 'Rome' } },
    ];
    await using it = await serve(OpenAI, reply.tools(calls, { text: 'Let me look.' }));
    const stream = await it.client.chat.completions.create({ ...asked, tools: [weather], stream: true });
    const grown: Record<number, { id?: string | undefined; arguments: string }> = {};
    let reason: string | null = null;
    for await (const { choices } of stream) {
      for (const { index, id, function: part } of choices[0]?.delta.tool_calls ?? []) {
        const known = grown[index] ?? { id, arguments: '' };
        grown[index] = { ...known, arguments: known.arguments + (part?.arguments ?? '') };
      }
      reason = choices[0]?.finish_reason ?? reason;
    }
    expect(reason).toBe('tool_calls');
    expect(grown).toEqual({
      0: { id: 'toolu_1', arguments: '{"city":"Paris"}' },
      1: { id: 'toolu_2', arguments: '{"city":"Rome"}' },
    });
  });

  it.each([true, false])('walks from call to answer with `runTools`, streamed: %s', async (stream) => {
    await using it = await serve(
      OpenAI,
      reply.tools([{ name: 'get_weather', input: { city: 'Paris' } }]),
      reply.text('18 °C in Paris.'),
    );
    const cities: unknown[] = [];
    const tool = {
      ...weather,
      function: {
        ...weather.function,
        parse: JSON.parse,
        function: (input: { city: string }) => {
          cities.push(input);
          return '18 °C';
        },
      },
    };
    const runner = stream
      ? it.client.chat.completions.runTools({ ...asked, tools: [tool], stream: true })
      : it.client.chat.completions.runTools({ ...asked, tools: [tool] });
    expect(await runner.finalContent()).toBe('18 °C in Paris.');
    expect(cities).toEqual([{ city: 'Paris' }]);
    expect(lastBody(it.upstream)['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'tool_use', input: { city: 'Paris' } }] },
      { role: 'user', content: [{ type: 'tool_result', content: expect.anything() }] },
    ]);
  });

  it('is told of a failure as OpenAI tells it', async () => {
    await using it = await serve(OpenAI, reply.status(429, { headers: { 'retry-after': '36000' } }));
    expect(await failureOf(it.client.chat.completions.create(asked))).toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'rate_limit_error',
    });
    const wrong = { ...asked, messages: [] };
    expect(await failureOf(it.client.chat.completions.create(wrong))).toMatchObject({
      status: 400,
      param: 'messages',
    });
    expect(it.upstream.count).toBe(1);
  });

  it('is told of a break in the middle, and keeps what came', async () => {
    await using it = await serve(OpenAI, reply.cut({ answer: reply.text('one two') }));
    const stream = await it.client.chat.completions.create({ ...asked, stream: true });
    let said = '';
    const reading = async (): Promise<void> => {
      for await (const { choices } of stream) said += choices[0]?.delta.content ?? '';
    };
    expect(await failureOf(reading())).toMatchObject({ code: 'upstream_stream_interrupted' });
    expect(said).toBe('one');
  });

  it('cuts the request upstream when it leaves or aborts', async () => {
    const endless = reply.text('word '.repeat(1_000), { delayMs: 5 });
    await using it = await serve(OpenAI, endless, endless);
    for await (const _ of await it.client.chat.completions.create({ ...asked, stream: true })) break;
    await until(() => it.upstream.inFlight === 0, 250);
    const stream = await it.client.chat.completions.create({ ...asked, stream: true });
    stream.controller.abort();
    await until(() => it.upstream.inFlight === 0, 250);
    expect(it.upstream.requests.map(({ closedByClient }) => closedByClient)).toEqual([true, true]);
  });

  it('reads `toReadableStream()` back', async () => {
    await using it = await serve(OpenAI, reply.text('one two three'));
    const stream = await it.pool.streamRequest(question());
    const { ChatCompletionStream } = await (OpenAI === OpenAI6
      ? import('openai6/lib/ChatCompletionStream')
      : import('openai7/lib/ChatCompletionStream'));
    // The class declares the DOM's stream, which is the same thing at run time.
    const read = ChatCompletionStream.fromReadableStream(stream.toReadableStream() as never);
    expect(await read.finalContent()).toBe('one two three');
  });
});
