import { describe, expect, it } from 'vitest';
import type { ChatCompletion, CompletionMessage, WireFinishReason } from '../../../src/chat/completion.ts';
import { withNulls, withoutNulls } from '../../../src/http/messages/message-form.ts';
import { wholeMessage } from '../../../src/http/messages/whole-message.ts';
import { info } from '../frames.ts';

function completion(
  message: Partial<CompletionMessage>,
  finish_reason: WireFinishReason = 'stop',
  native_finish_reason?: string,
): ChatCompletion {
  return {
    ...{ id: 'msg_up', object: 'chat.completion', created: 1, model: 'claude-up', runestone: info },
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...message },
        finish_reason,
        logprobs: null,
        ...(native_finish_reason && { native_finish_reason }),
      },
    ],
  };
}

const call = (id: string, json: string) => ({
  id,
  type: 'function' as const,
  function: { name: 'look', arguments: json },
});
const native = (fields: object) => ({ provider_specific_fields: { anthropic: fields } });

describe('wholeMessage', () => {
  it('is a message with the tokens of the answer, and what the pool tells of it', () => {
    expect(wholeMessage(completion({ content: 'Hi' }, 'stop', 'end_turn'), withNulls)).toEqual({
      ...{ id: 'msg_up', type: 'message', role: 'assistant', model: 'claude-up' },
      content: [{ type: 'text', text: 'Hi', citations: null }],
      ...{
        stop_reason: 'end_turn',
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
      },
      usage: expect.objectContaining({ input_tokens: 7, output_tokens: 5, cache_read_input_tokens: null }),
      runestone: info,
    });
  });

  it('2023-06-01 leaves out what is null', () => {
    const message = wholeMessage(completion({ content: 'Hi' }), withoutNulls);
    expect(message).toMatchObject({
      content: [{ type: 'text', text: 'Hi' }],
      usage: { input_tokens: 7, output_tokens: 5 },
    });
    expect(JSON.stringify({ ...message, runestone: 0 }).match(/\w+":null/g)).toEqual(['stop_sequence":null']);
  });

  it('TH-13 Claude’s own content is handed on as it came', () => {
    const content = [
      { type: 'thinking', thinking: '', signature: 's' },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { q: 1 } },
      { type: 'text', text: 'so', citations: [{ type: 'web_search_result_location' }] },
      { type: 'tool_use', id: 't', name: 'look', input: {}, caller: { type: 'direct' } },
    ];
    const told = {
      content: 'so',
      tool_calls: [call('t', '{}')],
      ...native({ content, container: { id: 'c' } }),
    };
    const message = wholeMessage(completion(told, 'tool_calls', 'tool_use'), withNulls);
    expect(message).toMatchObject({ content, stop_reason: 'tool_use', container: { id: 'c' } });
  });

  it('the newer version completes what an older host left out, and the older one takes nulls away', () => {
    const content = [
      { type: 'text', text: 'a', citations: null },
      { type: 'tool_use', id: 't', name: 'look', input: {} },
    ];
    const told = { content: 'a', tool_calls: [call('t', '{}')], ...native({ content }) };
    expect(wholeMessage(completion(told), withNulls)['content']).toEqual([
      content[0],
      { ...content[1], caller: { type: 'direct' } },
    ]);
    expect(wholeMessage(completion(told), withoutNulls)['content']).toEqual([
      { type: 'text', text: 'a' },
      content[1],
    ]);
  });

  it('TL-4 tools have the names by which the client knows them', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'look_1a2b', input: {} }];
    const told = { tool_calls: [call('t', '{}')], ...native({ content }) };
    expect(wholeMessage(completion(told, 'tool_calls'), withoutNulls)['content']).toMatchObject([
      { name: 'look' },
    ]);
  });

  it('RF-4 an answer in the clothes of a call is a text', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'json_response', input: { a: 1 } }];
    const message = wholeMessage(
      completion({ content: '{"a":1}', ...native({ content }) }, 'stop', 'tool_use'),
      withoutNulls,
    );
    expect(message).toMatchObject({ content: [{ type: 'text', text: '{"a":1}' }], stop_reason: 'end_turn' });
  });

  it('says in blocks what another host said', () => {
    const told: Partial<CompletionMessage> = {
      reasoning_content: 'hm',
      content: 'I look.',
      tool_calls: [
        call('t', '{"at":"x"}'),
        { id: 'c', type: 'custom', custom: { name: 'g', input: 'free' } },
      ],
    };
    expect(wholeMessage({ ...completion(told, 'tool_calls'), id: 'chatcmpl-1' }, withoutNulls)).toMatchObject(
      {
        id: 'msg_r1',
        content: [
          { type: 'thinking', thinking: 'hm', signature: '' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 't', name: 'look', input: { at: 'x' } },
          { type: 'tool_use', id: 'c', name: 'g', input: { input: 'free' } },
        ],
        stop_reason: 'tool_use',
      },
    );
  });

  it.each([
    ['{"at":"O', { _invalid_arguments: '{"at":"O' }],
    ['', {}],
  ])('TL-H4 the input of arguments %j', (json, input) => {
    const message = wholeMessage(completion({ tool_calls: [call('t', json)] }, 'length'), withoutNulls);
    expect(message).toMatchObject({ content: [{ input }], stop_reason: 'max_tokens' });
  });

  it('FIN-6 a refusal has no content', () => {
    const message = wholeMessage(completion({ refusal: 'I will not.' }), withoutNulls);
    expect(message).toMatchObject({
      content: [],
      stop_reason: 'refusal',
      stop_details: { explanation: 'I will not.' },
    });
  });

  it('RES-18 nor has an empty answer', () => {
    expect(wholeMessage(completion({ content: '' }), withNulls)['content']).toEqual([]);
    expect(wholeMessage({ ...completion({}), choices: [] }, withNulls)['content']).toEqual([]);
  });
});
