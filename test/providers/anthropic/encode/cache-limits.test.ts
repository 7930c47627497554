import { describe, expect, it } from 'vitest';
import { limitBreakpoints, type Marked } from '../../../../src/providers/anthropic/encode/cache-limits.ts';
import { contextOf, encode, system, text, tool, user, warningsOf } from './encoding.ts';

type Life = '5m' | '1h' | undefined;

const mark = (life: Life): object => ({ type: 'ephemeral', ...(life && { ttl: life }) });
const part = (life: Life): object => ({ ...text('x'), cache_control: mark(life) });

/** Lives of all breakpoints a request is sent with, in prefix order; the automatic one last, in brackets. */
function lives(
  request: Readonly<Record<string, unknown>>,
  autoCache: true | { ttl: '5m' | '1h' } | false = false,
) {
  const encoded = encode(request, { autoCache });
  const { tools = [], system: prompt = [], messages, cache_control: automatic } = encoded.body;
  const blocks = [...tools, ...prompt, ...messages.flatMap(({ content }) => content)];
  const life = (value: unknown): string => String(Reflect.get(Object(value), 'ttl') ?? '5m');
  const found = blocks.map((block) => block['cache_control']).filter((value) => value !== undefined);
  return [[...found.map(life), ...(automatic ? [`(${life(automatic)})`] : [])], warningsOf(encoded)];
}

const parts = (...list: readonly Life[]): Readonly<Record<string, unknown>> => ({
  messages: [user(list.map(part))],
});

describe('limits of breakpoints', () => {
  it('CA-3 allows four', () => {
    expect(lives(parts('5m', '5m', '5m', '5m'))).toEqual([['5m', '5m', '5m', '5m'], []]);
  });

  it('CA-3 BUG-65 keeps the last four in the order tools, system, messages', () => {
    const request = {
      tools: [
        { ...tool('a'), cache_control: mark('1h') },
        { ...tool('b'), cache_control: mark('1h') },
      ],
      messages: [system([part('1h')]), user([part(undefined), part('5m')]), user([part('5m')])],
    };
    const encoded = encode(request);
    expect(lives(request)).toEqual([['1h', '5m', '5m', '5m'], ['clamped cache_control']]);
    expect(encoded.body.tools?.map((each) => each['cache_control'])).toEqual([undefined, undefined]);
  });

  it('CA-3 counts the automatic one', () => {
    expect(lives(parts('5m', '5m', '5m', '5m'), true)).toEqual([
      ['5m', '5m', '5m', '(5m)'],
      ['clamped cache_control'],
    ]);
  });

  it('CA-5 lets longer lives come first', () => {
    expect(lives(parts('1h', '1h', '5m'))).toEqual([['1h', '1h', '5m'], []]);
  });

  it('CA-5 unifies to the first life where a shorter one comes first', () => {
    expect(lives(parts('5m', '1h', '1h'))).toEqual([
      ['5m', '5m', '5m'],
      ['unsupported_value cache_control.ttl'],
    ]);
    expect(lives(parts('1h', '5m', '1h'))).toEqual([
      ['1h', '1h', '1h'],
      ['unsupported_value cache_control.ttl'],
    ]);
  });

  it('CA-5 gives the automatic one the life of an explicit one on the same block', () => {
    expect(lives(parts('1h'), { ttl: '5m' })).toEqual([
      ['1h', '(1h)'],
      ['unsupported_value cache_control.ttl'],
    ]);
    const elsewhere = { messages: [user([part('1h'), text('end')])] };
    expect(lives(elsewhere, { ttl: '5m' })).toEqual([['1h', '(5m)'], []]);
  });

  it('CA-2 adds the automatic one by option, unless the request has its own', () => {
    expect(lives({}, true)).toEqual([['(5m)'], []]);
    expect(lives({}, { ttl: '1h' })).toEqual([['(1h)'], []]);
    expect(lives({ cache_control: mark('1h') }, { ttl: '5m' })).toEqual([['(1h)'], []]);
    expect(lives({}, false)).toEqual([[], []]);
  });

  it('CA-6 marks short prompts too: upstream ignores them without an error', () => {
    expect(lives(parts('5m'))).toEqual([['5m'], []]);
  });
});

describe('limitBreakpoints', () => {
  it('returns what needs no change', () => {
    const marked: Marked = { tools: [], system: [], turns: [], automatic: undefined };
    expect(limitBreakpoints(contextOf(), marked)).toBe(marked);
  });
});
