import { describe, expect, it } from 'vitest';
import {
  appendTurn,
  appendWhole,
  isBlank,
  isEmptyText,
  isServerResult,
  isThinking,
  type Turn,
} from '../../../../src/providers/anthropic/encode/turns.ts';
import { assistant, messagesOf, outline, text, user } from './encoding.ts';

const entry = (value: string): Turn['entries'][number] => ({ block: text(value), from: 'x' });

describe('turns', () => {
  it('MSG-16 joins neighbours of one role, block by block and never text by text', () => {
    const turns: Turn[] = [];
    appendTurn(turns, 'user', [entry('a')]);
    appendTurn(turns, 'user', [entry('b'), entry('c')]);
    appendTurn(turns, 'assistant', [entry('d')]);
    expect(turns.map(({ role, entries }) => [role, entries.length])).toEqual([
      ['user', 3],
      ['assistant', 1],
    ]);
  });

  it('MSG-16 merges messages of a request', () => {
    const messages = messagesOf([
      user('a'),
      user(['b', 'c'].map(text)),
      assistant('d'),
      assistant('e'),
      user('f'),
    ]);
    expect(outline(messages)).toEqual([
      ['user', 'a', 'b', 'c'],
      ['assistant', 'd', 'e'],
      ['user', 'f'],
    ]);
  });

  it('carries a turn’s notes into the one it joins', () => {
    const turns: Turn[] = [{ role: 'user', entries: [] }];
    appendWhole(turns, { role: 'user', entries: [], empty: 'messages[1].content', resultsOnly: true });
    expect(turns).toEqual([{ role: 'user', entries: [], empty: 'messages[1].content', resultsOnly: true }]);
  });

  it.each([
    [text(''), true, true],
    [text(' \n'), true, false],
    [text('a '), false, false],
    [{ type: 'image' }, false, false],
  ])('tells blank and empty texts: %j', (block, blank, empty) => {
    expect([isBlank(block), isEmptyText(block)]).toEqual([blank, empty]);
  });

  it('tells reasoning and results of server tools', () => {
    expect(['thinking', 'redacted_thinking', 'text'].map((type) => isThinking({ type }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(['web_search_tool_result', 'tool_result'].map((type) => isServerResult({ type }))).toEqual([
      true,
      false,
    ]);
  });
});
