import { describe, expect, it } from 'vitest';
import { parseWith } from '../../../src/chat/parse-request.ts';
import { countedSchema, messagesSchema } from '../../../src/http/messages/messages-schema.ts';
import { refusalOf } from '../frames.ts';

const valid = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };
const said = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const check = (body: unknown, schema = messagesSchema): unknown => parseWith(schema, body, 'no object');

describe('messagesSchema', () => {
  it.each<[string, object]>([
    ['the least', {}],
    ['no model: the pool has a default', { model: undefined }],
    [
      'nulls for nothing',
      { system: null, tools: null, tool_choice: null, thinking: null, metadata: null, stream: null },
    ],
    ['fields of a time to come', { hologram: { depth: 3 } }],
    ['blocks of a time to come', said({ type: 'hologram' })],
    ['tools of Anthropic’s', { tools: [{ type: 'mcp_toolset', mcp_server_name: 's' }] }],
    ['a result without content', said({ type: 'tool_result', tool_use_id: 't' })],
    ['a cap of 0', { max_tokens: 0 }],
    ['an empty text', said({ type: 'text', text: '' })],
  ])('takes %s', (_, more) => {
    expect(() => check({ ...valid, ...more })).not.toThrow();
  });

  it.each<[object, string]>([
    [{ max_tokens: undefined }, 'missing_required_parameter max_tokens'],
    [{ max_tokens: -1 }, 'invalid_value max_tokens'],
    [{ max_tokens: '10' }, 'invalid_type max_tokens'],
    [{ messages: undefined }, 'missing_required_parameter messages'],
    [{ messages: [] }, 'missing_required_parameter messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'invalid_value messages[0].role'],
    [{ messages: [{ role: 'user' }] }, 'missing_required_parameter messages[0].content'],
    [said({ text: 'x' }), 'missing_required_parameter messages[0].content[0].type'],
    [said({ type: 'text' }), 'missing_required_parameter messages[0].content[0].text'],
    [said({ type: 'image' }), 'missing_required_parameter messages[0].content[0].source'],
    [
      said({ type: 'tool_use', id: 't', name: 'f', input: 'x' }),
      'invalid_value messages[0].content[0].input',
    ],
    [said({ type: 'tool_result' }), 'missing_required_parameter messages[0].content[0].tool_use_id'],
    [
      said({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text' }] }),
      'missing_required_parameter messages[0].content[0].content[0].text',
    ],
    [{ system: [{ type: 'image' }] }, 'invalid_value system[0].type'],
    [{ tools: [{ name: 'f' }] }, 'missing_required_parameter tools[0].input_schema'],
    [{ tools: [{ type: 'custom', input_schema: {} }] }, 'missing_required_parameter tools[0].name'],
    [{ tool_choice: { type: 'required' } }, 'invalid_value tool_choice.type'],
    [{ output_config: { effort: 'huge' } }, 'invalid_value output_config.effort'],
    [{ stop_sequences: 'END' }, 'invalid_type stop_sequences'],
    [{ metadata: { user_id: 7 } }, 'invalid_type metadata.user_id'],
  ])('names the field of %j', (more, expected) => {
    expect(refusalOf(() => check({ ...valid, ...more }))).toBe(expected);
  });
});

describe('countedSchema', () => {
  it('needs no cap on an answer that nobody gives', () => {
    expect(() => check({ messages: valid.messages }, countedSchema)).not.toThrow();
    expect(refusalOf(() => check({}, countedSchema))).toBe('missing_required_parameter messages');
  });
});
