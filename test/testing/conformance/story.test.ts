import type { ChatEvent } from 'runestone';
import { describe, expect, it } from 'vitest';
import {
  callsOf,
  essence,
  eventsIn,
  type Story,
  storyOf,
  textOf,
  usageOf,
} from '../../../src/testing/conformance/story.ts';
import { finish, start, text, usage } from '../../contexts.ts';

const called = (index: number, name: string, id = 'call_1'): ChatEvent => ({
  type: 'tool_call_start',
  index,
  id,
  name,
});
const piece = (index: number, json: string): ChatEvent => ({
  type: 'tool_call_delta',
  index,
  arguments: json,
});
const told = (...events: ChatEvent[]): Story => ({ events });

describe('the story of a stream', () => {
  it('is its events, one by one or by reads', async () => {
    async function* stream() {
      yield text('a');
      yield [text('b'), text('c')];
      yield [];
    }
    expect(await storyOf(stream())).toEqual({ events: [text('a'), text('b'), text('c')] });
    expect([eventsIn(finish), eventsIn([])]).toEqual([[finish], []]);
  });

  it('ends with what the stream threw', async () => {
    async function* stream() {
      yield text('a');
      throw new RangeError('mine');
    }
    expect(await storyOf(stream())).toEqual({ events: [text('a')], error: new RangeError('mine') });
  });
});

describe('what it says', () => {
  it('is text, calls in order, and the last usage', () => {
    const story = told(
      start,
      text('Hel'),
      called(1, 'time'),
      called(0, 'weather'),
      piece(0, '{"a"'),
      usage({ inputTokens: 1 }),
      piece(0, ':1}'),
      text('lo'),
      usage({ inputTokens: 2 }),
      finish,
    );
    expect(textOf(story)).toBe('Hello');
    expect(usageOf(story)).toEqual({ inputTokens: 2 });
    expect(callsOf(story)).toEqual([
      { name: 'weather', arguments: { a: 1 } },
      { name: 'time', arguments: {} },
    ]);
  });

  it.each<[string, Story, unknown]>([
    ['arguments that are no JSON', told(called(0, 'f'), piece(0, '{"a')), [{ name: 'f', arguments: '{"a' }]],
    [
      'an index that is left out',
      told(called(1, 'f')),
      [
        { name: '', arguments: {} },
        { name: 'f', arguments: {} },
      ],
    ],
    ['a piece of no call', told(piece(0, '{}')), []],
    ['no call', told(text('a')), []],
  ])('of %s is told as it is', (_, story, calls) => {
    expect(callsOf(story)).toEqual(calls);
  });

  it('of no usage is nothing', () => {
    expect(usageOf(told(text('a')))).toBeUndefined();
  });
});

describe('its essence', () => {
  it('is the same for other ids, times and cuts', () => {
    const one = told(
      start,
      text('Hel'),
      text('lo'),
      called(0, 'f', 'x'),
      piece(0, '{'),
      piece(0, '}'),
      finish,
    );
    const other = told(
      { type: 'start', id: 'other', model: 'm', created: 5 },
      text('H'),
      text('ello'),
      called(0, 'f', 'y'),
      piece(0, '{}'),
      finish,
    );
    expect(essence(one)).toEqual(essence(other));
    expect(one.events[1]).toEqual(text('Hel'));
  });

  it.each<[string, Story, Story]>([
    ['text', told(text('a')), told(text('b'))],
    ['order', told(text('a'), finish), told(finish, text('a'))],
    ['whose arguments', told(piece(0, 'a'), piece(1, 'b')), told(piece(0, 'ab'))],
    ['kind of text', told(text('a')), told({ type: 'refusal_delta', text: 'a' })],
    ['usage', told(usage({ inputTokens: 1 })), told(usage({ inputTokens: 2 }))],
    ['what stands between', told(text('a'), usage({}), text('b')), told(text('ab'), usage({}))],
  ])('differs by %s', (_, one, other) => {
    expect(essence(one)).not.toEqual(essence(other));
  });
});
