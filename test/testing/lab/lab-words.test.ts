import { describe, expect, it } from 'vitest';
import { labWords, NO_NONCE, nonceOf, noncesIn } from '../../../src/testing/lab/lab-words.ts';

const asked = (content: unknown) => ({
  messages: [
    { role: 'user', content: 'nonce-old' },
    { role: 'user', content },
  ],
});

describe('the words of an answer', () => {
  it('carry nonce and place in every piece', () => {
    expect(labWords('nonce-a', 3)).toEqual(['nonce-a.0', ' nonce-a.1', ' nonce-a.2']);
    expect(noncesIn(labWords('nonce-a', 2).join(''))).toEqual(['nonce-a', 'nonce-a']);
  });

  it.each([
    ['a text', 'Say nonce-7.'],
    [
      'parts',
      [
        { type: 'text', text: 'Say' },
        { type: 'text', text: 'nonce-7' },
      ],
    ],
    ['the last of several', 'nonce-1 nonce-7'],
  ])('take the nonce of the last question: %s', (_, content) => {
    expect(nonceOf(asked(content))).toBe('nonce-7');
  });

  it.each([{}, null, 'text', { messages: 'none' }, { messages: [] }, asked('without'), asked(undefined)])(
    'have one of their own where there is none: %j',
    (body) => {
      expect(nonceOf(body)).toBe(NO_NONCE);
    },
  );

  it('are found in the text of somebody else', () => {
    expect(noncesIn('nonce-a.0 and nonce-b2, but no nonce')).toEqual(['nonce-a', 'nonce-b2']);
  });
});
