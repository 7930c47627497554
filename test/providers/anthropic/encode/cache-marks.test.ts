import { describe, expect, it } from 'vitest';
import { isCacheable, markLast, withMark } from '../../../../src/providers/anthropic/encode/cache-marks.ts';
import type { Entry } from '../../../../src/providers/anthropic/encode/turns.ts';
import {
  assistant,
  call,
  encode,
  messagesOf,
  result,
  system,
  text,
  thought,
  tool,
  user,
  warningsOf,
} from './encoding.ts';

const EPHEMERAL = { type: 'ephemeral' };
const HOUR = { type: 'ephemeral', ttl: '1h' };
const marked = (value: string, mark: object = EPHEMERAL): object => ({ ...text(value), cache_control: mark });

describe('cache_control', () => {
  it('CA-1 BUG-66 is copied with its life, from parts, tools, system and the request', () => {
    const { body, warnings } = encode({
      messages: [
        system([marked('s', HOUR)]),
        user([marked('a', HOUR), marked('b', { type: 'ephemeral', ttl: '5m' })]),
      ],
      tools: [{ ...tool('f'), cache_control: HOUR }],
    });
    expect(body.tools?.[0]?.['cache_control']).toEqual(HOUR);
    expect(body.system).toEqual([marked('s', HOUR)]);
    expect(body.messages[0]?.content).toEqual([
      marked('a', HOUR),
      marked('b', { type: 'ephemeral', ttl: '5m' }),
    ]);
    expect(warnings).toEqual([]);
    expect(encode({ cache_control: HOUR }).body['cache_control']).toEqual(HOUR);
    expect(encode({ anthropic: { cache_control: EPHEMERAL } }).body['cache_control']).toEqual(EPHEMERAL);
  });

  it('CA-1 on a message marks its last cacheable block', () => {
    const messages = messagesOf([
      { ...user([text('a'), text('b')]), cache_control: EPHEMERAL },
      {
        ...assistant('c', { thinking_blocks: [thought('s')], tool_calls: [call('x')] }),
        cache_control: HOUR,
      },
      result('x'),
    ]);
    expect(messages[0]?.content).toEqual([text('a'), marked('b')]);
    expect(messages[1]?.content.map((block) => block['cache_control'])).toEqual([
      undefined,
      undefined,
      EPHEMERAL,
    ]);
  });

  it('CA-1 leaves a part’s own mark alone', () => {
    const messages = messagesOf([{ ...user([marked('a', HOUR)]), cache_control: EPHEMERAL }]);
    expect(messages[0]?.content).toEqual([marked('a', HOUR)]);
  });

  it('CA-1 ignores marks it does not know, with a warning', () => {
    const encoded = encode({
      messages: [user([marked('a', { type: 'forever' })])],
      cache_control: { ttl: '1h' },
    });
    expect(encoded.body.messages[0]?.content).toEqual([text('a')]);
    expect(warningsOf(encoded)).toEqual([
      'unsupported_parameter messages[0].content[0].cache_control',
      'unsupported_parameter cache_control',
    ]);
    expect(encode({ cache_control: null }).warnings).toEqual([]);
  });

  it('CA-1 keeps a native block’s mark in a legal form', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://x/y' } };
    const sent = (mark: object): unknown =>
      messagesOf([user([{ ...image, cache_control: mark }])])[0]?.content[0];
    expect(sent(HOUR)).toEqual({ ...image, cache_control: HOUR });
    expect(sent({ type: 'odd' })).toEqual(image);
  });
});

describe('prompt_cache_breakpoint', () => {
  const sent = (breakpoint: object, request: object = {}): unknown[] => {
    const messages = [user([{ ...text('a'), prompt_cache_breakpoint: { mode: 'explicit', ...breakpoint } }])];
    const encoded = encode({ ...request, messages });
    return [encoded.body.messages[0]?.content[0]?.['cache_control'], warningsOf(encoded)];
  };

  it('CA-2 becomes a mark, long lives an hour', () => {
    expect(sent({})).toEqual([EPHEMERAL, []]);
    expect(sent({ ttl: '30m' })).toEqual([HOUR, []]);
    expect(sent({ ttl: '12h' })).toEqual([
      HOUR,
      ['clamped messages[0].content[0].prompt_cache_breakpoint.ttl'],
    ]);
  });

  it('CA-2 inherits the life that the request names', () => {
    expect(sent({}, { prompt_cache_options: { mode: 'explicit', ttl: '30m' } })).toEqual([HOUR, []]);
  });

  it('CA-2 never switches caching on by itself', () => {
    const { body } = encode({ prompt_cache_options: { mode: 'implicit' }, prompt_cache_retention: '24h' });
    expect(JSON.stringify(body)).not.toContain('cache_control');
  });
});

describe('isCacheable', () => {
  it.each([
    [thought('s'), false],
    [{ type: 'redacted_thinking', data: 'd' }, false],
    [text(''), false],
    [{ type: 'tool_reference', tool_name: 't' }, false],
    [text('a'), true],
    [{ type: 'tool_use' }, true],
  ])('CA-4 %j: %s', (block, expected) => {
    expect(isCacheable(block)).toBe(expected);
  });
});

describe('withMark and markLast', () => {
  it('share a block that stays as it is', () => {
    const block = text('a');
    expect(withMark(block, undefined)).toBe(block);
    expect(withMark({ ...block, cache_control: HOUR }, undefined)).toEqual(block);
  });

  it('find no block to mark among reasoning', () => {
    const entries: Entry[] = [{ block: thought('s'), from: 'x' }];
    markLast(entries, { type: 'ephemeral' });
    expect(entries[0]?.block).toEqual(thought('s'));
  });
});
