import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../../src/providers/anthropic/decode/parse-event.ts';

const delta = (text: string, index: unknown = 0): string =>
  JSON.stringify({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } });

/** What `JSON.parse` makes of it, or that it fails. */
function outcome(parse: (data: string) => unknown, data: string): unknown {
  try {
    return { value: parse(data) };
  } catch (error) {
    return { failed: error instanceof SyntaxError };
  }
}

const same = (data: string): void => expect(outcome(parseEvent, data)).toEqual(outcome(JSON.parse, data));

describe('parseEvent', () => {
  it.each([
    ['plain', delta('Hello')],
    ['empty', delta('')],
    ['beyond ASCII', delta('Grüße, 世界 🙂')],
    ['escaped', delta('a "quote", a \\ and\na line')],
    ['with a lone surrogate', delta('\ud83d')],
    ['of a later block', delta('x', 17)],
    ['of a block beyond all reason', delta('x', 1e9)],
    ['padded by the API', delta('x').replace(/\}\}$/, '}      }   ')],
    ['with a fraction as index', delta('x', 0.5)],
    ['with a negative index', delta('x', -1)],
    ['with an index that JSON does not know', delta('x').replace('"index":0', '"index":01')],
    ['with a raw tab, which JSON forbids', delta('x').replace('"x"', '"\t"')],
    ['with a further member inside', delta('x').replace('"x"}', '"x","more":1}')],
    ['with a further member outside', delta('x').replace(/\}$/, ',"more":1}')],
    [
      'with its members in another order',
      '{"index":0,"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}',
    ],
    ['cut before its end', delta('Hello').slice(0, -1)],
    ['followed by more', `${delta('Hello')}x`],
    ['of another kind', delta('x').replace('text_delta', 'thinking_delta')],
  ])('reads a text delta %s as JSON.parse does', (_, data) => same(data));

  it.each(['null', '42', '""', '[]', '{}', '', '{', 'text'])('leaves %j to JSON.parse', same);

  it('agrees with JSON.parse on every text, padding and change of one character', () => {
    const changed = fc
      .tuple(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.nat(40),
        fc.string({ maxLength: 2 }),
        fc.nat(200),
      )
      .map(([text, index, piece, at]) => {
        const data = delta(text, index);
        return [
          data,
          `${data.slice(0, at)}${piece}${data.slice(at)}`,
          data.slice(0, at) + data.slice(at + 1),
        ];
      });
    fc.assert(
      fc.property(changed, (all) => all.forEach(same)),
      { numRuns: 500 },
    );
  });
});
