import { describe, expect, it } from 'vitest';
import { wholeAnswer } from '../../src/ai-sdk/whole-answer.ts';

const completion = (message: object, choice: object = {}) =>
  ({
    id: 'id-1',
    created: 1_700_000_000,
    model: 'served',
    choices: [
      {
        message: { role: 'assistant', content: null, refusal: null, ...message },
        finish_reason: 'stop',
        ...choice,
      },
    ],
    runestone: { provider: 'acme', usage: undefined, warnings: [{ code: 'c', message: 'm' }] },
  }) as never;

const contentOf = (message: object) => wholeAnswer(completion(message), []).content;

describe('a whole answer', () => {
  it('says who it is from, and keeps unknown tokens unknown', () => {
    const answer = wholeAnswer(completion({ content: 'Hi' }, { native_finish_reason: 'end_turn' }), [
      { type: 'other', message: 'mine' },
    ]);
    expect(answer).toMatchObject({
      content: [{ type: 'text', text: 'Hi' }],
      finishReason: { unified: 'stop', raw: 'end_turn' },
      response: { id: 'id-1', modelId: 'served', timestamp: new Date(1_700_000_000_000) },
      providerMetadata: { runestone: { provider: 'acme' } },
      warnings: [{ message: 'mine' }, { message: 'c: m' }],
    });
    expect(answer.usage.inputTokens.total).toBeUndefined();
  });

  it('has signed reasoning block by block, and the calls last', () => {
    const block = { type: 'thinking', thinking: 'Hm.', signature: 's' };
    const call = { id: 'c', type: 'function', function: { name: 't', arguments: '{}' } };
    expect(
      contentOf({ content: 'x', reasoning_content: 'Hm.', thinking_blocks: [block], tool_calls: [call] }),
    ).toEqual([
      { type: 'reasoning', text: 'Hm.', providerMetadata: { runestone: { thinking_block: block } } },
      { type: 'text', text: 'x' },
      { type: 'tool-call', toolCallId: 'c', toolName: 't', input: '{}' },
    ]);
  });

  it('has unsigned reasoning, and a refusal as text', () => {
    expect(contentOf({ reasoning_content: 'Hm.' })).toEqual([{ type: 'reasoning', text: 'Hm.' }]);
    expect(contentOf({ refusal: 'No.' })).toEqual([{ type: 'text', text: 'No.' }]);
  });
});
