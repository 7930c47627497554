import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../../src/provider-kit/index.ts';
import { createChatContext } from '../../../../src/providers/openai-compatible/encode/chat-context.ts';
import { MessageWriter } from '../../../../src/providers/openai-compatible/encode/wire-message.ts';
import type { Quirks } from '../../../../src/providers/openai-compatible/index.ts';
import { ask } from '../../../contexts.ts';
import { encodeOptions } from '../chat.ts';

function write(messages: readonly ChatMessage[], quirks: Quirks = {}) {
  const context = createChatContext(ask(), { ...encodeOptions, quirks });
  const writer = new MessageWriter(context);
  const written = messages.map((message, index) => writer.write(message, index));
  return { written, warned: context.warnings.map(({ code, param }) => [code, param]) };
}

const call = (id: string, name = 'f') => ({ id, type: 'function', function: { name, arguments: '{}' } });
const assistant = (more: Partial<ChatMessage>): ChatMessage => ({
  role: 'assistant',
  content: null,
  ...more,
});
const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: '42' });

describe('a message', () => {
  it('is the same object when nothing about it has to change', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'x' },
      { role: 'user', content: [{ type: 'text', text: 'x' }], name: 'ann' },
      assistant({ tool_calls: [call('a')] }),
      result('a'),
      { role: 'function', name: 'f', content: 'x' },
    ];
    const { written, warned } = write(messages);
    for (const [index, message] of messages.entries()) expect(written[index]).toBe(message);
    expect(warned).toEqual([]);
  });

  it('2.5: of an answer of this house loses what only this house knows', () => {
    const answered: ChatMessage = {
      role: 'assistant',
      content: 'Hi',
      refusal: null,
      reasoning_content: 'hm',
      thinking_blocks: [{ type: 'thinking', thinking: '', signature: 's' }],
      reasoning_details: [],
      provider_specific_fields: { anthropic: { content: [] } },
      annotations: [],
      native_finish_reason: 'end_turn',
      parsed: { a: 1 },
    };
    expect(write([answered])).toEqual({ written: [{ role: 'assistant', content: 'Hi' }], warned: [] });
    expect(answered).toHaveProperty('thinking_blocks');
  });

  it('loses members that say nothing, but for its content (TL-H1)', () => {
    const empty = assistant({ refusal: null, function_call: null, tool_calls: [], audio: null });
    expect(write([empty]).written).toEqual([{ role: 'assistant', content: null }]);
  });

  it('keeps what is its own to say', () => {
    const refused = assistant({ refusal: 'No.' });
    const dated = assistant({ function_call: { name: 'f', arguments: '{}' } });
    expect(write([refused, dated]).written).toEqual([refused, dated]);
  });

  it('loses marks of a cache on its parts', () => {
    const user: ChatMessage = {
      role: 'user',
      content: [
        { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
        { type: 'image_url', image_url: { url: 'https://x.example/a.png' } },
        { type: 'file', file: { file_data: 'x' }, title: 'T', citations: { enabled: true } },
      ],
    };
    expect(write([user])).toEqual({
      written: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: 'https://x.example/a.png' } },
            { type: 'file', file: { file_data: 'x' } },
          ],
        },
      ],
      warned: [
        ['unsupported_parameter', 'messages[0].content[2].title'],
        ['unsupported_parameter', 'messages[0].content[2].citations'],
      ],
    });
  });

  it('4.5: of a developer is one of the system where the host does not know developers', () => {
    const developer: ChatMessage = { role: 'developer', content: 'x' };
    expect(write([developer]).written).toEqual([{ role: 'system', content: 'x' }]);
    expect(write([developer], { developerRole: true }).written[0]).toBe(developer);
  });

  it('has no name where the host takes none, but for results; told once', () => {
    const messages: ChatMessage[] = [
      { role: 'user', content: 'x', name: 'ann' },
      { role: 'user', content: 'y', name: 'bob' },
      { role: 'tool', content: 'z', name: 'f', tool_call_id: 'a' },
    ];
    const { written, warned } = write(messages, { noMessageNames: true });
    expect(written).toEqual([{ role: 'user', content: 'x' }, { role: 'user', content: 'y' }, messages[2]]);
    expect(warned).toEqual([['name_dropped', 'messages[0].name']]);
  });
});

describe('calls and results', () => {
  it('TL-H6: have ids of nine letters and digits for Mistral, the same on both sides', () => {
    const messages = [
      assistant({ tool_calls: [call('toolu_01A.b'), call('toolu_01A_b')] }),
      result('toolu_01A_b'),
      result('toolu_01A.b'),
    ];
    const { written } = write(messages, { toolIdFormat: 'nine_alphanumerics' });
    const [first, second, third] = written;
    const ids = (first!['tool_calls'] as { id: string }[]).map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect([second?.['tool_call_id'], third?.['tool_call_id']]).toEqual([ids[1], ids[0]]);
  });

  it("TL-H6: keep Mistral's own ids", () => {
    const messages = [assistant({ tool_calls: [call('AbC123xyZ')] }), result('AbC123xyZ')];
    const { written } = write(messages, { toolIdFormat: 'nine_alphanumerics' });
    expect(written).toEqual(messages);
    expect(written[0]).toBe(messages[0]);
  });

  it('are sent with empty content where null is refused', () => {
    const quirks: Quirks = { emptyContentForCalls: true };
    const { content: _, ...bare } = assistant({ tool_calls: [call('a')] });
    expect(write([assistant({ tool_calls: [call('a')] }), bare], quirks).written).toMatchObject([
      { content: '' },
      { content: '' },
    ]);
    const spoken = assistant({ content: 'Let me look.', tool_calls: [call('a')] });
    expect(write([spoken, assistant({ refusal: 'No.' })], quirks).written).toEqual([
      spoken,
      assistant({ refusal: 'No.' }),
    ]);
  });

  it('name their tool where the host needs that', () => {
    const quirks: Quirks = { toolResultName: true };
    const named: ChatMessage = { ...result('b'), name: 'mine' };
    const messages = [
      assistant({ tool_calls: [call('a', 'weather'), call('b', 'time')] }),
      result('a'),
      named,
      result('lost'),
    ];
    expect(write(messages, quirks).written.slice(1)).toEqual([
      { ...result('a'), name: 'weather' },
      named,
      result('lost'),
    ]);
    expect(write(messages).written[1]).toBe(messages[1]);
  });

  it("bring back what their host said of them, as Gemini's signatures", () => {
    const extra = { extra_content: { google: { thought_signature: 's' } } };
    const message = assistant({
      tool_calls: [call('a'), call('b')],
      provider_specific_fields: { acme: { tool_calls: { a: extra } } },
    });
    expect(write([message]).written).toEqual([
      { role: 'assistant', content: null, tool_calls: [{ ...extra, ...call('a') }, call('b')] },
    ]);
  });

  describe("of another host's, for one that wants its own signature", () => {
    const signed = { extra_content: { google: { thought_signature: 'none' } } };
    const quirks: Quirks = { foreignCalls: { models: ['model-*'], fields: signed } };
    const two = assistant({ tool_calls: [call('a'), call('b')] });

    it('get what stands for it, on the first of a turn', () => {
      expect(write([two], quirks).written).toEqual([
        { role: 'assistant', content: null, tool_calls: [{ ...signed, ...call('a') }, call('b')] },
      ]);
    });

    it.each([
      ['a model without that rule', { models: ['other*'], fields: signed }, two],
      ['a turn without calls', quirks.foreignCalls, assistant({ content: 'a' })],
      [
        'a call without an id',
        quirks.foreignCalls,
        assistant({ tool_calls: [{ function: { name: 'f', arguments: '{}' } }] }),
      ],
    ])('stay as they are: %s', (_, foreignCalls, message) => {
      expect(write([message], foreignCalls ? { foreignCalls } : {}).written[0]).toBe(message);
    });

    it('are not those that this host signed, or the caller', () => {
      const own = { a: { extra_content: { google: { thought_signature: 's' } } } };
      const replayed = assistant({
        tool_calls: [call('a')],
        provider_specific_fields: { acme: { tool_calls: own } },
      });
      expect(write([replayed], quirks).written).toMatchObject([{ tool_calls: [own.a] }]);
      const caller = assistant({ tool_calls: [{ ...call('a'), ...own.a }] });
      expect(write([caller], quirks).written).toMatchObject([{ tool_calls: [own.a] }]);
    });
  });

  it('keep what the caller put on them', () => {
    const odd = { ...call('a'), extra_content: { google: { thought_signature: 's' } } };
    const message = assistant({ tool_calls: [odd, { function: { name: 'g', arguments: '{}' } }] });
    expect(write([message]).written[0]).toBe(message);
  });
});

describe('reasoning', () => {
  it('goes back to a host that wants it, in every turn', () => {
    const messages = [assistant({ content: 'a', reasoning_content: 'hm' }), assistant({ content: 'b' })];
    expect(write(messages, { replayReasoning: 'reasoning_content' }).written).toEqual(messages);
    expect(write(messages, { replayReasoning: 'reasoning' }).written[0]).toEqual({
      role: 'assistant',
      content: 'a',
      reasoning: 'hm',
    });
  });

  it('goes back signed to the host that signed it', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'sig' }];
    const message = assistant({
      content: 'a',
      provider_specific_fields: { acme: { reasoning_details: details } },
    });
    expect(write([message]).written).toEqual([
      { role: 'assistant', content: 'a', reasoning_details: details },
    ]);
  });
});
