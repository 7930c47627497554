import { describe, expect, it } from 'vitest';
import { checkChat } from '../../../../src/testing/upstream/openai/check-chat.ts';
import { chatBody, functionTool } from './chat.ts';

const schema = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};
const format = (more: object = {}) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'thing', schema, ...more } },
});
const json = { response_format: { type: 'json_object' } };

describe('checkChat', () => {
  it.each<[string, object]>([
    ['a plain request', {}],
    ['a stream with usage', { stream: true, stream_options: { include_usage: true } }],
    ['tools', { tools: [functionTool('a')], tool_choice: 'auto', parallel_tool_calls: false }],
    ['a schema', format()],
    ['a strict schema', format({ strict: true })],
    ['JSON mode that is spoken of', { ...json, messages: [{ role: 'user', content: 'Some JSON, please' }] }],
    [
      'metadata and the like',
      { metadata: { a: 'b' }, store: true, user: 'u', seed: 1, service_tier: 'flex' },
    ],
  ])('lets %s pass', (_, more) => {
    expect(checkChat(chatBody(more))).toBeUndefined();
  });

  it.each<[string, unknown, object]>([
    ['no body', undefined, { param: null }],
    ['a list', [], { param: null }],
    ['no model', chatBody({ model: undefined }), { message: 'you must provide a model parameter' }],
    ['an unknown field', chatBody({ thinking: {} }), { param: 'thinking', code: 'unknown_parameter' }],
    ['a field of ours', chatBody({ cache_control: {} }), { param: 'cache_control' }],
    ['bad messages', chatBody({ messages: [] }), { param: 'messages', code: 'empty_array' }],
    ['bad tools', chatBody({ tools: [] }), { param: 'tools' }],
    ['a bad parameter', chatBody({ temperature: 3 }), { param: 'temperature' }],
    [
      'a schema without a name',
      chatBody(format({ name: '' })),
      { param: 'response_format.json_schema.name' },
    ],
    ['a name with a space', chatBody(format({ name: 'a b' })), { param: 'response_format.json_schema.name' }],
    [
      'an open strict schema',
      chatBody(format({ strict: true, schema: { type: 'object' } })),
      {
        param: 'response_format',
        message: expect.stringContaining("Invalid schema for response_format 'thing'"),
      },
    ],
    ['JSON mode out of the blue', chatBody(json), { message: expect.stringContaining("the word 'json'") }],
  ])('refuses %s', (_, body, complaint) => {
    expect(checkChat(body)).toMatchObject(complaint);
  });
});
