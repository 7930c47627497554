import { describe, expect, it } from 'vitest';
import {
  type AnswerBlock,
  stopReasonOf,
  thoughtText,
  withToolIds,
  writtenText,
} from '../../../src/testing/upstream/model-answer.ts';

const text: AnswerBlock = { type: 'text', pieces: ['Hel', 'lo'] };
const thought: AnswerBlock = { type: 'thinking', pieces: ['Hm', 'm'], signature: 's' };
const redacted: AnswerBlock = { type: 'redacted_thinking', data: 'xyz' };
const tool: AnswerBlock = { type: 'tool_use', name: 'add', input: { a: 1 } };

describe('stopReasonOf', () => {
  it.each([
    { blocks: [text], expected: 'end_turn' },
    { blocks: [text, tool], expected: 'tool_use' },
    { blocks: [], expected: 'end_turn' },
    { blocks: [tool], stopReason: 'max_tokens', expected: 'max_tokens' },
    { blocks: [text], stopReason: 'a_reason_of_2030', expected: 'a_reason_of_2030' },
  ])('of $blocks.length blocks and $stopReason is $expected', ({ expected, ...answer }) => {
    expect(stopReasonOf(answer)).toBe(expected);
  });
});

describe('writtenText', () => {
  it('joins everything that was written, in order', () => {
    expect(writtenText([thought, redacted, text, tool])).toBe('Hmmxyz' + 'Hello' + '{"a":1}');
  });

  it('takes the exact fragments of a tool call where they are given', () => {
    expect(
      writtenText([{ ...tool, type: 'tool_use', name: 'add', input: {}, pieces: ['{"a":', 'oops'] }]),
    ).toBe('{"a":oops');
  });
});

describe('thoughtText', () => {
  it('is the part that is reasoning, redacted or not', () => {
    expect(thoughtText([thought, redacted, text, tool])).toBe('Hmmxyz');
    expect(thoughtText([text])).toBe('');
  });
});

describe('withToolIds', () => {
  it('names the calls that have no name yet, and no other', () => {
    let next = 0;
    const { blocks } = withToolIds(
      {
        blocks: [
          { type: 'tool_use', name: 'a', input: {} },
          { type: 'text', pieces: [] },
          { type: 'tool_use', name: 'b', input: {}, id: 'mine' },
          { type: 'tool_use', name: 'c', input: {} },
        ],
      },
      () => `id${++next}`,
    );
    expect(blocks.map((block) => (block.type === 'tool_use' ? block.id : block.type))).toEqual([
      'id1',
      'text',
      'mine',
      'id2',
    ]);
  });
});
