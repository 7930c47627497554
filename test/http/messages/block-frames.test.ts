import { describe, expect, it } from 'vitest';
import { BlockFrames } from '../../../src/http/messages/block-frames.ts';
import { withNulls, withoutNulls } from '../../../src/http/messages/message-form.ts';
import { parseFrames } from '../frames.ts';

/** Frames in a form that is quick to read: what happens to which block. */
function outline(frames: string): string[] {
  return parseFrames(frames).map(({ event, data }) => {
    const { index, content_block: block, delta } = Object(data);
    const word = event?.replace('content_block_', '') ?? '';
    const what = block?.type ?? delta?.text ?? delta?.thinking ?? delta?.partial_json ?? delta?.type ?? '';
    return `${word} ${index} ${what}`.trim();
  });
}

const first = (frames: string): unknown => parseFrames(frames)[0]?.data['content_block'];

describe('texts and reasoning', () => {
  it('STR-5 a block opens with its first piece, and only then', () => {
    const blocks = new BlockFrames(withoutNulls);
    expect(blocks.text('')).toBe('');
    expect(outline(blocks.text('Hel') + blocks.text('lo "x"\n'))).toEqual([
      'start 0 text',
      'delta 0 Hel',
      'delta 0 lo "x"',
    ]);
    expect(outline(blocks.end())).toEqual(['stop 0']);
    expect(blocks.end()).toBe('');
  });

  it('one is open at a time', () => {
    const blocks = new BlockFrames(withoutNulls);
    const frames =
      blocks.thinking('hm') + blocks.text('so') + blocks.thinking('') + blocks.thinking('and') + blocks.end();
    expect(outline(frames)).toEqual([
      ...['start 0 thinking', 'delta 0 hm', 'stop 0'],
      ...['start 1 text', 'delta 1 so', 'stop 1'],
      ...['start 2 thinking', 'delta 2 and', 'stop 2'],
    ]);
  });

  it('STR-10 a signature ends the block whose text was told', () => {
    const blocks = new BlockFrames(withoutNulls);
    const frames =
      blocks.thinking('hm') + blocks.signed({ type: 'thinking', thinking: 'hm', signature: 's' });
    expect(outline(frames)).toEqual(['start 0 thinking', 'delta 0 hm', 'delta 0 signature_delta', 'stop 0']);
  });

  it.each([
    ['BUG-17 without a text', '', ['start 0 thinking', 'delta 0 signature_delta', 'stop 0']],
    ['with one', 'hm', ['start 0 thinking', 'delta 0 hm', 'delta 0 signature_delta', 'stop 0']],
  ])('TH-12 a block that was not told is told when it is complete: %s', (_, thinking, expected) => {
    expect(
      outline(new BlockFrames(withoutNulls).signed({ type: 'thinking', thinking, signature: 's' })),
    ).toEqual(expected);
  });

  it('redacted reasoning is told whole', () => {
    const frames = new BlockFrames(withNulls).signed({ type: 'redacted_thinking', data: 'x' });
    expect(outline(frames)).toEqual(['start 0 redacted_thinking', 'stop 0']);
    expect(first(frames)).toEqual({ type: 'redacted_thinking', data: 'x' });
  });

  it('RES-10 citations end the text that they are about', () => {
    const blocks = new BlockFrames(withNulls);
    const frames =
      blocks.text('so') + blocks.cited([{ type: 'char_location' }]) + blocks.text(' and') + blocks.end();
    expect(outline(frames)).toEqual([
      ...['start 0 text', 'delta 0 so', 'delta 0 citations_delta', 'stop 0'],
      ...['start 1 text', 'delta 1  and', 'stop 1'],
    ]);
    expect(new BlockFrames(withNulls).cited([{}])).toBe('');
  });

  it.each([
    ['2026-10-21', withNulls, { type: 'text', text: '', citations: null }],
    ['2023-06-01', withoutNulls, { type: 'text', text: '' }],
  ])('a text of version %s begins so', (_, form, expected) => {
    expect(first(new BlockFrames(form).text('x'))).toEqual(expected);
  });
});

describe('calls', () => {
  it('come piece by piece, and close when the next block shows that they are complete', () => {
    const blocks = new BlockFrames(withoutNulls);
    const frames = [
      blocks.text('I look.'),
      blocks.callStart(0, 't0', 'look'),
      blocks.callDelta(0, '{"a"'),
      blocks.callDelta(0, ''),
      blocks.callDelta(0, ':1}'),
      blocks.callStart(1, 't1', 'look'),
      blocks.callDelta(1, '{}'),
      blocks.end(),
    ];
    expect(outline(frames.join(''))).toEqual([
      ...['start 0 text', 'delta 0 I look.', 'stop 0'],
      ...['start 1 tool_use', 'delta 1 {"a"', 'delta 1 :1}', 'stop 1'],
      ...['start 2 tool_use', 'delta 2 {}', 'stop 2'],
    ]);
  });

  it('stay open side by side where a host tells several at once', () => {
    const blocks = new BlockFrames(withoutNulls);
    const frames = [
      blocks.callStart(0, 't0', 'f'),
      blocks.callDelta(0, '{"a'),
      blocks.callStart(1, 't1', 'f'),
      blocks.callDelta(1, '{"b":1}'),
      blocks.callDelta(0, '":1}'),
      blocks.end(),
    ];
    expect(outline(frames.join(''))).toEqual([
      ...['start 0 tool_use', 'delta 0 {"a', 'start 1 tool_use', 'delta 1 {"b":1}'],
      ...['delta 0 ":1}', 'stop 0', 'stop 1'],
    ]);
  });

  it('a piece of a call that nobody began is no one’s', () => {
    expect(new BlockFrames(withNulls).callDelta(4, '{}')).toBe('');
  });

  it.each([
    ['2026-10-21', withNulls, { caller: { type: 'direct' } }],
    ['2023-06-01', withoutNulls, {}],
  ])('begin so in version %s', (_, form, more) => {
    const frames = new BlockFrames(form).callStart(0, 't', 'f');
    expect(first(frames)).toEqual({ type: 'tool_use', id: 't', name: 'f', input: {}, ...more });
  });
});

describe('a block that is told at once', () => {
  it('brings its input where clients look for it', () => {
    const frames = new BlockFrames(withoutNulls).whole({
      type: 'server_tool_use',
      id: 's',
      name: 'n',
      input: { q: 1 },
    });
    expect(outline(frames)).toEqual(['start 0 server_tool_use', 'delta 0 {"q":1}', 'stop 0']);
    expect(first(frames)).toEqual({ type: 'server_tool_use', id: 's', name: 'n', input: {} });
  });

  it('is in its start otherwise', () => {
    const block = {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [{ page_age: null }],
      caller: null,
    };
    const { caller: _, ...rest } = block;
    expect(first(new BlockFrames(withoutNulls).whole(block))).toEqual(rest);
    expect(first(new BlockFrames(withNulls).whole(block))).toEqual(block);
  });
});
