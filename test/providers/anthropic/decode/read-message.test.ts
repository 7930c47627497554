import { describe, expect, it } from 'vitest';
import { readWhole, thrownBy, told } from '../wire.ts';

const message = (rest: Readonly<Record<string, unknown>> = {}) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-test',
  content: [{ type: 'text', text: 'Hi', citations: null }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
  ...rest,
});

describe('a whole message', () => {
  it('RES-2 RES-11 RES-12: becomes the events of a stream', () => {
    expect(readWhole(message()).filter(({ type }) => type !== 'vendor')).toEqual([
      { type: 'start', id: 'msg_1', model: 'claude-test', created: 1_700_000_000 },
      { type: 'usage', usage: { inputTokens: 3, partial: true } },
      { type: 'text_delta', text: 'Hi' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, reasoningTokens: 0 } },
      { type: 'finish', reason: 'stop', raw: 'end_turn' },
    ]);
  });

  it.each([
    { input: { city: 'Rome' }, text: '{"city":"Rome"}' },
    { input: {}, text: '{}' },
    { input: null, text: '{}' },
    { input: undefined, text: '{}' },
    { input: '{"a":1}', text: '{"a":1}' },
  ])('RES-7: the input $input is told as $text', ({ input, text }) => {
    const content = [{ type: 'tool_use', id: 't', name: 'f', input }];
    for (const stop_reason of ['tool_use', 'max_tokens']) {
      expect(told(readWhole(message({ content, stop_reason }))).calls).toEqual([
        { id: 't', name: 'f', arguments: text },
      ]);
    }
  });

  it('RES-8: thinking of every kind, verbatim', () => {
    const content = [
      { type: 'thinking', thinking: 'A', signature: 'S1' },
      { type: 'thinking', thinking: '', signature: 'S2' },
      { type: 'redacted_thinking', data: 'D' },
      { type: 'text', text: 'x' },
    ];
    const answer = told(readWhole(message({ content }), { exposeReasoning: true }));
    expect(answer).toMatchObject({ reasoning: 'A', blocks: content.slice(0, 3), vendor: { content } });
  });

  it('RES-9 RES-15: server tools, only in the native form', () => {
    const content = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      { type: 'text', text: 'Found.' },
    ];
    const answer = told(readWhole(message({ content })));
    expect(answer).toMatchObject({ text: 'Found.', calls: [], vendor: { content } });
  });

  it('RES-10: citations that came with the block', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.example', title: 'A' };
    const content = [
      { type: 'text', text: 'So: ' },
      { type: 'text', text: 'yes', citations: [citation] },
    ];
    expect(told(readWhole(message({ content }))).annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: { url: 'https://a.example', title: 'A', start_index: 4, end_index: 7 },
      },
    ]);
  });

  it('RES-18: no content is a valid answer', () => {
    expect(told(readWhole(message({ content: [] })))).toMatchObject({ text: '', finish: 'stop' });
  });

  it('FIN-6: a refusal', () => {
    const refused = message({ content: [], stop_reason: 'refusal', stop_details: { explanation: 'No.' } });
    expect(told(readWhole(refused))).toMatchObject({ refusal: 'No.', usage: { billed: false } });
  });

  it('V12: blocks that are none are skipped', () => {
    const content = [null, 'x', 7, [], { type: 'text', text: 'ok' }];
    expect(told(readWhole(message({ content }))).text).toBe('ok');
  });

  it('does not touch the message', () => {
    const frozen = Object.freeze(
      message({ content: Object.freeze([Object.freeze({ type: 'text', text: 'a' })]) }),
    );
    expect(told(readWhole(frozen)).text).toBe('a');
  });
});

describe('what is no message', () => {
  it.each([[null], [undefined], [''], [7]])('FIN-11: the stop reason %j', (stop_reason) => {
    expect(thrownBy(() => readWhole(message({ stop_reason })))).toMatchObject({ code: 'bad_response' });
  });

  it.each([[null], ['<html>'], [[]], [42], [{}], [{ ok: true }], [{ type: 'message', content: 'Hi' }]])(
    'ERR-55 N2: %j is refused',
    (body) => {
      expect(thrownBy(() => readWhole(body))).toMatchObject({ code: 'bad_response', provider: 'anthropic' });
    },
  );

  it.each([
    [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    [{ type: 'error', error: { type: 'authentication_error', message: 'x' } }, 'authentication'],
    [{ error: { type: 'rate_limit_error', message: 'x' } }, 'rate_limited'],
    [{ error: { message: 'anything' } }, 'server_error'],
  ])('N3 ERR-54 ERR-55: %j is the error it says', (body, code) => {
    expect(thrownBy(() => readWhole(body))).toMatchObject({ code });
  });
});
