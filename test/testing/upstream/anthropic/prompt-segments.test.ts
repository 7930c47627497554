import { describe, expect, it } from 'vitest';
import { blocksOf, promptOf } from '../../../../src/testing/upstream/anthropic/prompt-segments.ts';

describe('promptOf', () => {
  it('reads tools, system and messages in the API’s order', () => {
    const segments = promptOf({
      messages: [
        { role: 'user', content: 'question' },
        { role: 'assistant', content: [{ type: 'text', text: 'answer' }] },
      ],
      system: [{ type: 'text', text: 'rules' }],
      tools: [{ name: 't', input_schema: { type: 'object' } }],
    });
    expect(segments.map(({ text }) => text)).toEqual([
      '{"name":"t","input_schema":{"type":"object"}}',
      'rules',
      'question',
      'answer',
    ]);
  });

  it('sees breakpoints and their life, and does not count them as text (CA-1)', () => {
    const cached = (ttl?: string) => ({
      type: 'text',
      text: 'x',
      cache_control: { type: 'ephemeral', ...(ttl && { ttl }) },
    });
    expect(promptOf({ system: [cached(), cached('5m'), cached('1h'), { type: 'text', text: 'x' }] })).toEqual(
      [{ text: 'x', ttl: '5m' }, { text: 'x', ttl: '5m' }, { text: 'x', ttl: '1h' }, { text: 'x' }],
    );
  });

  it('puts automatic caching on the last block', () => {
    const body = {
      cache_control: { type: 'ephemeral', ttl: '1h' },
      system: 's',
      messages: [{ content: 'q' }],
    };
    expect(promptOf(body)).toEqual([{ text: 's' }, { text: 'q', ttl: '1h' }]);
    expect(promptOf({ cache_control: { type: 'ephemeral' } })).toEqual([]);
  });

  it('counts other blocks by their JSON', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://a' } };
    expect(promptOf({ messages: [{ content: [image] }] })).toEqual([{ text: JSON.stringify(image) }]);
  });

  it('finds nothing in nonsense', () => {
    expect(promptOf(undefined)).toEqual([]);
    expect(promptOf({ messages: 'x', tools: 5, system: null })).toEqual([]);
  });
});

describe('blocksOf', () => {
  it('takes a string for one block of text', () => {
    expect(blocksOf('a')).toEqual([{ type: 'text', text: 'a' }]);
    expect(blocksOf('')).toEqual([]);
    expect(blocksOf([1])).toEqual([1]);
    expect(blocksOf(undefined)).toEqual([]);
  });
});
