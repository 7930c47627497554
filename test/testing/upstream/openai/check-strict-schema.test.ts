import { describe, expect, it } from 'vitest';
import { checkStrictSchema } from '../../../../src/testing/upstream/openai/check-strict-schema.ts';

const closed = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

describe('checkStrictSchema', () => {
  it.each<[string, unknown]>([
    ['closed and complete', closed({ a: { type: 'string' } })],
    ['closed at every level', closed({ a: closed({ b: { type: 'array', items: closed({}) } }) })],
    ['no object at all', { type: 'string' }],
    ['a choice', closed({ a: { anyOf: [closed({}), { type: 'null' }] } })],
  ])('lets pass: %s', (_, schema) => {
    expect(checkStrictSchema(schema)).toBeUndefined();
  });

  it.each<[string, unknown, RegExp]>([
    ['open', { type: 'object', properties: {} }, /^In context=\(\), 'additionalProperties'/],
    ['open by its properties', { properties: {} }, /'additionalProperties'/],
    ['incomplete', closed({ a: {}, b: {} }, ['a']), /Missing 'b'/],
    [
      'open inside',
      closed({ a: { type: 'object', properties: {} } }),
      /^In context=\('properties', 'a'\), 'additionalProperties'/,
    ],
    ['open in a list', closed({ a: { type: 'array', items: { type: 'object' } } }), /'items'\)/],
    ['open in a choice', closed({ a: { anyOf: [{ type: 'null' }, { type: 'object' }] } }), /'anyOf', '1'\)/],
  ])('complains: %s (RF-5)', (_, schema, message) => {
    expect(checkStrictSchema(schema)).toMatch(message);
  });
});
