import type { ChatCompletion, ChatMessage, ChatRequest } from 'runestone';
import { reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { collect, failureOf } from '../contexts.ts';
import { lastBody, question, type Stand, stand } from './lab.ts';

/** Both ways to ask, which must come to the same. */
const ways = [
  ['whole', (it: Stand, request: ChatRequest) => it.pool.request(request)],
  [
    'streamed',
    async (it: Stand, request: ChatRequest) => (await it.pool.streamRequest(request)).completion(),
  ],
] as const;

const messageOf = (answer: ChatCompletion) => answer.choices[0]?.message;

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('a thought keeps its signature through the round trip', () => {
  const thinker = { thinking: { type: 'enabled', budget_tokens: 1_024 }, max_completion_tokens: 2_000 };
  const ask = (messages: readonly ChatMessage[]): ChatRequest => ({
    model: 'claude-haiku-4-5',
    ...thinker,
    messages,
    tools: [weather],
  });
  const user: ChatMessage = { role: 'user', content: 'Weather in Paris?' };
  const calls = [{ name: 'get_weather', id: 'toolu_1', input: { city: 'Paris' } }];

  it.each(ways)('byte for byte, over a tool call and JSON storage: %s', async (_, ask_) => {
    await using it = await stand({ claude: { exposeReasoning: true } });
    const thought = ' Let me think… "Grüße" \u2028 \\n 😀 \ud83d\ude00 ';
    const thinking = reply.thinking(thought, { text: 'I look.' }).answer?.blocks ?? [];
    it.upstream.script(reply.answer([...thinking, ...(reply.tools(calls).answer?.blocks ?? [])]));
    const first = await ask_(it, ask([user]));
    const message = messageOf(first);
    expect(message).toMatchObject({ content: 'I look.', tool_calls: [{ id: 'toolu_1' }] });
    expect(message?.thinking_blocks).toMatchObject([{ type: 'thinking', thinking: thought }]);
    // As a service stores it.
    const stored: ChatMessage = JSON.parse(JSON.stringify(message));
    const result: ChatMessage = { role: 'tool', tool_call_id: 'toolu_1', content: '18 °C' };
    const second = await ask_(it, ask([user, stored, result]));
    expect(second.choices[0]?.finish_reason).toBe('stop');
    const [, sent] = Object(lastBody(it.upstream)['messages']);
    expect(sent.content).toMatchObject([
      { type: 'thinking', thinking: thought, signature: Object(message?.thinking_blocks?.[0]).signature },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'toolu_1', input: { city: 'Paris' } },
    ]);
  });

  it('the host would notice a single changed character', async () => {
    await using it = await stand({ claude: { exposeReasoning: true } });
    it.upstream.script(reply.thinking('Let me think.'));
    const message = messageOf(await it.pool.request(ask([user])));
    const forged: ChatMessage = JSON.parse(
      JSON.stringify(message).replaceAll('Let me think.', 'Let me thunk.'),
    );
    const asked = ask([user, forged, { role: 'user', content: 'And?' }]);
    // Strict, or the pool would leave the thought out and ask again (TH-16).
    const error = await failureOf(it.pool.request(asked, { strict: true }));
    expect(error).toMatchObject({
      code: 'invalid_request',
      status: 400,
      reason: 'invalid_thinking_signature',
    });
  });

  it.each(ways)('hidden and redacted ones too: %s', async (_, ask_) => {
    await using it = await stand();
    it.upstream.script(
      reply.answer([
        { type: 'thinking', pieces: [], signature: 'c2lnbmVk' },
        { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' },
        { type: 'text', pieces: ['Well.'] },
      ]),
    );
    const message = messageOf(await ask_(it, ask([user])));
    expect(message).not.toHaveProperty('reasoning_content');
    const stored: ChatMessage = JSON.parse(JSON.stringify(message));
    await ask_(it, ask([user, stored, { role: 'user', content: 'And?' }]));
    expect(Object(lastBody(it.upstream)['messages'])[1].content).toMatchObject([
      { type: 'thinking', thinking: '', signature: 'c2lnbmVk' },
      { type: 'redacted_thinking', data: 'ZW5jcnlwdGVk' },
      { type: 'text', text: 'Well.' },
    ]);
  });
});

describe('tools', () => {
  const city = (name: string, pieces: readonly string[]) => ({
    name: 'get_weather',
    id: `toolu_${name}`,
    input: { city: name },
    pieces,
  });
  const both = reply.tools(
    [city('Paris', ['{"ci', 'ty":"Par', 'is"}']), city('Rome', ['', '{"city":"Rome"}'])],
    { text: 'Let me look.' },
  );

  it('stream their arguments as they come, in parallel calls with dense indexes', async () => {
    await using it = await stand();
    it.upstream.script(both);
    const chunks = await collect(await it.pool.streamRequest(question('?', { tools: [weather] })));
    const parts = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(parts.filter(({ id }) => id !== undefined)).toMatchObject([
      { index: 0, id: 'toolu_Paris', type: 'function', function: { name: 'get_weather' } },
      { index: 1, id: 'toolu_Rome', type: 'function', function: { name: 'get_weather' } },
    ]);
    const paris = parts.filter(({ index }) => index === 0).map((part) => part.function?.arguments ?? '');
    expect(paris.filter(Boolean)).toEqual(['{"ci', 'ty":"Par', 'is"}']);
    expect(chunks.at(-1)?.choices[0]?.finish_reason ?? chunks.at(-2)?.choices[0]?.finish_reason).toBe(
      'tool_calls',
    );
  });

  it.each(ways)('go forth and back: calls, results in one turn, an error result: %s', async (_, ask) => {
    await using it = await stand();
    it.upstream.script(both, reply.text('18 and 24 °C.'));
    const first = await ask(it, question('Paris and Rome?', { tools: [weather] }));
    const message = messageOf(first);
    expect(message?.tool_calls).toMatchObject([
      { id: 'toolu_Paris', function: { arguments: '{"city":"Paris"}' } },
      { id: 'toolu_Rome', function: { arguments: '{"city":"Rome"}' } },
    ]);
    const results: ChatMessage[] = ['Paris', 'Rome'].map((name) => ({
      role: 'tool',
      tool_call_id: `toolu_${name}`,
      content: `${name}: fine`,
    }));
    const asked = question('Paris and Rome?').messages;
    const stored: ChatMessage = JSON.parse(JSON.stringify(message));
    const second = await ask(
      it,
      question('', { messages: [...asked, stored, ...results], tools: [weather] }),
    );
    expect(messageOf(second)?.content).toBe('18 and 24 °C.');
    const sent = Object(lastBody(it.upstream)['messages']);
    expect(sent).toHaveLength(3);
    expect(sent[2].content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'toolu_Paris' },
      { type: 'tool_result', tool_use_id: 'toolu_Rome' },
    ]);
  });

  it('can be forced, forbidden, or called one at a time', async () => {
    await using it = await stand();
    const sent = async (fields: Partial<ChatRequest>): Promise<unknown> => {
      await it.pool.request(question('Paris?', { tools: [weather], ...fields }));
      return lastBody(it.upstream)['tool_choice'];
    };
    expect(await sent({ tool_choice: 'required' })).toMatchObject({ type: 'any' });
    const named = { type: 'function', function: { name: 'get_weather' } };
    expect(await sent({ tool_choice: named })).toMatchObject({ type: 'tool', name: 'get_weather' });
    expect(await sent({ tool_choice: 'none' })).toMatchObject({ type: 'none' });
    expect(await sent({ parallel_tool_calls: false })).toMatchObject({ disable_parallel_tool_use: true });
  });
});

describe('what is asked', () => {
  const PNG =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const PDF = Buffer.from('%PDF-1.4 …').toString('base64');

  it('may hold system and developer messages, images and documents', async () => {
    await using it = await stand();
    await it.pool.request(
      question('', {
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'developer', content: 'Be short.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
              { type: 'image_url', image_url: { url: 'https://a.example/i.png' } },
              { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
            ],
          },
        ],
      }),
    );
    const { system, messages } = Object(lastBody(it.upstream));
    expect(JSON.stringify(system)).toMatch(/Be kind\..*Be short\./);
    expect(messages[0].content).toMatchObject([
      { type: 'text', text: 'What is this?' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/i.png' } },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: PDF },
        title: 'a.pdf',
      },
    ]);
  });

  it('may end at a stop sequence, and is told so', async () => {
    await using it = await stand();
    const answer = await it.pool.request(question('Go', { stop: ['I am'] }));
    expect(lastBody(it.upstream)['stop_sequences']).toEqual(['I am']);
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', native_finish_reason: 'stop_sequence' });
    expect(messageOf(answer)?.content).not.toContain('I am');
  });

  it.each(ways)('may want an answer in a given form: %s', async (_, ask) => {
    await using it = await stand();
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const answer = await ask(
      it,
      question('Where is the Louvre? Paris', {
        response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
      }),
    );
    expect(JSON.parse(messageOf(answer)?.content ?? '')).toEqual({ city: expect.any(String) });
    expect(lastBody(it.upstream)['output_config']).toMatchObject({ format: { type: 'json_schema', schema } });
  });
});

describe('how an answer ends', () => {
  it.each<readonly [raw: string, reason: string]>([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['a_word_of_the_future', 'stop'],
  ])('%s is %s, streamed or not', async (stopReason, reason) => {
    await using it = await stand();
    it.upstream.respond(() => reply.text('So be it.', { stopReason }));
    for (const [, ask] of ways) {
      const { choices } = await ask(it, question());
      expect(choices[0]).toMatchObject({ finish_reason: reason, native_finish_reason: stopReason });
    }
  });

  it.each(ways)('a refusal is told as one: %s', async (_, ask) => {
    await using it = await stand();
    it.upstream.script(reply.refusal('Not that.'));
    const { choices } = await ask(it, question());
    expect(choices[0]).toMatchObject({
      finish_reason: 'content_filter',
      message: { content: null, refusal: expect.stringContaining('Not that.') },
    });
  });
});
