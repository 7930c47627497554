import { describe, expect, it } from 'vitest';
import { anchorOf, continuationOf, continuationWords } from '../../src/chat/continuation.ts';
import { ask } from '../contexts.ts';

describe('anchorOf', () => {
  it('is the end of the answer, without white space around it', () => {
    expect(anchorOf('Hello there. \n')).toBe('Hello there.');
    const long = `${'x'.repeat(100)} the end`;
    expect(long.endsWith(anchorOf(long))).toBe(true);
    expect(anchorOf(long)).toHaveLength(48);
  });
});

describe('continuationOf', () => {
  const request = Object.freeze({ ...ask('Tell me a story.'), max_completion_tokens: 100, max_tokens: 50 });

  it('in words: the answer so far, and what is wanted', () => {
    const { messages } = continuationOf(request, 'Once upon', 'plain', 10);
    expect(messages.slice(0, 1)).toEqual(request.messages);
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: 'Once upon' },
      { role: 'user', content: continuationWords('Once upon') },
    ]);
    expect(continuationWords('Once upon')).toContain('Once upon');
  });

  it('by prefill: the answer so far, and nothing after it', () => {
    const { messages } = continuationOf(request, 'Once upon', 'prefill', 10);
    expect(messages.at(-1)).toEqual({ role: 'assistant', content: 'Once upon' });
  });

  it('in words of one’s own', () => {
    const { messages } = continuationOf(request, 'Once upon', 'plain', 0, (anchor) => `go on from ${anchor}`);
    expect(messages.at(-1)?.content).toBe('go on from Once upon');
  });

  it('the cap is what is left of it, and at least 1', () => {
    expect(continuationOf(request, 'x', 'plain', 30)).toMatchObject({
      max_completion_tokens: 70,
      max_tokens: 20,
    });
    expect(continuationOf(request, 'x', 'plain', 500)).toMatchObject({
      max_completion_tokens: 1,
      max_tokens: 1,
    });
    expect(continuationOf(ask(), 'x', 'plain', 30)).not.toHaveProperty('max_tokens');
  });
});
