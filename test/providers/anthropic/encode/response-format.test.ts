import { describe, expect, it } from 'vitest';
import { usesJsonTool } from '../../../../src/providers/anthropic/encode/response-format.ts';
import {
  call,
  calls,
  contextOf,
  encode,
  refusalOf,
  result,
  system,
  text,
  tool,
  user,
  warningsOf,
} from './encoding.ts';

const PLAIN = 'Respond with a single JSON object and nothing else.';
const wanted = (schema: unknown, extra: object = {}): Readonly<Record<string, unknown>> => ({
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema, ...extra } },
});
const formatOf = (request: Readonly<Record<string, unknown>>): unknown =>
  Reflect.get(Object(encode(request).body['output_config']), 'format');
const RECURSIVE = { type: 'object', properties: { next: { $ref: '#' } } };

describe('response_format', () => {
  it.each([[null], [{ type: 'text' }]])('RF-1 %j is nothing', (response_format) => {
    const encoded = encode({ response_format });
    expect(Object.keys(encoded.body)).toEqual(['model', 'max_tokens', 'messages', 'stream']);
    expect(encoded.reading.jsonFence).toBe(false);
  });

  it('RF-2 json_object is asked for at the end of the system prompt', () => {
    const encoded = encode({
      messages: [system('Be brief.'), user('hi')],
      response_format: { type: 'json_object' },
    });
    expect(encoded.body.system).toEqual([text('Be brief.'), text(PLAIN)]);
    expect(encoded.body.messages).toEqual([{ role: 'user', content: [text('hi')] }]);
    expect(warningsOf(encoded)).toEqual(['json_object_best_effort response_format']);
    expect(encoded.reading.jsonFence).toBe(true);
  });

  it('REQ-18 RF-3 BUG-8 BUG-83 json_schema constrains the answer, strict or not', () => {
    const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] };
    const sent = {
      type: 'json_schema',
      schema: {
        type: 'object',
        properties: { a: { type: 'integer', description: '{minimum: 1}' } },
        required: ['a'],
        additionalProperties: false,
      },
    };
    for (const strict of [true, false, null, undefined]) {
      const encoded = encode(wanted(schema, { strict }));
      expect(encoded.body['output_config']).toEqual({ format: sent });
      expect(encoded.warnings).toEqual([]);
      expect(encoded.body).not.toHaveProperty('tools');
    }
  });

  it('RF-3 moves the description into a schema that has none', () => {
    expect(formatOf(wanted({ type: 'object' }, { description: 'An answer.' }))).toMatchObject({
      schema: { description: 'An answer.' },
    });
    expect(
      formatOf(wanted({ type: 'object', description: 'Own.' }, { description: 'Other.' })),
    ).toMatchObject({
      schema: { description: 'Own.' },
    });
  });

  it('takes a schema beside json_object', () => {
    expect(formatOf({ response_format: { type: 'json_object', schema: { type: 'object' } } })).toMatchObject({
      type: 'json_schema',
    });
  });

  it('RF-2 is what is left of a json_schema without one', () => {
    expect(encode(wanted(undefined)).body.system).toEqual([text(PLAIN)]);
  });

  it.each([
    ['a cycle', RECURSIVE],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }],
    ['an external reference', { type: 'object', properties: { a: { $ref: 'https://x/y' } } }],
    [
      'too many optional properties',
      { type: 'object', properties: Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`p${i}`, {}])) },
    ],
  ])('RF-6 cannot keep %s: refused when strict, else asked for in words', (_, schema) => {
    expect(refusalOf(() => encode(wanted(schema, { strict: true })))).toBe(
      'invalid_json_schema response_format.json_schema.schema',
    );
    const encoded = encode(wanted(schema));
    expect(encoded.body).not.toHaveProperty('output_config');
    expect(encoded.body.system?.[0]?.['text']).toBe(
      `${PLAIN}\nIt must match this JSON schema:\n${JSON.stringify(schema)}`,
    );
    expect(warningsOf(encoded)).toEqual(['json_object_best_effort response_format']);
    expect(encoded.reading.jsonFence).toBe(true);
  });

  it.each([
    [{ type: 'array', items: {} }],
    [{ type: 'string' }],
    [{ anyOf: [{ type: 'object' }] }],
    [{ $ref: '#' }],
  ])('RF-7 refuses a root that is no object: %j', (schema) => {
    expect(refusalOf(() => encode(wanted(schema)))).toBe(
      'invalid_json_schema response_format.json_schema.schema',
    );
  });

  it('RF-7 takes a root that refers to an object', () => {
    const schema = { $ref: '#/$defs/A', $defs: { A: { type: 'object', properties: {} } } };
    expect(formatOf(wanted(schema))).toMatchObject({ schema: { $ref: '#/$defs/A' } });
  });

  it('RF-8 cannot be combined with citations', () => {
    const cited = { type: 'document', source: { type: 'file', file_id: 'f' }, citations: { enabled: true } };
    const request = { ...wanted({ type: 'object' }), messages: [user([cited])] };
    expect(refusalOf(() => encode(request))).toBe('unsupported_value response_format');
    const inside = [user('q'), calls(call('1')), result('1', [text('a'), cited])];
    expect(refusalOf(() => encode({ ...request, messages: inside }))).toBe(
      'unsupported_value response_format',
    );
    const off = { ...cited, citations: { enabled: false } };
    expect(encode({ ...request, messages: [user([off])] }).body['output_config']).toBeDefined();
    expect(encode({ messages: [user([cited])] }).body.messages[0]?.content).toEqual([cited]);
  });

  it('RF-12 TC-12 BUG-10 leaves tools and a forced choice alone', () => {
    const { body } = encode({ ...wanted({ type: 'object' }), tools: [tool('a')], tool_choice: 'required' });
    expect(body.tools).toHaveLength(1);
    expect(body.tool_choice).toEqual({ type: 'any' });
    expect(body['output_config']).toBeDefined();
  });

  it('RF-3 BUG-9 goes with thinking', () => {
    const { body } = encode(
      { ...wanted({ type: 'object' }), reasoning_effort: 'low' },
      { model: 'claude-haiku-4-5' },
    );
    expect(body['thinking']).toMatchObject({ type: 'enabled' });
    expect(body['output_config']).toBeDefined();
  });

  it('RF-13 changes nothing of what the model has read: neither system nor messages', () => {
    const messages = [system('s'), user('hi')];
    const plain = encode({ messages }).body;
    const formatted = encode({ messages, ...wanted({ type: 'object' }) }).body;
    expect([formatted.system, formatted.messages]).toEqual([plain.system, plain.messages]);
  });
});

describe('usesJsonTool', () => {
  it.each([
    ['claude-3-opus', wanted({ type: 'object' }), true],
    ['claude-3-opus', { response_format: { type: 'json_object' } }, false],
    ['claude-3-opus', { response_format: { type: 'json_object', schema: {} } }, true],
    ['claude-3-opus', wanted(undefined), false],
    ['claude-3-opus', {}, false],
    ['claude-opus-4-5', wanted({ type: 'object' }), false],
  ])('RF-4 on %s with %j: %s', (model, request, expected) => {
    expect(usesJsonTool(contextOf(request, { model }))).toBe(expected);
  });
});
