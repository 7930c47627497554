import { describe, expect, it } from 'vitest';
import { CallItem } from '../../../src/http/responses/call-item.ts';
import { EventLog } from '../../../src/http/responses/event-log.ts';
import { parseFrames } from '../frames.ts';

const call = (kind: 'function_call' | 'custom_tool_call'): CallItem =>
  new CallItem(new EventLog(), { id: 'fc_1', output_index: 1 }, kind, { call_id: 'toolu_1', name: 'look' });
const data = (frames: string): unknown[] => parseFrames(frames).map((frame) => frame.data);

describe('a call of a function', () => {
  it('is told piece by piece, and whole at its end', () => {
    const item = call('function_call');
    const frames = item.open() + item.add('{"a"') + item.add(':1}') + item.close('completed');
    const whole = { id: 'fc_1', type: 'function_call', call_id: 'toolu_1', name: 'look' };
    const where = { item_id: 'fc_1', output_index: 1 };
    expect(data(frames)).toMatchObject([
      { type: 'response.output_item.added', item: { ...whole, status: 'in_progress', arguments: '' } },
      { type: 'response.function_call_arguments.delta', ...where, delta: '{"a"' },
      { type: 'response.function_call_arguments.delta', ...where, delta: ':1}' },
      { type: 'response.function_call_arguments.done', ...where, name: 'look', arguments: '{"a":1}' },
      { type: 'response.output_item.done', item: { ...whole, status: 'completed', arguments: '{"a":1}' } },
    ]);
  });

  it('is whole when its arguments are', () => {
    const item = call('function_call');
    item.add('{"a":');
    expect(item.isWhole).toBe(false);
    item.add('1}');
    expect(item.isWhole).toBe(true);
  });
});

describe('a call of a custom tool', () => {
  it('STR-12c brings its input at once', () => {
    const item = call('custom_tool_call');
    const frames = item.open() + item.add('free text') + item.close('completed');
    expect(data(frames)).toMatchObject([
      { item: { type: 'custom_tool_call', input: '' } },
      { type: 'response.custom_tool_call_input.delta', delta: 'free text' },
      { type: 'response.custom_tool_call_input.done', input: 'free text' },
      { item: { type: 'custom_tool_call', status: 'completed', input: 'free text' } },
    ]);
    expect(item.isWhole).toBe(true);
  });
});
