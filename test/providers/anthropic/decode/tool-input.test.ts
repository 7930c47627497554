import { describe, expect, it } from 'vitest';
import { AnswerSoFar } from '../../../../src/providers/anthropic/decode/answer-so-far.ts';
import { ToolInput } from '../../../../src/providers/anthropic/decode/tool-input.ts';
import { reading, thrownBy } from '../wire.ts';

const answer = new AnswerSoFar('anthropic', reading);
const input = (start: Readonly<Record<string, unknown>>) => new ToolInput(start, answer);
const json = (partial_json: unknown) => ({ type: 'input_json_delta', partial_json });

describe('ToolInput', () => {
  it('STR-12: passes fragments on and joins them', () => {
    const call = input({ type: 'tool_use', input: {} });
    expect([call.add(json('{"a"')), call.add(json('')), call.add(json(':1}'))]).toEqual(['{"a"', '', ':1}']);
    expect(call.text).toBe('{"a":1}');
    expect(call.rest()).toBe('');
    expect(call.native()).toEqual({ type: 'tool_use', input: { a: 1 } });
  });

  it('STR-22: takes no delta of another kind', () => {
    const call = input({ input: {} });
    expect(call.add({ type: 'text_delta', text: 'x', partial_json: 'y' })).toBe('');
    expect(call.text).toBe('');
  });

  it('STR-11: what the start held is the rest, once, if nothing else came', () => {
    const call = input({ input: { a: 1 } });
    expect([call.rest(), call.rest(), call.text]).toEqual(['{"a":1}', '', '{"a":1}']);
  });

  it('RES-9: without input the block is as it started', () => {
    const start = { type: 'tool_use', id: 't', input: {} };
    expect(input(start).native()).toBe(start);
  });

  it('G3: text that is no JSON has no native form', () => {
    const call = input({ input: {} });
    call.add(json('{"a":'));
    expect(call.native()).toBeUndefined();
  });

  it('V14: depth is a typed error', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(thrownBy(() => input({ input: deep }).rest())).toMatchObject({ code: 'bad_response' });
    expect(thrownBy(() => input({}).add(json(deep)))).toMatchObject({ code: 'bad_response' });
  });
});
