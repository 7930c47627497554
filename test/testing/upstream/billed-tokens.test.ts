import { describe, expect, it } from 'vitest';
import { startUpstream } from '../../../src/testing/index.ts';
import { billFor } from '../../../src/testing/upstream/billed-tokens.ts';
import type { Answer } from '../../../src/testing/upstream/model-answer.ts';

const prompt = { inputTokens: 1, cacheReadTokens: 2, cacheWrite5mTokens: 3, cacheWrite1hTokens: 4 };
const answer: Answer = {
  blocks: [
    { type: 'thinking', pieces: ['four', 'more'], signature: 's' },
    { type: 'text', pieces: ['12345678', '9'] },
  ],
};

describe('billFor', () => {
  it('counts the prompt as told and the answer as written, thoughts included', () => {
    expect(billFor(answer, 'm', prompt)).toEqual({
      model: 'm',
      ...prompt,
      outputTokens: 5,
      reasoningTokens: 2,
    });
  });

  it('goes by the model that claims to have answered, and not by the usage that it claims', () => {
    const claimed = { ...answer, model: 'n', usage: { output_tokens: 99 } };
    expect(billFor(claimed, 'm', prompt)).toMatchObject({ model: 'n', outputTokens: 5 });
  });
});

describe('the log of an upstream', () => {
  it('has the bill of every answer of the model, and of nothing else', async () => {
    await using upstream = await startUpstream({ keyless: true });
    const ask = async (path: string, body: object) =>
      (
        await fetch(upstream.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
          body: JSON.stringify(body),
        })
      ).text();
    const messages = [{ role: 'user', content: 'four' }];
    await ask('/v1/messages', { model: 'claude', max_tokens: 100, messages });
    await ask('/v1/chat/completions', { model: 'gpt', messages });
    await ask('/v1/messages', { model: 'claude', messages });
    await ask('/v1/messages/count_tokens', { model: 'claude', messages });
    expect(
      upstream.requests.map(({ status, billed }) => [status, billed?.model, billed?.inputTokens]),
    ).toEqual([
      [200, 'claude', 1],
      [200, 'gpt', 1],
      // Without a limit it is refused.
      [400, undefined, undefined],
      [200, undefined, undefined],
    ]);
  });
});
