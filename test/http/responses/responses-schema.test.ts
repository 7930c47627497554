import { describe, expect, it } from 'vitest';
import { parseWith } from '../../../src/chat/parse-request.ts';
import { responsesSchema } from '../../../src/http/responses/responses-schema.ts';
import { refusalOf } from '../frames.ts';

const check = (more: object): unknown => parseWith(responsesSchema, { input: 'hi', ...more }, 'no object');

describe('responsesSchema', () => {
  it.each<[string, object]>([
    ['text', {}],
    ['a message without a type', { input: [{ role: 'user', content: 'hi' }] }],
    ['parts', { input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }] }],
    [
      'items of other kinds, which are refused by name later',
      { input: [{ type: 'web_search_call', id: 'ws_1' }] },
    ],
    ['hosted tools, likewise', { tools: [{ type: 'web_search' }] }],
    [
      'nulls for nothing',
      { instructions: null, tools: null, text: null, reasoning: null, stream: null, temperature: null },
    ],
    ['fields of a time to come', { hologram: 1 }],
  ])('takes %s', (_, more) => {
    expect(() => check(more)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ input: undefined }, 'missing_required_parameter input'],
    [{ input: [] }, 'missing_required_parameter input'],
    [{ input: '' }, 'invalid_value input'],
    [{ input: 7 }, 'invalid_type input'],
    [{ input: [{ content: 'hi' }] }, 'missing_required_parameter input[0].role'],
    [{ input: [{ role: 'tool', content: 'hi' }] }, 'invalid_value input[0].role'],
    [
      { input: [{ type: 'function_call', call_id: 'c', name: 'f' }] },
      'missing_required_parameter input[0].arguments',
    ],
    [
      { input: [{ type: 'function_call_output', output: 'x' }] },
      'missing_required_parameter input[0].call_id',
    ],
    [
      { input: [{ type: 'custom_tool_call', call_id: 'c', name: 'f' }] },
      'missing_required_parameter input[0].input',
    ],
    [{ tools: [{ type: 'function' }] }, 'missing_required_parameter tools[0].name'],
    [{ tools: [{ type: 'custom' }] }, 'missing_required_parameter tools[0].name'],
    [{ tool_choice: 'any' }, 'invalid_type tool_choice'],
    [
      { text: { format: { type: 'json_schema', name: 'a' } } },
      'missing_required_parameter text.format.schema',
    ],
    [{ reasoning: { effort: 'huge' } }, 'invalid_value reasoning.effort'],
    [{ max_output_tokens: 0 }, 'invalid_value max_output_tokens'],
    [{ stream: 'yes' }, 'invalid_type stream'],
  ])('names the field of %j', (more, expected) => {
    expect(refusalOf(() => check(more))).toBe(expected);
  });
});
