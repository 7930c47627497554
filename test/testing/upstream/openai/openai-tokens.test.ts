import { describe, expect, it } from 'vitest';
import { chatTokens, chatUsage, partTexts } from '../../../../src/testing/upstream/openai/openai-tokens.ts';

describe('chatTokens', () => {
  it('counts what was said, a quarter of its characters rounded up once', () => {
    const messages = [
      { role: 'system', content: '1234' },
      { role: 'user', content: [{ type: 'text', text: '56789' }] },
    ];
    expect(chatTokens({ messages })).toBe(3);
  });

  it('counts tools, calls and parts that are no text', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    const image = { type: 'image_url', image_url: { url: 'u' } };
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const messages = [
      { role: 'user', content: [image] },
      { role: 'assistant', content: null, tool_calls: [call] },
    ];
    const length = [image, call, tools[0]].reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    expect(chatTokens({ messages, tools })).toBe(Math.ceil(length / 4));
  });

  it('is nothing for nothing', () => {
    expect([chatTokens(undefined), chatTokens({})]).toEqual([0, 0]);
  });
});

describe('partTexts', () => {
  it('reads text of either form', () => {
    expect(partTexts('a')).toEqual(['a']);
    expect(partTexts([{ type: 'text', text: 'a' }, { type: 'file' }])).toEqual(['a', '{"type":"file"}']);
    expect(partTexts(null)).toEqual([]);
  });
});

describe('chatUsage', () => {
  const thought = { type: 'thinking', pieces: ['12345'], signature: 's' } as const;
  const text = { type: 'text', pieces: ['1234567'] } as const;

  it('has reasoning inside the output, and sums up', () => {
    expect(chatUsage({ blocks: [thought, text] }, 5)).toMatchObject({
      prompt_tokens: 5,
      completion_tokens: 3,
      total_tokens: 8,
      completion_tokens_details: { reasoning_tokens: 2 },
    });
  });

  it('lets the author of an answer replace fields', () => {
    const usage = { prompt_tokens_details: { cached_tokens: 4 } };
    expect(chatUsage({ blocks: [text], usage }, 5)).toMatchObject({ prompt_tokens: 5, ...usage });
  });
});
