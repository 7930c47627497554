import { describe, expect, it } from 'vitest';
import { readToolWish } from '../../../../src/providers/anthropic/encode/tool-wish.ts';
import { contextOf, type RawRequest, refusalOf } from './encoding.ts';

const wish = (request: RawRequest): unknown => readToolWish(contextOf(request));
const FUNCTIONS = { functions: [{ name: 'f' }] };

describe('readToolWish', () => {
  it.each<[RawRequest, object]>([
    [{}, { kind: 'absent', single: false }],
    [{ tool_choice: null }, { kind: 'absent', single: false }],
    [{ tool_choice: 'required' }, { kind: 'any', single: false }],
    [
      { tool_choice: 'auto', parallel_tool_calls: false },
      { kind: 'auto', single: true },
    ],
    [{ tool_choice: { type: 'any', disable_parallel_tool_use: true } }, { kind: 'any', single: true }],
    [{ tool_choice: { type: 'tool', name: 'n' } }, { kind: 'named', name: 'n', single: false }],
  ])('reads %j', (request, expected) => {
    expect(wish(request)).toEqual({ from: 'tool_choice', ...expected });
  });

  it('TC-8 finds names in every shape of allowed tools', () => {
    const tools = [
      { type: 'function', function: { name: 'a' } },
      { type: 'custom', custom: { name: 'b' } },
      { type: 'function', name: 'c' },
      'odd',
    ];
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools } };
    expect(wish({ tool_choice: choice })).toMatchObject({
      kind: 'allowed',
      required: true,
      names: ['a', 'b', 'c', ''],
    });
  });

  it.each<[RawRequest, object]>([
    [{}, { kind: 'absent' }],
    [{ function_call: 'none' }, { kind: 'none' }],
    [{ function_call: 'auto' }, { kind: 'auto' }],
    [{ function_call: { name: 'f' } }, { kind: 'named', name: 'f' }],
  ])('TL-14 reads the legacy %j, which allows one call', (request, expected) => {
    expect(wish({ ...FUNCTIONS, ...request })).toEqual({ from: 'function_call', single: true, ...expected });
  });

  it.each([
    [{ tool_choice: 'maybe' }, 'invalid_value tool_choice'],
    [{ tool_choice: 'constructor' }, 'invalid_value tool_choice'],
    [{ tool_choice: { type: 'wat' } }, 'invalid_value tool_choice.type'],
    [{ tool_choice: { type: 'function' } }, 'invalid_value tool_choice'],
    [{ tool_choice: { type: 'allowed_tools' } }, 'invalid_type tool_choice.allowed_tools.tools'],
  ])('BUG-27 refuses %j', (request, expected) => {
    expect(refusalOf(() => wish(request))).toBe(expected);
  });
});
