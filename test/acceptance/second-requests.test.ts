import { readFileSync } from 'node:fs';
import type { ChatCompletion, ChatCompletionChunk, ChatMessage, ChatRequest } from 'runestone';
import { type Reply, reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { collect, failureOf } from '../contexts.ts';
import { lastBody, type Stand, stand } from './lab.ts';

/** Both ways to ask, which must come to the same. */
const ways = [
  ['whole', (it: Stand, request: ChatRequest) => it.pool.request(request)],
  [
    'streamed',
    async (it: Stand, request: ChatRequest) => (await it.pool.streamRequest(request)).completion(),
  ],
] as const;

const user = (content: string): ChatMessage => ({ role: 'user', content });

describe('TH-16, BUG-89: reasoning that upstream refuses is left out, once', () => {
  const foreign = {
    type: 'thinking',
    thinking: 'I once thought.',
    signature: 'c29tZWJvZHkgZWxzZQ==',
  } as const;
  const history: ChatRequest = {
    model: 'claude-opus-5-5',
    messages: [
      user('One?'),
      { role: 'assistant', content: 'Two.', thinking_blocks: [foreign] },
      user('Three?'),
    ],
  };
  const refused = reply.status(400, {
    message: 'messages.1.content.0: Invalid `signature` in `thinking` block',
  });
  const typesOf = (body: unknown): string[] =>
    Object(body).messages.flatMap(({ content }: { content: { type: string }[] }) =>
      content.map(({ type }) => type),
    );

  it.each(ways)('in a second request of its own: %s', async (_, ask) => {
    await using it = await stand();
    it.upstream.script(refused, reply.text('Fine.'));
    const answer = await ask(it, history);
    const [first, second] = it.upstream.requests;
    expect(it.upstream.requests).toHaveLength(2);
    expect(typesOf(first?.body)).toEqual(['text', 'thinking', 'text', 'text']);
    expect(typesOf(second?.body)).toEqual(['text', 'text', 'text']);
    expect(answer.runestone.warnings).toMatchObject([{ code: 'thinking_stripped', param: 'messages' }]);
    expect(answer.runestone.trace.attempts).toMatchObject([
      { attempt: 1, outcome: 'error', code: 'invalid_request', status: 400, costUsd: 0 },
      { attempt: 2, outcome: 'ok' },
    ]);
    expect(it.of('retry.scheduled')).toMatchObject([{ delayMs: 0, code: 'invalid_request' }]);
    expect(it.of('translation.warning')).toHaveLength(1);
  });

  it.each(['bound to a different conversation', 'blocks in the latest assistant message cannot be modified'])(
    'by whatever words: %s',
    async (message) => {
      await using it = await stand();
      it.upstream.script(reply.status(400, { message }), reply.text('Fine.'));
      expect((await it.pool.request(history)).choices[0]?.message.content).toBe('Fine.');
    },
  );

  it('a second refusal stands', async () => {
    await using it = await stand();
    it.upstream.script(refused, refused, reply.text('Never asked for.'));
    expect(await failureOf(it.pool.request(history))).toMatchObject({
      code: 'invalid_request',
      reason: 'invalid_thinking_signature',
    });
    expect(it.upstream.requests).toHaveLength(2);
  });

  it('nothing to leave out is nothing to repair', async () => {
    await using it = await stand();
    it.upstream.script(refused, reply.text('Never asked for.'));
    await failureOf(it.pool.request({ ...history, messages: [user('One?')] }));
    expect(it.upstream.requests).toHaveLength(1);
  });

  it('strict: nothing is weakened, so the refusal stands', async () => {
    await using it = await stand();
    it.upstream.script(refused, reply.text('Never asked for.'));
    await failureOf(it.pool.request(history, { strict: true }));
    expect(it.upstream.requests).toHaveLength(1);
  });

  it('ERR-63: is within the attempts of a request, and no failure of the host', async () => {
    await using it = await stand({ pool: { retry: { attempts: 1 } } });
    it.upstream.script(refused, reply.text('Never asked for.'));
    await failureOf(it.pool.request(history));
    expect(it.upstream.requests).toHaveLength(1);
    expect(it.pool.providers()[0]?.targets[0]).toMatchObject({ circuit: 'closed' });
  });
});

describe('REQ-39, BUG-79: an answer that does not fit is asked for shorter, once', () => {
  const overflow = reply.status(400, {
    message: 'input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease them',
  });
  const ask_: ChatRequest = { model: 'claude-haiku-4-5', messages: [user('At length, please.')] };

  it.each(ways)('by what is left of the window: %s', async (_, ask) => {
    await using it = await stand();
    it.upstream.script(overflow, reply.text('Short.'));
    const answer = await ask(it, ask_);
    expect(answer.choices[0]?.message.content).toBe('Short.');
    expect(it.upstream.requests.map(({ body }) => Object(body).max_tokens)).toEqual([64_000, 10_000]);
    expect(answer.runestone.attempts).toBe(2);
  });

  it('not where the caller said how long it may be', async () => {
    await using it = await stand();
    it.upstream.script(overflow, reply.text('Never asked for.'));
    const failure = await failureOf(it.pool.request({ ...ask_, max_tokens: 64_000 }));
    expect(failure).toMatchObject({ code: 'context_overflow' });
    expect(it.upstream.requests).toHaveLength(1);
  });

  it('not where nothing is left of the window', async () => {
    await using it = await stand();
    it.upstream.script(reply.status(400, { message: 'exceed context limit: 200000 + 64000 > 200000' }));
    await failureOf(it.pool.request(ask_));
    expect(it.upstream.requests).toHaveLength(1);
  });

  it('a second refusal stands', async () => {
    await using it = await stand();
    it.upstream.script(overflow, overflow, reply.text('Never asked for.'));
    expect(await failureOf(it.pool.request(ask_))).toMatchObject({ code: 'context_overflow' });
    expect(it.upstream.requests).toHaveLength(2);
  });

  it('ERR-63: the breaker counts neither', async () => {
    await using it = await stand({ pool: { breaker: { failureThreshold: 1 } } });
    it.upstream.script(overflow, reply.text('Short.'), reply.text('Still there.'));
    await it.pool.request(ask_);
    expect((await it.pool.request(ask_)).choices[0]?.message.content).toBe('Still there.');
  });
});

describe('FIN-8, BUG-77: a paused turn goes on', () => {
  const recorded = readFileSync('test/fixtures/anthropic/pause-turn.sse', 'utf8');
  const paused: Reply = reply.raw(recorded, { headers: { 'content-type': 'text/event-stream' } });
  const search: ChatRequest = {
    model: 'claude-sonnet-5-5',
    messages: [user('Tallest tower?')],
    web_search_options: {},
  };

  it.each(ways)('with what it has said so far, verbatim, in a request of its own: %s', async (_, ask) => {
    await using it = await stand();
    it.upstream.script(paused, reply.text('It is tall.', { usage: { input_tokens: 300, output_tokens: 7 } }));
    const answer = await ask(it, search);
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      native_finish_reason: 'end_turn',
      message: { content: 'Searching. It is tall.' },
    });
    const [first, second] = it.upstream.requests.map(({ body }) => Object(body));
    expect(second.messages).toHaveLength(first.messages.length + 1);
    expect(second.messages.slice(0, -1)).toEqual(first.messages);
    const sent = second.messages.at(-1);
    expect(sent).toMatchObject({
      role: 'assistant',
      content: [
        { type: 'text', text: 'Searching. ' },
        { type: 'server_tool_use', input: { query: 'tallest tower' } },
        {},
      ],
    });
    const native = Object(answer.choices[0]?.message.provider_specific_fields).anthropic;
    expect(native.content).toEqual([...sent.content, expect.objectContaining({ text: 'It is tall.' })]);
  });

  it('output adds up, input is what was read last, and each round has its cost record', async () => {
    await using it = await stand();
    it.upstream.script(paused, reply.text('It is tall.', { usage: { input_tokens: 300, output_tokens: 7 } }));
    const answer = await it.pool.request(search);
    const rounds = answer.runestone.trace.attempts.map(({ usage }) => usage);
    expect(rounds).toMatchObject([
      { outputTokens: expect.any(Number) },
      { inputTokens: 300, outputTokens: 7 },
    ]);
    expect(answer.usage).toMatchObject({
      prompt_tokens: 300,
      completion_tokens: (rounds[0]?.outputTokens ?? Number.NaN) + 7,
    });
    const recordedCosts = it.of('cost.recorded').map(({ costUsd }) => costUsd ?? Number.NaN);
    expect(recordedCosts).toHaveLength(2);
    expect(answer.runestone.costUsd).toBeCloseTo((recordedCosts[0] ?? 0) + (recordedCosts[1] ?? 0), 9);
  });

  it('for the caller it is one stream: one role, one id, one finish', async () => {
    await using it = await stand();
    it.upstream.script(paused, paused, reply.text('It is tall.'));
    const chunks: ChatCompletionChunk[] = await collect(await it.pool.streamRequest(search));
    expect(chunks.filter(({ choices }) => choices[0]?.delta.role)).toHaveLength(1);
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(it.upstream.requests).toHaveLength(3);
    expect(lastBody(it.upstream)['messages']).toHaveLength(2);
  });

  it.each([0, 2])('but for %s rounds at most: then it is told as it is', async (autoContinue) => {
    await using it = await stand({ pool: { autoContinue }, upstream: { respond: () => paused } });
    const answer: ChatCompletion = await it.pool.request(search);
    expect(it.upstream.requests).toHaveLength(autoContinue + 1);
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', native_finish_reason: 'pause_turn' });
    expect(answer.choices[0]?.message.content).toBe('Searching. '.repeat(autoContinue + 1));
  });

  it('five unless told otherwise, whatever the limit of attempts', async () => {
    await using it = await stand({ upstream: { respond: () => paused } });
    await it.pool.request(search);
    expect(it.upstream.requests).toHaveLength(6);
  });

  it.each(ways)('a round that fails is tried again like any attempt: %s', async (_, ask) => {
    await using it = await stand();
    it.upstream.script(paused, reply.status(529), reply.text('It is tall.'));
    const answer = await ask(it, search);
    expect(answer.choices[0]?.message.content).toBe('Searching. It is tall.');
    expect(answer.runestone.trace.attempts.map(({ outcome }) => outcome)).toEqual(['ok', 'error', 'ok']);
  });

  it('one that fails for good ends the answer with an error, and what there was', async () => {
    await using it = await stand();
    it.upstream.script(paused, reply.status(400, { message: 'no' }));
    const stream = await it.pool.streamRequest(search);
    const failure = await failureOf(collect(stream));
    expect(failure).toMatchObject({
      code: 'invalid_request',
      committed: true,
      partial: { content: 'Searching. ' },
    });
  });

  it('nobody else takes over in the middle', async () => {
    await using it = await stand({
      pool: {
        models: { all: ['anthropic/claude-sonnet-5-5', 'anthropic/claude-opus-5-5'] },
        retry: { attempts: 2, baseDelayMs: 1 },
      },
    });
    it.upstream.script(paused, reply.status(529), reply.status(529), reply.text('From another.'));
    const stream = await it.pool.streamRequest({ ...search, model: 'all' });
    expect(await failureOf(collect(stream))).toMatchObject({ code: 'overloaded' });
    expect(new Set(it.upstream.requests.map(({ body }) => Object(body).model))).toEqual(
      new Set(['claude-sonnet-5-5']),
    );
  });

  it('leaving in a later round cuts that one', async () => {
    await using it = await stand();
    it.upstream.script(paused, reply.text('a b c d e f', { delayMs: 20 }));
    const stream = await it.pool.streamRequest(search);
    let seen = '';
    for await (const text of stream.text()) {
      seen += text;
      if (seen.includes('b')) break;
    }
    await expect.poll(() => it.upstream.requests[1]?.closedByClient).toBe(true);
    expect(it.of('request.stop')).toMatchObject([{ outcome: 'cancelled', attempts: 2 }]);
  });

  it('a turn that waits for the caller is not gone on with', async () => {
    await using it = await stand();
    it.upstream.script(
      reply.tools([{ name: 'look', id: 'toolu_1' }], { stopReason: 'pause_turn' }),
      reply.text('Never asked for.'),
    );
    const tools = [{ type: 'function' as const, function: { name: 'look' } }];
    await it.pool.request({ ...search, tools });
    expect(it.upstream.requests).toHaveLength(1);
  });
});
