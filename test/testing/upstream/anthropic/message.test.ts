import { describe, expect, it } from 'vitest';
import { blockOf, messageHead, messageOf } from '../../../../src/testing/upstream/anthropic/message.ts';
import type { Answer, AnswerBlock } from '../../../../src/testing/upstream/model-answer.ts';

const input = {
  input_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
};
const facts = { id: 'msg_1', model: 'claude-x', input };

describe('messageOf', () => {
  it('is a message of the Messages API', () => {
    expect(messageOf({ blocks: [{ type: 'text', pieces: ['Hel', 'lo'] }] }, facts)).toMatchObject({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-x',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 5, output_tokens: 2 },
    });
  });

  it('tells why it stopped', () => {
    const details = { type: 'refusal', category: null, explanation: 'no' };
    const answer: Answer = { blocks: [], stopReason: 'refusal', stopDetails: details };
    expect(messageOf(answer, facts)).toMatchObject({ stop_reason: 'refusal', stop_details: details });
    expect(messageOf({ blocks: [], stopReason: 'stop_sequence', stopSequence: 'END' }, facts)).toMatchObject({
      stop_sequence: 'END',
    });
    expect(messageOf({ blocks: [] }, facts)).not.toHaveProperty('stop_details');
  });
});

describe('messageHead', () => {
  it('claims the model asked for, unless the answer claims another (V15)', () => {
    expect(messageHead({ blocks: [] }, facts)['model']).toBe('claude-x');
    expect(messageHead({ blocks: [], model: 'claude-y' }, facts)['model']).toBe('claude-y');
  });
});

describe('blockOf', () => {
  it.each<{ block: AnswerBlock; expected: object }>([
    { block: { type: 'text', pieces: ['a', 'b'] }, expected: { type: 'text', text: 'ab' } },
    {
      block: { type: 'thinking', pieces: ['a', 'b'], signature: 's' },
      expected: { type: 'thinking', thinking: 'ab', signature: 's' },
    },
    { block: { type: 'redacted_thinking', data: 'd' }, expected: { type: 'redacted_thinking', data: 'd' } },
    {
      block: { type: 'tool_use', id: 'i', name: 'n', input: { a: 1 }, pieces: ['ignored'] },
      expected: { type: 'tool_use', id: 'i', name: 'n', input: { a: 1 }, caller: { type: 'direct' } },
    },
  ])('writes $block.type', ({ block, expected }) => {
    expect(blockOf(block)).toEqual(expected);
  });
});
