import { describe, expect, it } from 'vitest';
import { parseDocComment } from '../../../scripts/docs/doc-comment.ts';

describe('parseDocComment', () => {
  it.each([
    ['one line', '/** Who answers. */', { summary: 'Who answers.' }],
    ['a default in the line', '/** Attempts. @default 3 */', { summary: 'Attempts.', default: '3' }],
    ['a default alone', '/**\n * Attempts.\n *\n * @default 3\n */', { summary: 'Attempts.', default: '3' }],
    ['a default of words', '/** Id. @default a random UUID */', { summary: 'Id.', default: 'a random UUID' }],
    ['a sentence over two lines', '/**\n * One\n * sentence.\n */', { summary: 'One sentence.' }],
    [
      'further paragraphs',
      '/**\n * First.\n *\n * Second. @default 1\n */',
      { summary: 'First.', default: '1' },
    ],
    ['other tags', '/**\n * First.\n * @see somewhere\n */', { summary: 'First.' }],
  ])('%s', (_, raw, expected) => {
    expect(parseDocComment(raw)).toEqual(expected);
  });
});
