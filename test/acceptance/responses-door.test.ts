import type OpenAI6 from 'openai6';
import { zodTextFormat } from 'openai6/helpers/zod';
import type { ResponseInput, ResponseStreamEvent } from 'openai6/resources/responses/responses';
import { anthropic } from 'runestone/providers/anthropic';
import { openaiCompatible } from 'runestone/providers/openai-compatible';
import { type Reply, reply, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { collect, failureOf } from '../contexts.ts';
import { until } from '../provider-kit/loopback.ts';
import { openAIClients } from './door-clients.ts';
import { around, KEY, lastBody, type Stand } from './lab.ts';

type Client = (typeof openAIClients)[number];

/** A pool with either wire behind it, and OpenAI's client before it. */
async function serve({ on }: Client, ...replies: readonly Reply[]): Promise<Stand & { client: OpenAI6 }> {
  const upstream = await startUpstream();
  const it = around(upstream, {
    providers: [
      anthropic({ apiKey: KEY, baseURL: upstream.url }),
      openaiCompatible({ name: 'open', baseURL: `${upstream.url}/v1`, apiKey: KEY }),
    ],
    retry: { attempts: 1 },
  });
  upstream.script(...replies);
  return { ...it, client: on(it.pool) };
}

const weather = {
  type: 'function' as const,
  name: 'get_weather',
  strict: false,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const question = 'What is the weather in Oslo?';

const sides = openAIClients.flatMap((client) =>
  ['claude-haiku-4-5', 'open/gpt-4.1'].map((model) => ({ ...client, client, model })),
);

describe.each(sides)('OpenAI’s client $name asks for $model', ({ client: Client, model }) => {
  const asked = { model, input: question, max_output_tokens: 2_000 };

  it('reads a whole answer', async () => {
    await using it = await serve(Client, reply.text('Sunny.'));
    const response = await it.client.responses.create({ ...asked, instructions: 'Be kind.' });
    expect(response).toMatchObject({
      ...{ object: 'response', status: 'completed', output_text: 'Sunny.', store: false, error: null },
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Sunny.' }] }],
      usage: {
        input_tokens: expect.any(Number),
        output_tokens: 2,
        input_tokens_details: { cached_tokens: 0 },
      },
    });
    expect(JSON.stringify(lastBody(it.upstream))).toContain('Be kind.');
  });

  it('reads the same answer from a stream', async () => {
    await using it = await serve(Client, ...Array(2).fill(reply.text('Grüße, 世界! 😀')));
    const streamed = await it.client.responses.stream(asked).finalResponse();
    const whole = await it.client.responses.create(asked);
    expect(streamed.output_text).toBe(whole.output_text);
    expect(streamed.usage).toEqual(whole.usage);
    expect(streamed.id).not.toBe(whole.id);
    expect(streamed.output[0]?.id).not.toBe(whole.output[0]?.id);
  });

  it('sees the events of a stream in one row', async () => {
    const calls = reply.tools([{ name: 'get_weather', input: { city: 'Oslo' } }], { text: 'I look.' });
    await using it = await serve(Client, calls);
    const stream = await it.client.responses.create({ ...asked, tools: [weather], stream: true });
    const events: ResponseStreamEvent[] = await collect(stream);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    const types = events.map(({ type }) => type).filter((type) => !type.endsWith('.delta'));
    expect(types).toEqual(
      [
        ...['created', 'in_progress', 'output_item.added', 'content_part.added', 'output_text.done'],
        ...['content_part.done', 'output_item.done', 'output_item.added', 'function_call_arguments.done'],
        ...['output_item.done', 'completed'],
      ].map((type) => `response.${type}`),
    );
  });

  it.each(['whole', 'streamed'])('runs a loop of tools, %s', async (form) => {
    const calls = reply.tools([{ name: 'get_weather', input: { city: 'Oslo' } }], { text: 'I look.' });
    await using it = await serve(Client, calls, reply.text('Rain.'));
    const input: ResponseInput = [{ role: 'user', content: question }];
    const ask = async () => {
      const body = { ...asked, input, tools: [weather] };
      return form === 'whole'
        ? it.client.responses.create(body)
        : it.client.responses.stream(body).finalResponse();
    };
    const first = await ask();
    const call = first.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))[0];
    expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Oslo"}', status: 'completed' });
    input.push(...(first.output as ResponseInput));
    input.push({ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'rain' });
    expect((await ask()).output_text).toBe('Rain.');
    const sent = JSON.stringify(lastBody(it.upstream)['messages']);
    for (const said of [question, 'I look.', 'get_weather', 'rain']) expect(sent).toContain(said);
  });

  it('reads an answer by a schema', async () => {
    const answer = reply.text('{"city":"Oslo","degrees":7}');
    await using it = await serve(Client, answer, answer);
    const format = zodTextFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
    const response = await it.client.responses.parse({ ...asked, text: { format } });
    expect(response.output_parsed).toEqual({ city: 'Oslo', degrees: 7 });
    const streamed = await it.client.responses.stream({ ...asked, text: { format } }).finalResponse();
    expect(streamed.output_parsed).toEqual({ city: 'Oslo', degrees: 7 });
  });

  it.each(['eof', 'reset', 'close'] as const)('T20 is told of a cut by %s, not of an end', async (how) => {
    const broken = reply.cut({ after: 2, how, answer: reply.text('one two three four') });
    await using it = await serve(Client, broken, broken);
    const error = await failureOf(it.client.responses.stream(asked).finalResponse());
    expect(error).toMatchObject({
      error: { message: expect.stringContaining(':'), type: expect.any(String) },
    });
    let words = '';
    const reading = async (): Promise<void> => {
      for await (const event of await it.client.responses.create({ ...asked, stream: true })) {
        if (event.type === 'response.output_text.delta') words += event.delta;
      }
    };
    expect(await failureOf(reading())).toMatchObject({ code: expect.any(String) });
    expect(words).toBe('one two');
  });

  it('is told of a refusal before the first byte, by its status', async () => {
    await using it = await serve(Client, reply.status(429, { headers: { 'retry-after': '7' } }));
    expect(await failureOf(it.client.responses.create({ ...asked, stream: true }))).toMatchObject({
      ...{ status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    });
  });

  it('leaves, and the request upstream with it', async () => {
    await using it = await serve(Client, reply.stall({ after: 1, answer: reply.text('one two') }));
    for await (const { type } of await it.client.responses.create({ ...asked, stream: true })) {
      if (type === 'response.output_text.delta') break;
    }
    await until(() => it.upstream.requests[0]?.closedByClient === true);
  });

  it('FIN-5 sees that an answer was cut by its limit', async () => {
    await using it = await serve(Client, reply.text('one two', { stopReason: 'max_tokens' }));
    expect(await it.client.responses.stream(asked).finalResponse()).toMatchObject({
      ...{
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output_text: 'one two',
      },
    });
  });

  it('FIN-6 reads why the model declines', async () => {
    await using it = await serve(Client, reply.refusal('I will not.'));
    const { output } = await it.client.responses.create(asked);
    expect(output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'I will not.' }] }]);
  });

  it('reads the reasoning that it asks for', async () => {
    await using it = await serve(Client, reply.thinking('one two three', { text: 'Done.' }));
    const body = {
      ...asked,
      max_output_tokens: 9_000,
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
    };
    const { output, output_text } = await it.client.responses.stream(body).finalResponse();
    expect(output[0]).toMatchObject({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'one two three' }],
    });
    expect(output_text).toBe('Done.');
  });
});

describe.each(openAIClients)('Claude behind the door of client $name', (Client) => {
  const asked = {
    model: 'claude-haiku-4-5',
    max_output_tokens: 9_000,
    reasoning: { effort: 'low' as const },
  };

  it.each(['whole', 'streamed'])('TH-12 gets its reasoning back as it was, %s', async (form) => {
    const first = reply.answer([
      { type: 'thinking', pieces: ['Let me see.'], signature: 'sig-1' },
      { type: 'text', pieces: ['I look.'] },
      { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } },
    ]);
    await using it = await serve(Client, first, reply.text('Rain.'));
    const input: ResponseInput = [{ role: 'user', content: question }];
    const body = { ...asked, input, tools: [weather] };
    const { output } =
      form === 'whole'
        ? await it.client.responses.create(body)
        : await it.client.responses.stream(body).finalResponse();
    // Nobody asked to see it, but it has to go back.
    expect(output[0]).toMatchObject({ type: 'reasoning', summary: [] });
    input.push(...(output as ResponseInput));
    input.push({ type: 'function_call_output', call_id: 'toolu_1', output: 'rain' });
    await it.client.responses.create(body);
    expect(lastBody(it.upstream)['messages']).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Let me see.', signature: 'sig-1' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'toolu_1' },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] },
    ]);
  });

  it('TL-12 calls custom tools', async () => {
    const called = reply.tools([{ name: 'run', input: { input: 'print(1)' } }]);
    await using it = await serve(Client, called, called);
    const body = { ...asked, input: question, tools: [{ type: 'custom' as const, name: 'run' }] };
    const call = { type: 'custom_tool_call', name: 'run', input: 'print(1)' };
    expect((await it.client.responses.create(body)).output).toMatchObject([call]);
    expect((await it.client.responses.stream(body).finalResponse()).output).toMatchObject([call]);
  });

  it('tells of what it was asked for in vain', async () => {
    await using it = await serve(Client, reply.text('ok'));
    const response = await it.client.responses.create({ ...asked, input: question, temperature: 0.5 });
    expect(Object(response).runestone.warnings).toMatchObject([{ param: 'temperature' }]);
  });
});

describe.each(openAIClients)('what client $name cannot have here', ({ on }) => {
  it.each<[object, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0].id'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }], temperature: 'hot' }, 'temperature'],
  ])('%j is refused by name', async (more, param) => {
    await using it = await serve({ name: '', on });
    const body = { model: 'claude-haiku-4-5', input: question, ...more };
    const error = await failureOf(it.client.post('/responses', { body }));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param });
    expect(it.upstream.count).toBe(0);
  });
});
