import { describe, expect, it, vi } from 'vitest';
import type { EmbeddingRequest } from '../../src/chat/embedding.ts';
import { callProvider } from '../../src/middleware/call-provider.ts';
import type { Operation } from '../../src/pipeline/operation.ts';
import type { Embedded, Provider } from '../../src/provider-kit/provider.ts';
import { attemptContext, collect, failureOf, requestContext, silent, stream, targetOf } from '../contexts.ts';

const { signal } = new AbortController();

function ask(provider: Provider, operation: Operation) {
  const source = callProvider(
    attemptContext({ request: requestContext({ operation }), target: targetOf(provider) }),
    signal,
    5_000,
  );
  return collect({ [Symbol.asyncIterator]: () => source });
}

const embed = (input: EmbeddingRequest['input']): Operation => ({
  kind: 'embed',
  embedding: { model: 'm', input },
});
const vector = (index: number) => ({ object: 'embedding' as const, index, embedding: [index, 0.5] });

describe('vectors', () => {
  it('come as a stream of one batch, with their tokens', async () => {
    const made: Embedded = { model: 'e-1', data: [vector(0)], usage: { inputTokens: 3, outputTokens: 0 } };
    const provider = { ...silent, embed: vi.fn(async () => made) };
    expect(await ask(provider, embed('hello'))).toEqual([
      [
        { type: 'result', value: made },
        { type: 'usage', usage: made.usage },
        { type: 'finish', reason: 'stop', raw: undefined },
      ],
    ]);
    expect(provider.embed.mock.calls).toMatchObject([
      [
        {
          request: { model: 'm', input: 'hello' },
          model: 'model-1',
          signal,
          connectMs: 5_000,
          requestId: 'req-1',
        },
      ],
    ]);
  });

  it('without a report of tokens none is made up', async () => {
    const provider = { ...silent, embed: async () => ({ data: [vector(0)] }) };
    const [batch] = await ask(provider, embed('hello'));
    expect(batch).not.toContainEqual(expect.objectContaining({ type: 'usage' }));
  });

  it.each([
    ['one text', 'a', [0]],
    ['several texts', ['a', 'b'], [1, 0]],
    ['the numbers of one', [1, 2, 3], [0]],
    ['the numbers of several', [[1], [2, 3]], [0, 1]],
  ] satisfies [string, EmbeddingRequest['input'], number[]][])(
    'are one for each input: %s',
    async (_, input, places) => {
      const provider = { ...silent, embed: async () => ({ data: places.map(vector) }) };
      await expect(ask(provider, embed(input))).resolves.toHaveLength(1);
    },
  );

  it.each([
    ['too few', ['a', 'b'], [0]],
    ['too many', 'a', [0, 1]],
    ['two for one input', ['a', 'b'], [0, 0]],
    ['one for no input', ['a', 'b'], [0, 7]],
    ['none', 'a', []],
  ] satisfies [string, EmbeddingRequest['input'], number[]][])(
    '%s are a bad response',
    async (_, input, places) => {
      const provider = { ...silent, embed: async () => ({ data: places.map(vector) }) };
      expect(await failureOf(ask(provider, embed(input)))).toMatchObject({
        code: 'bad_response',
        model: 'model-1',
      });
    },
  );
});

describe('the head of the answer', () => {
  it('RES-17: is kept for the record of the attempt', async () => {
    const head = { requestId: 'req_1', rateLimits: { requests: { remaining: 3 } } };
    const provider: Provider = {
      ...silent,
      stream({ onHead }) {
        onHead?.(head);
        return stream([]);
      },
    };
    const attempt = attemptContext({ target: targetOf(provider) });
    expect(attempt.tally.upstream).toBeUndefined();
    await callProvider(attempt, signal, 5_000).next();
    expect(attempt.tally.upstream).toBe(head);
    const told: unknown[] = [];
    await callProvider(attempt, signal, 5_000, ({ tally }) => told.push(tally.upstream)).next();
    expect(told).toEqual([head]);
  });
});

describe('a count', () => {
  it('comes the same way, and used no tokens', async () => {
    const provider = { ...silent, countTokens: async () => 42 };
    expect(await ask(provider, { kind: 'count_tokens' })).toMatchObject([
      [
        { type: 'result', value: 42 },
        { type: 'usage', usage: { inputTokens: 0, billed: false } },
        { type: 'finish' },
      ],
    ]);
  });
});
