import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reply, startUpstream, type Upstream } from '../../../src/testing/upstream/index.ts';

/** The vendor's own client is the judge of whether this is the vendor's wire. */
let upstream: Upstream;
let client: Anthropic;
beforeAll(async () => {
  upstream = await startUpstream();
  client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: upstream.url, maxRetries: 0 });
});
beforeEach(() => upstream.reset());
afterAll(() => upstream.close());

const question = {
  model: 'claude-sonnet-5-5',
  max_tokens: 1024,
  messages: [{ role: 'user' as const, content: 'What is the weather in Paris?' }],
};
const tools = [
  { name: 'weather', input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } } },
];

describe('@anthropic-ai/sdk against the upstream', () => {
  it('reads a message', async () => {
    upstream.script(reply.text('Hello.'));
    const message = await client.messages.create(question);
    expect(message.content).toMatchObject([{ type: 'text', text: 'Hello.' }]);
    expect(message._request_id).toMatch(/^req_/);
  });

  it('folds a stream to the same content', async () => {
    const thought = reply.thinking('Rain is likely.', { text: 'Take an umbrella.' });
    upstream.script(thought, thought);
    const whole = await client.messages.create(question);
    const folded = await client.messages.stream(question).finalMessage();
    expect(folded.content).toEqual(whole.content);
    expect(folded.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect(folded.stop_reason).toBe('end_turn');
  });

  it('walks a tool round trip, thoughts and all', async () => {
    const thinking = { type: 'adaptive' as const, display: 'summarized' as const };
    const first = await client.messages.stream({ ...question, tools, thinking }).finalMessage();
    const call = first.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'weather', input: { city: 'Paris' } });
    const second = await client.messages.create({
      ...question,
      tools,
      thinking,
      messages: [
        ...question.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: '18 °C' }] },
      ],
    });
    expect(second.content.at(-1)).toMatchObject({ text: 'The tool says: 18 °C' });
  });

  it.each([
    [529, 'overloaded_error'],
    [429, 'rate_limit_error'],
    [401, 'authentication_error'],
    [404, 'not_found_error'],
  ])('recognises status %d', async (status, type) => {
    upstream.script(reply.status(status));
    const error = await client.messages.create(question).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status, type });
  });

  it('recognises an error in a stream', async () => {
    upstream.script(reply.errorEvent());
    const error = await client.messages
      .stream(question)
      .finalMessage()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ type: 'overloaded_error' });
  });

  it('lists models and counts tokens', async () => {
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
    expect(await client.messages.countTokens({ model: question.model, messages: question.messages })).toEqual(
      {
        input_tokens: 8,
      },
    );
  });
});
