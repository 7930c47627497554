import { describe, expect, it } from 'vitest';
import { chatMessages } from '../../../src/http/messages/message-turns.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const text = (said: string) => ({ type: 'text', text: said });

describe('the system prompt', () => {
  it.each([
    ['text', 'Be kind.', 'Be kind.'],
    ['blocks', [text('a'), { ...text('b'), ...mark }], [text('a'), { ...text('b'), ...mark }]],
  ])('as %s comes first', (_, system, content) => {
    expect(chatMessages(system, [{ role: 'user', content: 'hi' }])).toEqual([
      { role: 'system', content },
      { role: 'user', content: 'hi' },
    ]);
  });

  it.each([undefined, null, '', []])('is no message when it is %j', (system) => {
    expect(chatMessages(system, [{ role: 'user', content: 'hi' }])).toHaveLength(1);
  });

  it('MSG-2 may come later', () => {
    const turns = [
      { role: 'user', content: 'hi' },
      { role: 'system', content: [text('Now in French.')] },
    ];
    expect(chatMessages(undefined, turns)[1]).toEqual({ role: 'system', content: [text('Now in French.')] });
  });
});

describe('a user turn', () => {
  const result = (id: string, more: object = {}) => ({ type: 'tool_result', tool_use_id: id, ...more });

  it('TL-R2 becomes its results, then what the user said', () => {
    const content = [text('And now?'), result('t1', { content: 'one' }), result('t2', { content: 'two' })];
    expect(chatMessages(undefined, [{ role: 'user', content }])).toEqual([
      { role: 'tool', tool_call_id: 't1', content: 'one' },
      { role: 'tool', tool_call_id: 't2', content: 'two' },
      { role: 'user', content: [text('And now?')] },
    ]);
  });

  it('is nothing but results when it brings nothing else', () => {
    const turn = { role: 'user', content: [result('t1', { content: '', is_error: true, ...mark })] };
    expect(chatMessages(undefined, [turn])).toEqual([
      { role: 'tool', tool_call_id: 't1', content: '', is_error: true, ...mark },
    ]);
  });

  it.each<[string, unknown, unknown]>([
    ['MSG-28 nothing', undefined, ''],
    ['null', null, ''],
    ['one text', [text('seen')], 'seen'],
    ['one marked text', [{ ...text('seen'), ...mark }], [{ ...text('seen'), ...mark }]],
    ['two texts', [text('a'), text('b')], [text('a'), text('b')]],
    [
      'TL-R9 an image',
      [{ type: 'image', source: { type: 'url', url: 'https://e.com/a.png' } }],
      [{ type: 'image_url', image_url: { url: 'https://e.com/a.png' } }],
    ],
    [
      'a document, which no other host takes there',
      [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } }],
      [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } }],
    ],
  ])('a result of %s', (_, content, expected) => {
    const [message] = chatMessages(undefined, [{ role: 'user', content: [result('t', { content })] }]);
    expect(message?.content).toEqual(expected);
  });

  it('says nothing where it says nothing, which the pool refuses', () => {
    expect(chatMessages(undefined, [{ role: 'user', content: [] }])).toEqual([{ role: 'user', content: [] }]);
  });
});

describe('an assistant turn', () => {
  it('knows whether it is the last one', () => {
    const paused = {
      role: 'assistant',
      content: [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
    };
    const [first, , last] = chatMessages(undefined, [paused, { role: 'user', content: 'hi' }, paused]);
    expect(first?.['provider_specific_fields']).toEqual({ anthropic: { content: paused.content } });
    expect(last?.['provider_specific_fields']).toMatchObject({ anthropic: { stop_reason: 'pause_turn' } });
  });
});
