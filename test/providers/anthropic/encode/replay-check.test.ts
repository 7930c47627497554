import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../../src/chat/request.ts';
import type { WireBlock } from '../../../../src/providers/anthropic/encode/claude-wire.ts';
import {
  deepEqual,
  isConsistent,
  liveCalls,
} from '../../../../src/providers/anthropic/encode/replay-check.ts';
import { createToolNames } from '../../../../src/providers/anthropic/encode/tool-names.ts';
import { call, contextOf, type RawRequest, text, thought } from './encoding.ts';

const use = (id: string, name = 'look', input: object = {}): WireBlock => ({
  type: 'tool_use',
  id,
  name,
  input,
});
const fallback: WireBlock = { type: 'fallback', from: {}, to: {} };

function check(message: RawRequest, native: readonly WireBlock[]): boolean {
  const names = createToolNames(contextOf(), new Set());
  return isConsistent({ role: 'assistant', ...message } as ChatMessage, native, names);
}

describe('isConsistent', () => {
  it.each<[string, RawRequest, readonly WireBlock[]]>([
    ['same text', { content: 'ab' }, [thought('s'), text('a'), { type: 'server_tool_use' }, text('b')]],
    ['text in parts', { content: [text('a'), text('b')] }, [text('ab')]],
    ['no text', { content: null }, [thought('s')]],
    ['text of other blocks', { content: 'a' }, [text('a'), { type: 'connector_text', text: 'x' }]],
    [
      'same calls',
      { content: 'a', tool_calls: [call('1', 'look', '{"b":2,"a":1}')] },
      [text('a'), use('1', 'look', { a: 1, b: 2 })],
    ],
    ['no arguments', { tool_calls: [call('1', 'look', '')] }, [use('1')]],
    [
      'aliased name',
      { tool_calls: [call('1', 'a.b')] },
      [use('1', createToolNames(contextOf(), new Set()).peek('a.b'))],
    ],
    [
      'custom call',
      { tool_calls: [{ id: '1', type: 'custom', custom: { name: 'sh', input: 'ls' } }] },
      [use('1', 'sh', { input: 'ls' })],
    ],
    ['legacy call', { function_call: { name: 'look', arguments: '{}' } }, [use('toolu_1')]],
    [
      'void call told',
      { content: 'b', tool_calls: [call('1'), call('2')] },
      [use('1'), fallback, text('b'), use('2')],
    ],
    [
      'void call left out',
      { content: 'b', tool_calls: [call('2')] },
      [use('1'), fallback, text('b'), use('2')],
    ],
  ])('TH-13 accepts: %s', (_, message, native) => {
    expect(check(message, native)).toBe(true);
  });

  it.each<[string, RawRequest, readonly WireBlock[]]>([
    ['other text', { content: 'x' }, [text('a')]],
    ['text gone', { content: null }, [text('a')]],
    ['other id', { tool_calls: [call('2')] }, [use('1')]],
    ['other name', { tool_calls: [call('1', 'find')] }, [use('1')]],
    ['other arguments', { tool_calls: [call('1', 'look', '{"a":2}')] }, [use('1', 'look', { a: 1 })]],
    ['a call too few', { tool_calls: [call('1')] }, [use('1'), use('2')]],
    ['a call too many', { tool_calls: [call('1'), call('2')] }, [use('1')]],
    ['other order', { tool_calls: [call('2'), call('1')] }, [use('1'), use('2')]],
  ])('TH-13 sees an edit: %s', (_, message, native) => {
    expect(check(message, native)).toBe(false);
  });
});

describe('liveCalls', () => {
  it('STR-12d leaves out calls before the last fallback', () => {
    expect(liveCalls([use('1'), fallback, use('2'), fallback, use('3'), text('a')])).toEqual([use('3')]);
    expect(liveCalls([use('1')])).toEqual([use('1')]);
  });
});

describe('deepEqual', () => {
  it.each([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [[1, 2], [2, 1], false],
    [[1], { 0: 1 }, false],
    [{ a: undefined }, { b: undefined }, false],
    [{}, { a: 1 }, false],
    [null, {}, false],
    ['1', 1, false],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(deepEqual(left, right)).toBe(expected);
  });
});
