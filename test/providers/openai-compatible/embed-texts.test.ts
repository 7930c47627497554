import { describe, expect, it } from 'vitest';
import type { EmbedCall, FetchLike } from '../../../src/provider-kit/index.ts';
import { embedTexts } from '../../../src/providers/openai-compatible/embed-texts.ts';
import { OpenAIHost } from '../../../src/providers/openai-compatible/openai-host.ts';
import { failureOf } from '../../contexts.ts';

const call: EmbedCall = {
  request: {
    model: 'acme/embed-1',
    input: ['a', 'b'],
    encoding_format: 'float',
    dimensions: 2,
    user: 'u',
    extra: 1,
  },
  model: 'embed-1',
  signal: new AbortController().signal,
  requestId: 'req-1',
  key: 0,
  connectMs: 1_000,
};

/** What comes of an answer, and what was asked. */
async function embed(answer: unknown, status = 200, facts: Partial<EmbedCall> = {}) {
  const sent: { url: string; body: unknown; headers: Readonly<Record<string, string>> }[] = [];
  const fetch: FetchLike = async (url, { body, headers }) => {
    sent.push({ url, body: JSON.parse(String(body)), headers });
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status });
  };
  const host = new OpenAIHost({
    name: 'acme',
    baseURL: 'https://acme.example/v1',
    apiKey: 'key-canary-1',
    fetch,
  });
  return { embedded: await embedTexts(host, { ...call, ...facts }), sent: sent[0]! };
}

const list = (...data: unknown[]) => ({
  object: 'list',
  data,
  model: 'embed-1-large',
  usage: { prompt_tokens: 8, total_tokens: 8 },
});
const vector = (embedding: unknown, index?: number) => ({
  object: 'embedding',
  embedding,
  ...(index !== undefined && { index }),
});

describe('embeddings', () => {
  it('tell what the headers of their answer say, whatever its status (RES-17)', async () => {
    const heads: unknown[] = [];
    const headers = { 'x-request-id': 'req_9', 'x-ratelimit-remaining-requests': '0' };
    for (const status of [200, 429]) {
      const fetch: FetchLike = async () =>
        new Response(JSON.stringify(list(vector([1]))), { status, headers });
      const host = new OpenAIHost({ name: 'acme', baseURL: 'https://acme.example/v1', apiKey: 'k', fetch });
      await embedTexts(host, { ...call, onHead: (head) => heads.push(head) }).catch(() => {});
    }
    const head = { requestId: 'req_9', rateLimits: { requests: { remaining: 0 } } };
    expect(heads).toEqual([head, head]);
  });

  it('are asked for as the caller asks, but for the model', async () => {
    const { sent } = await embed(list(vector([1, 2], 0)));
    expect(sent).toMatchObject({
      url: 'https://acme.example/v1/embeddings',
      body: { ...call.request, model: 'embed-1' },
      headers: { authorization: 'Bearer key-canary-1', accept: 'application/json' },
    });
  });

  it('come as they are: numbers or base64, by their own count, with what they took', async () => {
    const { embedded } = await embed(list(vector([0.1, -2], 1), vector('AACAPw==', 0)));
    expect(embedded).toEqual({
      data: [
        { object: 'embedding', index: 1, embedding: [0.1, -2] },
        { object: 'embedding', index: 0, embedding: 'AACAPw==' },
      ],
      model: 'embed-1-large',
      usage: { inputTokens: 8, outputTokens: 0 },
    });
  });

  it('are counted by their order where the host does not count, and name no model where it does not', async () => {
    const { embedded } = await embed({ data: [vector([1]), vector([2])] });
    expect(embedded).toEqual({
      data: [
        { object: 'embedding', index: 0, embedding: [1] },
        { object: 'embedding', index: 1, embedding: [2] },
      ],
      model: undefined,
      usage: undefined,
    });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"data":[{"secret-canary'],
    ['a list', [vector([1])]],
    ['no data', { object: 'list' }],
    ['a vector of words', list(vector(['a']))],
    ['a vector that is none', list(null)],
  ])('are refused as no answer: %s', async (_, answer) => {
    const error = await failureOf(embed(answer));
    expect(error).toMatchObject({
      name: 'ProviderError',
      code: 'bad_response',
      provider: 'acme',
      model: 'embed-1',
    });
    expect(String(error)).not.toContain('canary');
  });

  it.each([
    [400, { error: { message: 'x', type: 'invalid_request_error', param: 'dimensions' } }, 'invalid_request'],
    [401, { error: { message: 'bad key key-canary-1' } }, 'authentication'],
    [404, { error: { message: 'no such model', code: 'model_not_found' } }, 'model_not_found'],
    [200, { error: { message: 'x', code: 'rate_limit_exceeded' } }, 'rate_limited'],
  ])('fail as chats do: %d %j', async (status, answer, code) => {
    const error = await failureOf(embed(answer, status));
    expect(error).toMatchObject({ name: 'ProviderError', code, provider: 'acme' });
    expect(String(error)).not.toContain('canary');
  });
});
