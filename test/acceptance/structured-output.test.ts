import type OpenAI7 from 'openai7';
import {
  type ChatCompletion,
  type ChatStream,
  type ForeignChatRequest,
  InvalidOutputError,
  type Middleware,
  type ParsedCompletion,
  ProviderPool,
  type SchemaRequest,
  schemaFormat,
} from 'runestone';
import { replies, reply, scriptedProvider } from 'runestone/testing';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { failureOf } from '../contexts.ts';
import { lastBody, question, stand } from './lab.ts';

const Person = z.object({
  name: z.string(),
  born: z.string().transform((text) => new Date(text)),
});
const ada = '{"name":"Ada","born":"1815-12-10"}';
const parsedAda = { name: 'Ada', born: new Date('1815-12-10') };

describe('an answer read by a schema', () => {
  it('is parsed, whole or streamed, and the host sees the JSON schema alone', async () => {
    await using it = await stand();
    it.upstream.script(reply.text(ada), reply.text(ada, { chunks: 5 }));
    const request = { ...question(), response_format: schemaFormat(Person, { name: 'person' }) };
    const answer = await it.pool.request(request);
    expect(answer.choices[0]?.message.parsed).toEqual(parsedAda);
    expect(answer.choices[0]?.message.content).toBe(ada);
    const stream = await it.pool.streamRequest(request);
    expect((await stream.completion()).choices[0]?.message.parsed).toEqual(parsedAda);
    expect(lastBody(it.upstream)['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { name: { type: 'string' }, born: { type: 'string' } },
          required: ['name', 'born'],
          additionalProperties: false,
        },
      },
    });
  });

  it('is parsed beside whoever reads the chunks', async () => {
    await using it = await stand();
    it.upstream.script(reply.text(ada, { chunks: 3 }));
    const stream = await it.pool.streamRequest({ ...question(), response_format: schemaFormat(Person) });
    let text = '';
    for await (const piece of stream.text()) text += piece;
    expect(text).toBe(ada);
    expect((await stream.completion()).choices[0]?.message.parsed).toEqual(parsedAda);
  });

  it('goes back with the next turn as it is, though the schema made a Date of it', async () => {
    await using it = await stand();
    it.upstream.script(reply.text(ada), reply.text('In London.'));
    const first = await it.pool.request({ ...question('Who?'), response_format: schemaFormat(Person) });
    const said = first.choices[0]?.message;
    if (!said) return expect.unreachable('no answer');
    const messages = [...question('Who?').messages, said, { role: 'user' as const, content: 'Where?' }];
    await it.pool.request({ ...question(), messages });
    expect(JSON.stringify(lastBody(it.upstream))).not.toContain('parsed');
    expect(lastBody(it.upstream)['messages']).toMatchObject([{}, { content: [{ text: ada }] }, {}]);
  });

  it('is one of any library', async () => {
    await using it = await stand();
    it.upstream.script(reply.text('{"n":"7"}'));
    const schema = v.object({ n: v.pipe(v.string(), v.transform(Number)) });
    const jsonSchema = { type: 'object', properties: { n: { type: 'string' } }, required: ['n'] };
    const response_format = schemaFormat(schema, { jsonSchema });
    const answer = await it.pool.request({ ...question(), response_format });
    expect(answer.choices[0]?.message.parsed).toEqual({ n: 7 });
  });

  it('has no `parsed` when the same format came as JSON: then the client reads it', async () => {
    await using it = await stand();
    it.upstream.script(reply.text(ada));
    const response_format = JSON.parse(JSON.stringify(schemaFormat(Person)));
    const answer = await it.pool.request({ ...question(), response_format });
    expect(answer.choices[0]?.message).not.toHaveProperty('parsed');
  });

  it.each([
    ['was cut', reply.text('{"name":"Ad', { stopReason: 'max_tokens' }), 'length'],
    ['was refused', reply.refusal('No.'), 'content_filter'],
    ['calls a tool', reply.tools([{ name: 'look', input: {} }], { text: 'Let me see.' }), 'tool_calls'],
  ])('has null for `parsed` when it %s (RF-11)', async (_, answer, reason) => {
    await using it = await stand();
    it.upstream.script(answer);
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    const request = { ...question(), tools, response_format: schemaFormat(Person) };
    const { choices } = await it.pool.request(request);
    expect(choices).toMatchObject([{ finish_reason: reason }]);
    expect(choices[0]?.message.parsed).toBeNull();
  });
});

describe('an answer that its schema refuses', () => {
  const wrong = '{"name":"canary-name"}';

  it.each([true, false])('is an error with all there is to know, streamed: %s', async (streamed) => {
    await using it = await stand();
    it.upstream.script(reply.text(wrong));
    const request = { ...question(), response_format: schemaFormat(Person, { name: 'person' }) };
    const asked = streamed
      ? it.pool.streamRequest(request).then((stream) => stream.completion())
      : it.pool.request(request);
    const error = await failureOf(asked);
    if (!(error instanceof InvalidOutputError)) throw error;
    expect(error).toMatchObject({
      code: 'invalid_output',
      reason: 'schema_mismatch',
      provider: 'anthropic',
      model: expect.stringMatching(/^claude-haiku-4-5/),
      requestId: expect.any(String),
      attempts: [{ outcome: 'ok', finishReason: 'stop' }],
      usage: { outputTokens: expect.any(Number) },
      costUsd: expect.any(Number),
    });
    expect(error.partial?.content).toBe(wrong);
    expect(error.issues).toMatchObject([{ path: ['born'] }]);
    expect(error.message).toMatch(
      /^anthropic: the answer is not what its schema says, in 1 place; .+"person"/,
    );
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('is the provider’s success: no retry, no failover, no breaker, and the request has ended', async () => {
    const a = scriptedProvider('a', [replies('no JSON')]);
    const b = scriptedProvider('b', [replies(ada)]);
    const models = { best: ['a/m', 'b/m'] };
    await using pool = new ProviderPool({ providers: [a, b], models, breaker: { failureThreshold: 1 } });
    const request = { ...question(), model: 'best', response_format: schemaFormat(Person) };
    const told: string[] = [];
    pool.on('request.stop', ({ outcome }) => told.push(outcome));
    for (let turn = 0; turn < 3; turn++) {
      expect(await failureOf(pool.request(request))).toMatchObject({ reason: 'invalid_json' });
    }
    expect([a.calls.length, b.calls.length]).toEqual([3, 0]);
    expect(told).toEqual(['ok', 'ok', 'ok']);
    expect(pool.stats().targets['a/m']).toMatchObject({ circuit: 'closed' });
  });

  it('breaks no stream: only `completion()` asks the schema', async () => {
    await using it = await stand();
    it.upstream.script(reply.text(wrong));
    const stream = await it.pool.streamRequest({ ...question(), response_format: schemaFormat(Person) });
    let text = '';
    for await (const piece of stream.text()) text += piece;
    expect(text).toBe(wrong);
    expect(await failureOf(stream.completion())).toMatchObject({ code: 'invalid_output', committed: true });
  });
});

it('a middleware that writes the request anew does not lose the schema', async () => {
  const a = scriptedProvider('a', [replies(ada)]);
  const redact: Middleware = {
    name: 'redact',
    request: (context, next) => next({ ...context, request: JSON.parse(JSON.stringify(context.request)) }),
  };
  await using pool = new ProviderPool({ providers: [a], middleware: [redact] });
  const answer = await pool.request({ ...question(), model: 'a/m', response_format: schemaFormat(Person) });
  expect(answer.choices[0]?.message.parsed).toEqual(parsedAda);
});

// Checked by `tsc`: nothing is sent.
it('the type of `parsed` is the schema’s output', () => {
  type Out = { name: string; born: Date };
  const format = schemaFormat(Person);
  const ask = (pool: ProviderPool, foreign: OpenAI7.ChatCompletionCreateParams, own: SchemaRequest<Out>) => ({
    inline: pool.request({ model: 'm', messages: [{ role: 'user', content: 'x' }], response_format: format }),
    foreign: pool.request({ ...foreign, response_format: format }),
    named: pool.request(own, { strict: true }),
    streamed: pool.streamRequest({ messages: [], response_format: format }),
    plain: pool.request({ messages: [], response_format: { type: 'json_object' } }),
    none: pool.streamRequest(foreign),
  });
  type Asked = { [Key in keyof ReturnType<typeof ask>]: Awaited<ReturnType<typeof ask>[Key]> };
  expectTypeOf<Asked['inline']>().toEqualTypeOf<ParsedCompletion<Out>>();
  expectTypeOf<Asked['foreign']>().toEqualTypeOf<ParsedCompletion<Out>>();
  expectTypeOf<Asked['named']>().toEqualTypeOf<ParsedCompletion<Out>>();
  expectTypeOf<Asked['streamed']['completion']>().returns.resolves.toEqualTypeOf<ParsedCompletion<Out>>();
  expectTypeOf<Asked['plain']>().toEqualTypeOf<ChatCompletion>();
  expectTypeOf<Asked['none']>().toEqualTypeOf<ChatStream>();
  expectTypeOf<ParsedCompletion<Out>['choices'][number]['message']['parsed']>().toEqualTypeOf<Out | null>();
  expectTypeOf<ParsedCompletion<Out>>().toExtend<OpenAI7.ChatCompletion>();
  expectTypeOf<ForeignChatRequest>().not.toExtend<SchemaRequest<Out>>();
});
