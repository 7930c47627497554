import { describe, expect, it } from 'vitest';
import type { Answer, AnswerBlock } from '../../../../src/testing/upstream/model-answer.ts';
import {
  completionHead,
  completionOf,
  finishReasonOf,
  hasText,
  refusalOf,
} from '../../../../src/testing/upstream/openai/openai-completion.ts';

const facts = { id: 'chatcmpl-1', model: 'gpt-test', promptTokens: 7 };
const text: AnswerBlock = { type: 'text', pieces: ['Hel', 'lo'] };
const thought: AnswerBlock = { type: 'thinking', pieces: ['Hm', 'm'], signature: 's' };
const tool: AnswerBlock = { type: 'tool_use', id: 'call_1', name: 'add', input: { a: 1 } };

/** The only choice of a completion. */
const choiceOf = (answer: Answer): unknown => (completionOf(answer, facts)['choices'] as unknown[])[0];

describe('completionOf', () => {
  it('has OpenAI’s shape', () => {
    expect(completionOf({ blocks: [text] }, facts)).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_796_000_000,
      model: 'gpt-test',
      service_tier: 'default',
      system_fingerprint: 'fp_upstream',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: expect.objectContaining({ prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 }),
    });
  });

  it('has calls with arguments as text, and null for content beside them', () => {
    expect(choiceOf({ blocks: [tool] })).toMatchObject({
      message: {
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
      },
      finish_reason: 'tool_calls',
    });
    expect(choiceOf({ blocks: [text, tool] })).toMatchObject({ message: { content: 'Hello' } });
  });

  it('has the exact arguments of a call that was given in pieces', () => {
    const cut: AnswerBlock = { type: 'tool_use', id: 'c', name: 'n', input: {}, pieces: ['{"a', '":'] };
    expect(choiceOf({ blocks: [cut] })).toMatchObject({
      message: { tool_calls: [{ function: { arguments: '{"a":' } }] },
    });
  });

  it('shows thoughts, but no hidden ones', () => {
    expect(choiceOf({ blocks: [thought, text] })).toMatchObject({
      message: { reasoning_content: 'Hmm', content: 'Hello' },
    });
    const redacted: AnswerBlock = { type: 'redacted_thinking', data: 'xyz' };
    expect(choiceOf({ blocks: [redacted, text] })).not.toHaveProperty('message.reasoning_content');
  });

  it('says a refusal in its own place', () => {
    const refused = { blocks: [], stopReason: 'refusal', stopDetails: { explanation: 'I cannot.' } };
    expect(choiceOf(refused)).toMatchObject({
      message: { content: null, refusal: 'I cannot.' },
      finish_reason: 'stop',
    });
    expect([refusalOf(refused), refusalOf({ blocks: [] })]).toEqual(['I cannot.', undefined]);
  });
});

describe('completionHead', () => {
  it('names the model that claims to have answered', () => {
    expect(completionHead({ blocks: [], model: 'other' }, facts, 'chat.completion.chunk')).toMatchObject({
      model: 'other',
      object: 'chat.completion.chunk',
    });
  });
});

describe('finishReasonOf', () => {
  it.each([
    [undefined, 'stop'],
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['a_reason_of_2030', 'a_reason_of_2030'],
  ])('of %s is %s', (stopReason, expected) => {
    expect(finishReasonOf({ blocks: [text], ...(stopReason && { stopReason }) })).toBe(expected);
  });
});

describe('hasText', () => {
  it('is true for empty text too', () => {
    expect(hasText({ blocks: [{ type: 'text', pieces: [] }] })).toBe(true);
    expect(hasText({ blocks: [thought, tool] })).toBe(false);
  });
});
