import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../src/chat/events.ts';
import { responsesDialect } from '../../../src/http/responses/index.ts';
import { info, written } from '../frames.ts';

const read = (more: object = {}) =>
  responsesDialect.read({ model: 'm', input: 'hi', ...more }, new Headers());

describe('the dialect', () => {
  it.each([
    [{}, false],
    [{ stream: true }, true],
    [{ stream: null }, false],
  ])('streams for %j: %s', (more, stream) => {
    expect(read(more).stream).toBe(stream);
  });

  it('a whole answer is what its stream comes to', () => {
    const reading = read({ instructions: 'Be.' });
    const call = { id: 't', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
    const completion = {
      ...{
        id: 'x',
        object: 'chat.completion' as const,
        created: 1_700_000_000,
        model: 'claude-up',
        runestone: info,
      },
      choices: [
        {
          ...{ index: 0, finish_reason: 'tool_calls' as const, logprobs: null },
          message: { role: 'assistant' as const, content: 'I look.', refusal: null, tool_calls: [call] },
        },
      ],
    };
    const events: ChatEvent[] = [
      { type: 'start', id: 'x', model: 'claude-up', created: 1_700_000_000 },
      { type: 'text_delta', text: 'I ' },
      { type: 'text_delta', text: 'look.' },
      { type: 'tool_call_start', index: 0, id: 't', name: 'f' },
      { type: 'tool_call_delta', index: 0, arguments: '{}' },
      { type: 'finish', reason: 'tool_calls', raw: 'tool_use' },
    ];
    expect(reading.whole(completion)).toEqual(written(reading, events).at(-1)?.data['response']);
  });
});
