import { describe, expect, it } from 'vitest';
import type { ChatCompletion, CompletionMessage } from '../../../src/chat/completion.ts';
import { answerEvents } from '../../../src/http/responses/answer-events.ts';
import { info } from '../frames.ts';

function events(message: Partial<CompletionMessage>): unknown[] {
  const completion: ChatCompletion = {
    ...{ id: 'x', object: 'chat.completion', created: 5, model: 'm', runestone: info },
    choices: [
      {
        ...{ index: 0, finish_reason: 'stop', native_finish_reason: 'end_turn', logprobs: null },
        message: { role: 'assistant', content: null, refusal: null, ...message },
      },
    ],
  };
  return answerEvents(completion);
}

const edges = (...between: object[]): object[] => [
  { type: 'start', id: 'x', model: 'm', created: 5 },
  ...between,
  { type: 'finish', reason: 'stop', raw: 'end_turn' },
];
const call = { id: 't', type: 'function' as const, function: { name: 'look', arguments: '{"a":1}' } };
const called = [
  { type: 'tool_call_start', index: 0, id: 't', name: 'look' },
  { type: 'tool_call_delta', index: 0, arguments: '{"a":1}' },
];
const block = { type: 'thinking' as const, thinking: 'hm', signature: 's' };
const redacted = { type: 'redacted_thinking' as const, data: 'x' };
const native = (...content: object[]) => ({ provider_specific_fields: { anthropic: { content } } });

describe('answerEvents', () => {
  it('tells an answer in OpenAI’s words', () => {
    const annotations = [
      { type: 'url_citation' as const, url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1 } },
    ];
    const message = {
      reasoning_content: 'hm',
      thinking_blocks: [redacted],
      content: 'a',
      refusal: 'b',
      tool_calls: [call],
    };
    expect(events({ ...message, annotations })).toEqual(
      edges(
        { type: 'reasoning_delta', text: 'hm' },
        { type: 'thinking_block', block: redacted },
        { type: 'text_delta', text: 'a' },
        ...called,
        { type: 'refusal_delta', text: 'b' },
        { type: 'annotations', annotations },
      ),
    );
  });

  it('calls of custom tools among them', () => {
    const custom = { id: 'c', type: 'custom' as const, custom: { name: 'g', input: 'x' } };
    expect(events({ tool_calls: [custom] })).toEqual(
      edges({ type: 'custom_tool_call', index: 0, id: 'c', name: 'g', input: 'x' }),
    );
  });

  it('TH-13 in the order in which Claude said it', () => {
    const content = native(block, { type: 'text', text: 'a' }, redacted, {
      type: 'tool_use',
      id: 't',
      name: 'alias',
    });
    expect(events({ reasoning_content: 'hm', content: 'a', tool_calls: [call], ...content })).toEqual(
      edges(
        { type: 'reasoning_delta', text: 'hm' },
        { type: 'thinking_block', block },
        { type: 'text_delta', text: 'a' },
        { type: 'thinking_block', block: redacted },
        ...called,
      ),
    );
  });

  it('TH-11 hidden reasoning stays hidden, unsigned reasoning unsigned', () => {
    expect(events(native(block))).toEqual(edges({ type: 'thinking_block', block }));
    expect(events({ reasoning_content: 'hm', ...native({ ...block, signature: '' }) })).toEqual(
      edges({ type: 'reasoning_delta', text: 'hm' }),
    );
  });

  it('RES-15 blocks that only Claude has are left out', () => {
    expect(
      events({ content: 'a', ...native({ type: 'server_tool_use', id: 's' }, { type: 'text', text: 'a' }) }),
    ).toEqual(edges({ type: 'text_delta', text: 'a' }));
  });

  it('RF-4 an answer in the clothes of a call is a text', () => {
    expect(
      events({ content: '{}', ...native({ type: 'tool_use', id: 'j', name: 'json_response' }) }),
    ).toEqual(edges({ type: 'text_delta', text: '{}' }));
  });

  it('an answer without a choice says nothing', () => {
    const completion = {
      ...{ id: 'x', object: 'chat.completion' as const, created: 5, model: 'm' },
      choices: [],
      runestone: info,
    };
    expect(answerEvents(completion)).toHaveLength(2);
  });
});
