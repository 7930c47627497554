import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThinkTags } from '../../../../src/providers/openai-compatible/decode/think-tags.ts';

function part(pieces: readonly string[]): readonly [reasoning: string, text: string] {
  const tags = new ThinkTags();
  const parted = [...pieces.map((piece) => tags.push(piece)), tags.end()];
  return [parted.map(({ reasoning }) => reasoning).join(''), parted.map(({ text }) => text).join('')];
}

const cases: readonly (readonly [what: string, given: string, reasoning: string, text: string])[] = [
  ['reasoning and an answer', '<think>Hmm.</think>Yes.', 'Hmm.', 'Yes.'],
  ['blank lines around the tags', '\n<think>\nHmm.\n</think>\n\nYes.\n', '\nHmm.\n', 'Yes.\n'],
  ['no tag', 'Yes.', '', 'Yes.'],
  ['a tag that is not the first thing', 'I <think>so</think>.', '', 'I <think>so</think>.'],
  ['another tag', '<thinking>x</thinking>', '', '<thinking>x</thinking>'],
  ['a beginning of the tag, and no more', '<thi', '', '<thi'],
  ['blanks alone', ' \n', '', ' \n'],
  ['a tag that is never closed', '<think>Hmm', 'Hmm', ''],
  ['a tag that is nearly closed', '<think>a </thin', 'a </thin', ''],
  ['a false close', '<think>a </thing> b</think>c', 'a </thing> b', 'c'],
  ['a false close right before the true one', '<think>a<</think>c', 'a<', 'c'],
  ['nothing inside', '<think></think>Yes.', '', 'Yes.'],
  ['nothing behind', '<think>Hmm.</think>', 'Hmm.', ''],
  ['a second pair, which is text', '<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
  ['nothing at all', '', '', ''],
];

describe('<think> tags', () => {
  it.each(cases)('part %s', (_, given, reasoning, text) => {
    expect(part([given])).toEqual([reasoning, text]);
  });

  it.each(cases)('part %s, also split at every character', (_, given, reasoning, text) => {
    expect(part([...given])).toEqual([reasoning, text]);
  });

  it.each(cases)('part %s, also in two pieces wherever they are cut', (_, given, reasoning, text) => {
    for (let at = 0; at <= given.length; at++) {
      expect(part([given.slice(0, at), given.slice(at)])).toEqual([reasoning, text]);
    }
  });

  it('come out the same for any text in any split', () => {
    const token = fc.constantFrom('<think>', '</think>', '<', 'think>', '/', ' ', '\n', 'a', '</th');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), fc.array(fc.nat(60)), (tokens, cuts) => {
        const whole = tokens.join('');
        const places = [...new Set(cuts.filter((cut) => cut < whole.length))].sort((a, b) => a - b);
        const pieces = [...places, whole.length].map((end, i) => whole.slice(places[i - 1] ?? 0, end));
        expect(part(pieces)).toEqual(part([whole]));
      }),
      { numRuns: 200 },
    );
  });

  it('lets go of text as soon as it cannot be a tag any more', () => {
    const tags = new ThinkTags();
    expect(tags.push('<')).toEqual({ reasoning: '', text: '' });
    expect(tags.push('b')).toEqual({ reasoning: '', text: '<b' });
    expect(tags.push('<think>')).toEqual({ reasoning: '', text: '<think>' });
  });

  it('lets go of reasoning as it comes', () => {
    const tags = new ThinkTags();
    expect(tags.push('<think>One ').reasoning).toBe('One ');
    expect(tags.push('two</').reasoning).toBe('two');
    expect(tags.push('three').reasoning).toBe('</three');
  });
});
