import { describe, expect, it } from 'vitest';
import { faultFrames, frame, framesOf } from '../../../../src/testing/upstream/anthropic/frames.ts';
import { blockOf, messageOf } from '../../../../src/testing/upstream/anthropic/message.ts';
import type { Frame } from '../../../../src/testing/upstream/frame.ts';
import type { Answer, AnswerBlock } from '../../../../src/testing/upstream/model-answer.ts';

const input = {
  input_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
};
const facts = { id: 'msg_1', model: 'claude-x', input };
const answer: Answer = {
  blocks: [
    { type: 'thinking', pieces: ['Hm', 'm'], signature: 'sig' },
    { type: 'redacted_thinking', data: 'xyz' },
    { type: 'text', pieces: ['Hel', 'lo'] },
    { type: 'tool_use', id: 'toolu_1', name: 'add', input: { a: 1, b: [2, 3] } },
    { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} },
  ],
};

type Data = Record<string, unknown> & { index?: number; delta?: Record<string, string> };
const dataOf = (item: Frame): Data => item.data as Data;
const named = (frames: readonly Frame[], event: string): Data[] =>
  frames.filter((item) => item.event === event).map(dataOf);

/** Folds frames to content blocks, the way the streaming documentation says. */
function fold(frames: readonly Frame[]): unknown[] {
  return named(frames, 'content_block_start').map(({ index, content_block }) => {
    const block = { ...(content_block as Record<string, unknown>) };
    const deltas = named(frames, 'content_block_delta').filter((data) => data.index === index);
    const json = deltas.map(({ delta }) => delta?.['partial_json'] ?? '').join('');
    for (const { delta = {} } of deltas) {
      for (const [key, value] of Object.entries(delta)) {
        if (key !== 'type' && key !== 'partial_json') block[key] = `${block[key]}${value}`;
      }
    }
    return json ? { ...block, input: JSON.parse(json) } : block;
  });
}

describe('framesOf', () => {
  const frames = framesOf(answer, facts);

  it('begins with the message and its input, ends with the stop reason and the end', () => {
    expect(frames.slice(0, 2).map((item) => item.event)).toEqual(['message_start', 'ping']);
    expect(frames.slice(-2).map((item) => item.event)).toEqual(['message_delta', 'message_stop']);
    expect(named(frames, 'message_start')[0]).toMatchObject({
      message: { id: 'msg_1', content: [], stop_reason: null, usage: { input_tokens: 5, output_tokens: 1 } },
    });
    expect(named(frames, 'message_delta')[0]).toMatchObject({
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { input_tokens: 5, output_tokens: 8 },
    });
  });

  it('says the type in the name and in the data of every event', () => {
    for (const item of frames) expect(dataOf(item)['type']).toBe(item.event);
  });

  it('opens, fills and closes each block in turn', () => {
    const indices = frames.filter((item) => 'index' in dataOf(item)).map((item) => dataOf(item).index);
    expect(indices).toEqual([...indices].sort((a = 0, b = 0) => a - b));
    expect(new Set(indices)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(named(frames, 'content_block_stop')).toHaveLength(5);
  });

  it('folds to the content of the JSON message', () => {
    expect(fold(frames)).toEqual(messageOf(answer, facts)['content']);
  });

  it('marks as content what a caller could act on, and nothing else', () => {
    const marked = frames.filter((item) => item.content).map(dataOf);
    const types = marked.map(({ delta, content_block }) =>
      delta ? delta['type'] : (content_block as { type: string }).type,
    );
    expect(new Set(types)).toEqual(new Set(['thinking_delta', 'text_delta', 'tool_use', 'input_json_delta']));
    expect(marked.some(({ delta }) => delta?.['partial_json'] === '')).toBe(false);
  });

  it('sends a redacted thought whole in its start, without deltas', () => {
    const start = named(frames, 'content_block_start')[1];
    expect(start?.['content_block']).toEqual(blockOf(answer.blocks[1] as AnswerBlock));
    expect(named(frames, 'content_block_delta').some(({ index }) => index === 1)).toBe(false);
  });

  it('sends the empty fragment alone for a call without arguments (STR-12a)', () => {
    const deltas = named(frames, 'content_block_delta').filter(({ index }) => index === 4);
    expect(deltas.map(({ delta }) => delta?.['partial_json'])).toEqual(['']);
  });

  it('sends exact fragments where the author gives them (G1)', () => {
    const cut = framesOf(
      { blocks: [{ type: 'tool_use', id: 'i', name: 'n', input: {}, pieces: ['{"a', '":'] }] },
      facts,
    );
    expect(named(cut, 'content_block_delta').map(({ delta }) => delta?.['partial_json'])).toEqual([
      '{"a',
      '":',
    ]);
  });

  it('is an envelope without blocks when there is nothing to say (N9)', () => {
    const empty = framesOf({ blocks: [], stopReason: 'refusal', stopDetails: { type: 'refusal' } }, facts);
    expect(empty.map((item) => item.event)).toEqual([
      'message_start',
      'ping',
      'message_delta',
      'message_stop',
    ]);
    expect(named(empty, 'message_delta')[0]).toMatchObject({ delta: { stop_details: { type: 'refusal' } } });
  });
});

describe('frame and faultFrames', () => {
  it('make events of the wire', () => {
    expect(frame('future_event', { a: 1 })).toEqual({
      event: 'future_event',
      data: { type: 'future_event', a: 1 },
    });
    expect(faultFrames('req_1').ping).toEqual({ event: 'ping', data: { type: 'ping' } });
    expect(faultFrames('req_1').error('api_error', 'oh')).toEqual({
      event: 'error',
      data: { type: 'error', error: { type: 'api_error', message: 'oh' }, request_id: 'req_1' },
    });
  });
});
