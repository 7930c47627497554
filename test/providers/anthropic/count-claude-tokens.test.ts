import { ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../contexts.ts';

async function setUp(fetch?: () => Promise<Response>) {
  const upstream = await startUpstream();
  const pool = new ProviderPool({
    providers: [anthropic({ apiKey: 'sk-ant-x', baseURL: upstream.url, ...(fetch && { fetch }) })],
    retry: { baseDelayMs: 1, maxDelayMs: 1 },
  });
  return {
    upstream,
    pool,
    async [Symbol.asyncDispose]() {
      await pool.close({ drainMs: 0 });
      await upstream.close();
    },
  };
}

const request = {
  model: 'claude-sonnet-5-5',
  max_completion_tokens: 100,
  stop: ['END'],
  messages: [
    { role: 'system' as const, content: 'Be brief.' },
    { role: 'user' as const, content: 'How many tokens is this?' },
  ],
  tools: [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } }],
};

describe('countTokens', () => {
  it("asks Anthropic's own endpoint for what would be sent, and for nothing it does not read", async () => {
    await using it = await setUp();
    const count = await it.pool.countTokens(request);
    expect(count).toMatchObject({ precision: 'reported', provider: 'anthropic', model: 'claude-sonnet-5-5' });
    expect(count.tokens).toBeGreaterThan(5);
    const [sent] = it.upstream.requests;
    expect(sent).toMatchObject({ method: 'POST', path: '/v1/messages/count_tokens' });
    expect(Object.keys(Object(sent?.body)).toSorted()).toEqual(['messages', 'model', 'system', 'tools']);
  });

  it('is the count that the answer then reports', async () => {
    await using it = await setUp();
    const count = await it.pool.countTokens(request);
    const answer = await it.pool.request(request);
    expect(answer.usage?.prompt_tokens).toBe(count.tokens);
  });

  it('refuses what would be refused', async () => {
    await using it = await setUp();
    const image = { type: 'image_url' as const, image_url: { url: 'ftp://example.com/cat.png' } };
    const failure = await failureOf(it.pool.countTokens({ messages: [{ role: 'user', content: [image] }] }));
    expect(failure).toMatchObject({ code: 'invalid_request', param: 'messages[0].content[0].image_url.url' });
    expect(it.upstream.requests).toHaveLength(0);
  });

  it.each([
    ['an overload', '{}', 529],
    ['an answer without a count', '{"tokens":7}', 200],
    ['an answer that is no JSON', 'seven', 200],
  ])('estimates after %s', async (_, body, status) => {
    let asked = 0;
    await using it = await setUp(async () => {
      asked += 1;
      return new Response(body, { status });
    });
    expect(await it.pool.countTokens(request)).toMatchObject({ precision: 'estimated' });
    expect(asked).toBeGreaterThan(0);
  });
});
