import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../../src/provider-kit/index.ts';
import { AnswerText } from '../../../../src/providers/openai-compatible/decode/answer-text.ts';

const text = (said: string): ChatEvent => ({ type: 'text_delta', text: said });
const reasoning = (said: string): ChatEvent => ({ type: 'reasoning_delta', text: said });
const refusal = (said: string): ChatEvent => ({ type: 'refusal_delta', text: said });

function told(say: (answer: AnswerText, out: ChatEvent[]) => void, thinkTags = false): ChatEvent[] {
  const out: ChatEvent[] = [];
  const answer = new AnswerText(thinkTags);
  say(answer, out);
  answer.end(out);
  return out;
}

describe('the words of an answer', () => {
  it('are told as they come; STR-5: nothing is not told', () => {
    const events = told((answer, out) => {
      for (const piece of ['Hel', '', 'lo']) answer.say(piece, out);
    });
    expect(events).toEqual([text('Hel'), text('lo')]);
  });

  it.each([
    [
      'texts',
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      [text('a'), text('b')],
    ],
    ['a text that stands bare', ['a'], [text('a')]],
    ['one part without a list', { type: 'text', text: 'a' }, [text('a')]],
    ['the parts of the Responses API', [{ type: 'output_text', text: 'a' }], [text('a')]],
    [
      "Mistral's reasoning",
      [
        {
          type: 'thinking',
          thinking: [
            { type: 'text', text: 'h' },
            { type: 'text', text: 'm' },
          ],
        },
        { type: 'text', text: 'a' },
      ],
      [reasoning('hm'), text('a')],
    ],
    ['reasoning as a text', [{ type: 'thinking', thinking: 'hm' }], [reasoning('hm')]],
    ['a refusal', [{ type: 'refusal', refusal: 'No.' }], [refusal('No.')]],
    ['references, which are no words', [{ type: 'reference', reference_ids: [1] }], []],
    ['odd things', [null, 7, [], { type: 'thinking' }, { type: 'thinking', thinking: [1] }, { text: 7 }], []],
  ])('are read from parts: %s', (_, content, events) => {
    expect(told((answer, out) => answer.sayParts(content, out))).toEqual(events);
  });

  it.each([[''], [null], [undefined], [7], [{}]])(
    'are no reasoning and no refusal when they are %j',
    (value) => {
      const events = told((answer, out) => {
        answer.think(value, out);
        answer.refuse(value, out);
      });
      expect(events).toEqual([]);
    },
  );

  it('are parted at `<think>` tags only for a host that has them', () => {
    const say = (answer: AnswerText, out: ChatEvent[]): void => {
      for (const piece of ['<thi', 'nk>hm</think>', '\n\nYes.']) answer.say(piece, out);
    };
    expect(told(say, true)).toEqual([reasoning('hm'), text('Yes.')]);
    expect(told(say)).toEqual([text('<thi'), text('nk>hm</think>'), text('\n\nYes.')]);
  });

  it('are told at the end when they were held back', () => {
    expect(told((answer, out) => answer.say('<thi', out), true)).toEqual([text('<thi')]);
    expect(told((answer, out) => answer.say('<think>hm</', out), true)).toEqual([
      reasoning('hm'),
      reasoning('</'),
    ]);
  });
});
