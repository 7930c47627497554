import OpenAI from 'openai7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ChatCompletionChunk, type ChatRequest, ProviderPool } from '../../../src/index.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible/index.ts';
import { reply, startUpstream, type Upstream } from '../../../src/testing/index.ts';
import { collect } from '../../contexts.ts';
import { type Dialect, dialects } from './dialects.ts';

let upstream: Upstream;
const pools: ProviderPool[] = [];

beforeAll(async () => {
  upstream = await startUpstream();
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  upstream.reset();
});

afterAll(() => upstream.close());

/** A pool over one host that answers in its dialect. */
function poolOf({ events, quirks = {} }: Dialect): ProviderPool {
  upstream.script(reply.events(events.map((data) => ({ data }))));
  const host = openaiCompatible({
    name: 'host',
    baseURL: `${upstream.url}/v1`,
    apiKey: 'k-0123456789',
    quirks,
  });
  const pool = new ProviderPool({ providers: [host] });
  pools.push(pool);
  return pool;
}

const asked: ChatRequest = {
  model: 'host/model-1',
  messages: [{ role: 'user', content: 'How is the weather?' }],
  stream_options: { include_usage: true },
  stream: true,
};

/** The official client on a pool, as a service would put it there. */
function clientOf(pool: ProviderPool): OpenAI {
  const fetch = async (_url: unknown, init: { body?: unknown } = {}) =>
    (await pool.streamRequest(JSON.parse(String(init.body)))).toResponse();
  return new OpenAI({ apiKey: 'unused', baseURL: 'http://pool.invalid/v1', maxRetries: 0, fetch });
}

describe.each(dialects.map((dialect) => [dialect.host, dialect] as const))(
  'V17: the dialect of %s',
  (_, dialect) => {
    it('comes out in the form that OpenAI writes', async () => {
      const chunks: ChatCompletionChunk[] = await collect(await poolOf(dialect).streamRequest(asked));
      const [first] = chunks;
      const choices = chunks.flatMap((chunk) => chunk.choices);
      expect(first?.choices[0]?.delta).toMatchObject({ role: 'assistant', refusal: null });
      expect(choices.filter(({ delta }) => delta.role).length).toBe(1);
      expect(
        choices.filter(({ finish_reason }) => finish_reason !== null).map((c) => c.finish_reason),
      ).toEqual([dialect.finish]);
      expect(choices.at(-1)?.finish_reason).toBe(dialect.finish);
      for (const { id, model, created, object } of chunks) {
        expect([id, model, created, object]).toEqual([
          first?.id,
          first?.model,
          first?.created,
          'chat.completion.chunk',
        ]);
      }
      expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
      expect(chunks.at(-1)).toMatchObject({
        choices: [],
        usage: { prompt_tokens: dialect.tokens[0], completion_tokens: dialect.tokens[1] },
      });
    });

    it('has calls that count from 0, each begun once', async () => {
      const chunks = await collect(await poolOf(dialect).streamRequest(asked));
      const parts = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      const begun = parts.filter(({ id }) => id !== undefined);
      expect(begun.map(({ index }) => index)).toEqual((dialect.calls ?? []).map((_, index) => index));
      expect(new Set(begun.map(({ id }) => id)).size).toBe(begun.length);
      for (const part of parts) expect(part.function?.arguments).toBeTypeOf('string');
    });

    it('is read by the official client', async () => {
      const { model: _, ...rest } = asked;
      const stream = clientOf(poolOf(dialect)).chat.completions.stream({
        ...rest,
        model: 'host/model-1',
      } as never);
      const answer = await stream.finalChatCompletion();
      const choice = answer.choices[0];
      expect(choice?.finish_reason).toBe(dialect.finish);
      expect(choice?.message.content || null).toBe(dialect.content);
      const calls = (choice?.message.tool_calls ?? []).map(
        (call) => call.type === 'function' && call.function,
      );
      expect(calls).toMatchObject(dialect.calls ?? []);
      expect([answer.usage?.prompt_tokens, answer.usage?.completion_tokens]).toEqual(dialect.tokens);
    });

    it('is the same when it is folded', async () => {
      const { stream_options: _, stream: __, ...request } = asked;
      const answer = await poolOf(dialect).request(request);
      const message = answer.choices[0]?.message;
      expect(message?.content).toBe(dialect.content);
      expect(message?.reasoning_content).toBe(dialect.reasoning);
      expect((message?.tool_calls ?? []).map((call) => call.type === 'function' && call.function)).toEqual(
        dialect.calls ?? [],
      );
      expect(answer.usage).toMatchObject({
        prompt_tokens: dialect.tokens[0],
        completion_tokens: dialect.tokens[1],
      });
    });
  },
);

describe('what a host said in its own corner', () => {
  it('comes back to it in the next turn: the signature of a call', async () => {
    const gemini = dialects.find(({ host }) => host === 'Gemini')!;
    const pool = poolOf(gemini);
    const { stream_options: _, stream: __, ...request } = asked;
    const { choices } = await pool.request(request);
    const [first, second] = choices[0]?.message.tool_calls ?? [];
    const results = [first, second].map((call) => ({
      role: 'tool' as const,
      tool_call_id: call?.id ?? '',
      content: '20',
    }));
    // Bytes of one's own: the answers of this upstream are OpenAI's, who takes no such field.
    upstream.script(reply.events(gemini.events.map((data) => ({ data }))));
    await pool.request({
      ...request,
      messages: [...request.messages, choices[0]!.message as never, ...results],
    });
    const sent = upstream.requests.at(-1)?.body as { messages: Record<string, unknown>[] };
    expect(sent.messages[1]).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: 'function-call-1',
          type: 'function',
          function: { name: 'weather', arguments: '{"city":"Paris"}' },
          extra_content: { google: { thought_signature: 'sig' } },
        },
        {
          id: 'function-call-2',
          type: 'function',
          function: { name: 'weather', arguments: '{"city":"Rome"}' },
        },
      ],
    });
  });
});
