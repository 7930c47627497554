import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openai, openaiCompatible } from 'runestone/providers/openai-compatible';
import { type Reply, reply, startUpstream, type Upstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { failureOf } from '../contexts.ts';
import { until } from '../provider-kit/loopback.ts';
import { anthropicClient } from './door-clients.ts';
import { around, KEY, lastBody, type Stand } from './lab.ts';

/** A pool with either wire behind it, and Anthropic's client before it. */
async function serve(version: string, ...replies: readonly Reply[]): Promise<Stand & { client: Anthropic }> {
  const upstream = await startUpstream();
  const it = around(upstream, {
    providers: [
      anthropic({ apiKey: KEY, baseURL: upstream.url }),
      openaiCompatible({ name: 'open', baseURL: `${upstream.url}/v1`, apiKey: KEY }),
      openai({ baseURL: `${upstream.url}/v1`, apiKey: KEY }),
    ],
    retry: { attempts: 1 },
  });
  upstream.script(...replies);
  return { ...it, client: anthropicClient(it.pool, { 'anthropic-version': version }) };
}

const weather = {
  name: 'get_weather',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
};
const hi = { role: 'user' as const, content: 'What is the weather in Oslo?' };

/** The messages that reached the host. */
const sentMessages = (upstream: Upstream): unknown => lastBody(upstream)['messages'];

describe.each([
  ['claude-haiku-4-5', '2026-10-21'],
  ['claude-haiku-4-5', '2023-06-01'],
  ['open/gpt-4.1', '2026-10-21'],
  ['open/gpt-4.1', '2023-06-01'],
])('Anthropic’s client asks for %s, by version %s', (model, version) => {
  const asked = { model, max_tokens: 2_000, messages: [hi] };
  const isNew = version === '2026-10-21';

  it('reads a whole answer', async () => {
    await using it = await serve(version, reply.text('Sunny.'));
    const message = await it.client.messages.create(asked);
    expect(message).toMatchObject({
      ...{ type: 'message', role: 'assistant', stop_reason: 'end_turn', stop_sequence: null },
      content: [{ type: 'text', text: 'Sunny.' }],
      usage: { input_tokens: expect.any(Number), output_tokens: 2 },
    });
    expect(message.id).toMatch(/^msg_/);
    // Under Anthropic's name for it: its client looks nowhere else.
    expect(message._request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect('container' in message).toBe(isNew);
  });

  it('reads the same answer from a stream', async () => {
    await using it = await serve(version, ...Array(2).fill(reply.text('Grüße, 世界! 😀')));
    const streamed = await it.client.messages.stream(asked).finalMessage();
    const whole = await it.client.messages.create(asked);
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.usage).toEqual(whole.usage);
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    expect(streamed.id).not.toBe(whole.id);
  });

  it.each(['whole', 'streamed'])('runs a loop of tools, %s', async (form) => {
    const calls = reply.tools([{ name: 'get_weather', input: { city: 'Oslo' } }], { text: 'I look.' });
    await using it = await serve(version, calls, reply.text('Rain.'));
    const ask = async (messages: Anthropic.MessageParam[]): Promise<Anthropic.Message> => {
      const body = { ...asked, messages, tools: [weather] };
      return form === 'whole'
        ? it.client.messages.create(body)
        : it.client.messages.stream(body).finalMessage();
    };
    const first = await ask([hi]);
    expect(first.stop_reason).toBe('tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: { city: 'Oslo' } });
    const result = { type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: 'rain' };
    const last = await ask([
      hi,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [result] },
    ]);
    expect(last.content).toMatchObject([{ text: 'Rain.' }]);
  });

  it('reads an answer by a schema', async () => {
    await using it = await serve(version, reply.text('{"city":"Oslo","degrees":7}'));
    const format = zodOutputFormat(z.object({ city: z.string(), degrees: z.number() }));
    const message = await it.client.messages.parse({ ...asked, output_config: { format } });
    expect(message.parsed_output).toEqual({ city: 'Oslo', degrees: 7 });
    const { output_config: config, response_format: wanted } = lastBody(it.upstream);
    expect(config ?? wanted).toMatchObject(
      config ? { format: { type: 'json_schema' } } : { type: 'json_schema', json_schema: { strict: true } },
    );
  });

  it.each(['eof', 'reset', 'close'] as const)('T20 is told of a cut by %s, not of an end', async (how) => {
    const broken = reply.cut({ after: 2, how, answer: reply.text('one two three four') });
    await using it = await serve(version, broken, broken);
    expect(await failureOf(it.client.messages.stream(asked).finalMessage())).toBeInstanceOf(
      Anthropic.APIError,
    );
    let words = '';
    const reading = async (): Promise<void> => {
      for await (const event of await it.client.messages.create({ ...asked, stream: true })) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
          words += event.delta.text;
      }
    };
    expect(await failureOf(reading())).toMatchObject({ type: 'api_error' });
    expect(words).toBe('one two');
  });

  it('is told of a refusal before the first byte, by its class', async () => {
    await using it = await serve(version, reply.status(429, { headers: { 'retry-after': '7' } }));
    const error = await failureOf(it.client.messages.create(asked));
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error', requestID: expect.any(String) });
  });

  it('leaves, and the request upstream with it', async () => {
    await using it = await serve(version, reply.stall({ after: 1, answer: reply.text('one two') }));
    const stream = it.client.messages.stream(asked);
    for await (const { type } of stream) if (type === 'content_block_delta') break;
    await until(() => it.upstream.requests[0]?.closedByClient === true);
  });

  it('is told of a declined answer', async () => {
    await using it = await serve(version, reply.refusal('I will not.'));
    const message = await it.client.messages.stream(asked).finalMessage();
    expect(message).toMatchObject({ stop_reason: 'refusal', stop_details: { explanation: 'I will not.' } });
  });

  it('counts', async () => {
    await using it = await serve(version);
    const { max_tokens: _, ...counted } = asked;
    expect(await it.client.messages.countTokens(counted)).toEqual({ input_tokens: expect.any(Number) });
  });
});

describe('Claude behind the door', () => {
  const asked = { model: 'claude-haiku-4-5', max_tokens: 9_000, messages: [hi] };
  const thinking = { type: 'enabled' as const, budget_tokens: 2_000 };

  it.each(['whole', 'streamed'])('TH-12 gets its reasoning back as it was, %s', async (form) => {
    const first = reply.answer([
      { type: 'thinking', pieces: ['Let me ', 'see.'], signature: 'sig-1' },
      { type: 'redacted_thinking', data: 'dark' },
      { type: 'text', pieces: ['I look.'] },
      { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } },
    ]);
    await using it = await serve('2026-10-21', first, reply.text('Rain.'));
    const body = { ...asked, thinking, tools: [weather] };
    const { content } =
      form === 'whole'
        ? await it.client.messages.create(body)
        : await it.client.messages.stream(body).finalMessage();
    expect(content.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'text', 'tool_use']);
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'rain' };
    await it.client.messages.create({
      ...body,
      messages: [hi, { role: 'assistant', content }, { role: 'user', content: [result] }],
    });
    expect(sentMessages(it.upstream)).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Let me see.', signature: 'sig-1' },
          { type: 'redacted_thinking', data: 'dark' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } },
        ],
      },
      { role: 'user', content: [result] },
    ]);
  });

  it('streams reasoning as it comes', async () => {
    await using it = await serve('2026-10-21', reply.thinking('one two three', { text: 'Done.' }));
    const kinds: string[] = [];
    for await (const event of await it.client.messages.create({ ...asked, thinking, stream: true })) {
      if (event.type === 'content_block_delta') kinds.push(event.delta.type);
    }
    expect(kinds.filter((kind) => kind === 'thinking_delta').length).toBeGreaterThan(1);
    expect(lastBody(it.upstream)['thinking']).toEqual(thinking);
  });

  it('the SDK’s runner goes on without a thread, with all that was said', async () => {
    const calls = reply.tools([{ name: 'get_weather', input: { city: 'Oslo' } }]);
    await using it = await serve('2026-10-21', calls, reply.text('Rain.'));
    const run = async ({ city }: { city: string }): Promise<string> => `rain in ${city}`;
    const runner = it.client.beta.messages.toolRunner({
      ...asked,
      tools: [{ ...weather, run, parse: (value: unknown) => Object(value) }],
    });
    const message = await runner;
    expect(message.content).toMatchObject([{ text: 'Rain.' }]);
    // The refused request never left the door.
    expect(it.upstream.count).toBe(2);
    expect(sentMessages(it.upstream)).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'tool_use' }] },
      { role: 'user', content: [{ type: 'tool_result', content: 'rain in Oslo' }] },
    ]);
    expect(lastBody(it.upstream)).not.toHaveProperty('thread');
  });

  it('a thread is refused in the words that the SDK knows', async () => {
    await using it = await serve('2026-10-21');
    const body = {
      ...asked,
      thread: { type: 'create' as const },
      betas: ['message-threads-2026-08-12' as const],
    };
    const error = await failureOf(it.client.beta.messages.create(body));
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error).toMatchObject({
      errorCode: 'thread_unsupported_request',
      details: { unsupported: ['threads'] },
    });
  });
});

describe('another host behind the door', () => {
  const asked = { model: 'open/gpt-4.1', max_tokens: 900, messages: [hi] };

  it('is sent what OpenAI’s dialect has words for', async () => {
    await using it = await serve('2026-10-21', reply.text('ok'));
    const pdf = { type: 'base64' as const, media_type: 'application/pdf' as const, data: 'JVBERi0=' };
    const png = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
    await it.client.messages.create({
      ...asked,
      system: 'Be kind.',
      messages: [
        hi,
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't1', name: 'get_weather', input: { city: 'Oslo' } }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'rain' }] },
            { type: 'image', source: png },
            { type: 'document', source: pdf },
            { type: 'text', text: 'And this?', cache_control: { type: 'ephemeral' } },
          ],
        },
      ],
      tools: [{ ...weather, cache_control: { type: 'ephemeral' } }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      stop_sequences: ['END'],
    });
    expect(lastBody(it.upstream)).toMatchObject({
      ...{
        model: 'gpt-4.1',
        max_tokens: 900,
        stop: ['END'],
        tool_choice: 'auto',
        parallel_tool_calls: false,
      },
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: hi.content },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 't1', function: { arguments: '{"city":"Oslo"}' } }],
        },
        { role: 'tool', tool_call_id: 't1', content: 'rain' },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            { type: 'file', file: { filename: 'document.pdf' } },
            { type: 'text', text: 'And this?' },
          ],
        },
      ],
      tools: [{ type: 'function', function: { name: 'get_weather' } }],
    });
    expect(JSON.stringify(lastBody(it.upstream))).not.toMatch(/cache_control|anthropic|provider_specific/);
  });

  it('what it cannot be told is told to the client', async () => {
    await using it = await serve('2026-10-21', reply.text('ok'));
    const message = await it.client.messages.create({
      ...asked,
      thinking: { type: 'adaptive' },
      container: 'c1',
    });
    const { warnings } = Object(message).runestone;
    expect(warnings.map(({ param }: { param: string }) => param).sort()).toEqual(['container', 'thinking']);
  });

  it('is asked for the effort by its own name', async () => {
    await using it = await serve('2026-10-21', reply.text('ok'));
    const body = { ...asked, model: 'openai/o4-mini', output_config: { effort: 'low' as const } };
    await it.client.messages.create(body);
    expect(lastBody(it.upstream)).toMatchObject({ reasoning_effort: 'low' });
  });
});

describe('a request that is wrong', () => {
  it.each([
    [{ max_tokens: undefined }, 'max_tokens: '],
    [{ messages: [] }, 'messages: '],
    [{ tools: [{ name: 'f' }] }, 'tools[0].input_schema: '],
  ])('is refused at the client’s field: %j', async (more, said) => {
    await using it = await serve('2026-10-21');
    const body = { model: 'claude-haiku-4-5', max_tokens: 9, messages: [hi], ...more };
    const error = await failureOf(it.client.post('/v1/messages', { body }));
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(Object(error).apiMessage).toContain(said);
    expect(it.upstream.count).toBe(0);
  });
});

it('two answers never have one id, whatever the host calls them', async () => {
  const upstream = await startUpstream();
  const pool = new ProviderPool({
    providers: [openaiCompatible({ name: 'open', baseURL: `${upstream.url}/v1`, apiKey: KEY })],
  });
  const client = anthropicClient(pool);
  const asked = { model: 'open/gpt-4.1', max_tokens: 9, messages: [hi] };
  const ids = [await client.messages.create(asked), await client.messages.create(asked)].map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  await pool.close({ drainMs: 0 });
  await upstream.close();
});
