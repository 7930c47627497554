import OpenAI6 from 'openai6';
import OpenAI7 from 'openai7';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reply, startUpstream, type Upstream } from '../../../../src/testing/upstream/index.ts';

// The two majors differ in types that these tests do not touch.
const majors = [
  ['6', OpenAI6],
  ['7', OpenAI7 as unknown as typeof OpenAI6],
] as const;

const question = {
  model: 'gpt-test',
  messages: [{ role: 'user' as const, content: 'What is the weather in Paris?' }],
};
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: schema } }];

/** The vendor's own client is the judge of whether this is the vendor's wire. */
describe.each(majors)('openai %s against the upstream', (_, OpenAI) => {
  let upstream: Upstream;
  let client: OpenAI6;
  beforeAll(async () => {
    upstream = await startUpstream();
    client = new OpenAI({ apiKey: 'sk-test', baseURL: `${upstream.url}/v1`, maxRetries: 0 });
  });
  beforeEach(() => upstream.reset());
  afterAll(() => upstream.close());

  it('reads a completion', async () => {
    upstream.script(reply.text('Hello.'));
    const completion = await client.chat.completions.create(question);
    expect(completion.choices[0]?.message.content).toBe('Hello.');
    expect(completion._request_id).toMatch(/^req_/);
  });

  it('folds a stream to the same completion', async () => {
    const call = reply.tools([{ name: 'weather', input: { city: 'Paris' } }, { name: 'weather' }], {
      text: 'So:',
    });
    upstream.script(call, call);
    const whole = await client.chat.completions.create({ ...question, tools });
    const stream_options = { include_usage: true };
    const folded = await client.chat.completions
      .stream({ ...question, tools, stream_options })
      .finalChatCompletion();
    const plain = (calls: unknown): unknown =>
      (calls as { function: { name: string; arguments: string } }[]).map((one) => [
        one.function.name,
        one.function.arguments,
      ]);
    expect(plain(folded.choices[0]?.message.tool_calls)).toEqual(plain(whole.choices[0]?.message.tool_calls));
    expect(folded.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(folded.usage).toEqual(whole.usage);
    expect(folded.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('runs tools to the end', async () => {
    const asked: string[] = [];
    const run = client.chat.completions.runTools({
      ...question,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'The weather.',
            parameters: schema,
            parse: JSON.parse,
            function: ({ city }: { city: string }) => {
              asked.push(city);
              return '18 °C';
            },
          },
        },
      ],
    });
    expect(await run.finalContent()).toBe('The tool says: 18 °C');
    expect(asked).toEqual(['Paris']);
  });

  it('parses a schema', async () => {
    const format = { type: 'json_schema' as const, json_schema: { name: 'answer', schema, strict: true } };
    const { choices } = await client.chat.completions.parse({ ...question, response_format: format });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ city: 'Paris' });
  });

  it('embeds, as floats and as base64, which the client asks for by itself', async () => {
    const asked = { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 8 };
    const unasked = await client.embeddings.create(asked);
    const floats = await client.embeddings.create({ ...asked, encoding_format: 'float' });
    expect(upstream.requests[0]?.body).toMatchObject({ encoding_format: 'base64' });
    expect(unasked.data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(unasked.data[1]?.embedding).toEqual(floats.data[1]?.embedding);
  });

  it('lists models', async () => {
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it.each([
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [404, 'NotFoundError'],
    [429, 'RateLimitError'],
    [503, 'InternalServerError'],
  ] as const)('recognises status %d', async (status, name) => {
    upstream.script(reply.status(status));
    const error = await client.chat.completions.create(question).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI[name]);
  });

  it('recognises an error in a stream (ERR-54)', async () => {
    upstream.script(reply.errorEvent());
    const stream = client.chat.completions.stream(question);
    const error = await stream.finalChatCompletion().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'service_unavailable' });
  });

  it('is refused what the API would refuse', async () => {
    const odd = { ...question, messages: [{ ...question.messages[0], reasoning_content: 'x' }] };
    await expect(client.chat.completions.create(odd as typeof question)).rejects.toMatchObject({
      status: 400,
      code: 'unknown_parameter',
      param: 'messages[0].reasoning_content',
    });
  });
});
