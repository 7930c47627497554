import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../src/errors/index.ts';
import { withNulls, withoutNulls } from '../../../src/http/messages/message-form.ts';
import { MessagesWriter } from '../../../src/http/messages/messages-writer.ts';
import type { ChatEvent } from '../../../src/provider-kit/index.ts';
import { info, parseFrames, started, stopped, written } from '../frames.ts';

const reading = { writer: () => new MessagesWriter(withNulls) };
const older = { writer: () => new MessagesWriter(withoutNulls) };
const text = (said: string): ChatEvent => ({ type: 'text_delta', text: said });
const vendor = (data: unknown, provider = 'anthropic'): ChatEvent => ({ type: 'vendor', provider, data });

describe('the frame of a message', () => {
  it('STR-2 nothing is said before there is something to say', () => {
    const writer = reading.writer();
    const silent: ChatEvent[] = [started, { type: 'usage', usage: { inputTokens: 7 } }, text('')];
    expect(writer.write(silent, () => info)).toBe('');
    expect(parseFrames(writer.write([text('a')], () => info)).map(({ event }) => event)).toEqual([
      ...['message_start', 'content_block_start', 'content_block_delta'],
    ]);
  });

  it('begins with the message as it is by then, and ends with its stop and its tokens', () => {
    const usage: ChatEvent = { type: 'usage', usage: { inputTokens: 7, cacheReadTokens: 2 } };
    const frames = written(reading, [started, usage, text('Hi'), stopped]);
    expect(frames.map(({ event, data }) => [event, event === data['type']])).toEqual(
      [
        ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
        ...['message_delta', 'message_stop'],
      ].map((event) => [event, true]),
    );
    expect(frames[0]?.data['message']).toMatchObject({
      id: 'msg_up',
      model: 'claude-up',
      usage: { input_tokens: 7, cache_read_input_tokens: 2, output_tokens: 0 },
    });
    expect(frames.at(-2)?.data).toEqual({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null },
      usage: expect.objectContaining({ input_tokens: 7, output_tokens: 5 }),
      runestone: info,
    });
  });

  it('2023-06-01 leaves out what is null, but for the sequence', () => {
    const frames = written(older, [started, text('Hi'), stopped]);
    expect(frames.at(-2)?.data['delta']).toEqual({ stop_reason: 'end_turn', stop_sequence: null });
    expect(JSON.stringify(frames).match(/\w+":null/g)).toEqual([
      'stop_reason":null',
      ...Array(2).fill('stop_sequence":null'),
    ]);
  });

  it('RES-18 an answer of no words is a message too', () => {
    const events = written(reading, [started, stopped]).map(({ event }) => event);
    expect(events).toEqual(['message_start', 'message_delta', 'message_stop']);
  });

  it('has an id of its own where no host gave one', () => {
    const [first] = written(reading, [text('Hi'), stopped]);
    expect(first?.data['message']).toMatchObject({ id: 'msg_r1', model: 'claude-test' });
  });

  it('a head that comes later is another’s', () => {
    const frames = written(reading, [started, text('a'), { ...started, id: 'msg_2' }, text('b'), stopped]);
    expect(frames.filter(({ event }) => event === 'message_start')).toHaveLength(1);
  });

  it('the tokens of the last report count when the pool knows no better', () => {
    const usage: ChatEvent = { type: 'usage', usage: { outputTokens: 9 } };
    const frames = written(reading, [text('a'), usage, stopped], { ...info, usage: undefined });
    expect(frames.at(-2)?.data['usage']).toMatchObject({ output_tokens: 9 });
  });
});

describe('what becomes content', () => {
  const blocksOf = (events: ChatEvent[]): unknown[] =>
    written(older, [...events, stopped])
      .filter(({ event }) => event === 'content_block_start')
      .map(({ data }) => data['content_block']);

  it('events of every kind, in their order', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const events: ChatEvent[] = [
      { type: 'reasoning_delta', text: 'hm' },
      { type: 'thinking_block', block: { type: 'thinking', thinking: 'hm', signature: 's' } },
      vendor({ content_block: search }),
      text('so'),
      vendor({ citations: [{ type: 'char_location' }] }),
      { type: 'tool_call_start', index: 0, id: 't', name: 'f' },
      { type: 'tool_call_delta', index: 0, arguments: '{}' },
      { type: 'custom_tool_call', index: 1, id: 'c', name: 'g', input: 'x' },
    ];
    expect(blocksOf(events)).toEqual([
      { type: 'thinking', thinking: '', signature: '' },
      search,
      { type: 'text', text: '' },
      { type: 'tool_use', id: 't', name: 'f', input: {} },
      { type: 'tool_use', id: 'c', name: 'g', input: {} },
    ]);
  });

  it('RES-10 texts that Claude told apart', () => {
    expect(blocksOf([text('It is '), vendor({ text_ended: true }), text('so')])).toHaveLength(2);
    expect(blocksOf([text('It is '), text('so')])).toHaveLength(1);
  });

  it('RES-7 what Claude says of a call, for this call alone', () => {
    const caller = { type: 'code_execution_20260521', tool_id: 's' };
    const start = (index: number): ChatEvent => ({
      type: 'tool_call_start',
      index,
      id: `t${index}`,
      name: 'f',
    });
    expect(blocksOf([vendor({ tool_use: { caller, toolset_name: null } }), start(0), start(1)])).toEqual([
      { type: 'tool_use', id: 't0', name: 'f', input: {}, caller },
      { type: 'tool_use', id: 't1', name: 'f', input: {} },
    ]);
  });

  it('nothing of what this wire has no place for', () => {
    const warning: ChatEvent = { type: 'warning', warning: { code: 'c', message: 'm' } };
    const others = [warning, vendor({ content_block: { type: 'x' } }, 'other'), vendor('odd')];
    expect(
      blocksOf([...others, { type: 'annotations', annotations: [] }, { type: 'result', value: 1 }]),
    ).toEqual([]);
  });
});

describe('the end', () => {
  it('tells what Claude said of its message', () => {
    const native = { stop_sequence: 'END', container: { id: 'c1' } };
    const finish: ChatEvent = { type: 'finish', reason: 'stop', raw: 'stop_sequence' };
    const frames = written(older, [text('a'), vendor(native), finish]);
    expect(frames.at(-2)?.data['delta']).toEqual({
      ...{ stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c1' } },
    });
  });

  it('FIN-6 a refusal is no text', () => {
    const events: ChatEvent[] = [
      { type: 'refusal_delta', text: 'I will ' },
      { type: 'refusal_delta', text: 'not.' },
      { type: 'finish', reason: 'stop', raw: 'stop' },
    ];
    const frames = written(older, events);
    expect(frames.map(({ event }) => event)).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(frames[1]?.data['delta']).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'I will not.' },
    });
  });

  it('STR-20 a failure is an event that the SDK raises, and nothing follows it', () => {
    const error = new ProviderError({ code: 'overloaded', provider: 'p', message: 'busy' });
    const writer = reading.writer();
    expect(parseFrames(writer.fail(error))).toEqual([
      {
        event: 'error',
        data: { type: 'error', error: { type: 'overloaded_error', message: 'p: busy' } },
      },
    ]);
    expect(writer.end()).toBe('');
  });
});
