import { describe, expect, it } from 'vitest';
import { sampleJson } from '../../../src/testing/upstream/sample-json.ts';

describe('sampleJson', () => {
  it.each<{ schema: unknown; expected: unknown }>([
    { schema: { type: 'string' }, expected: 'Paris' },
    { schema: { type: 'integer' }, expected: 1 },
    { schema: { type: 'number' }, expected: 1 },
    { schema: { type: 'boolean' }, expected: true },
    { schema: { type: 'null' }, expected: null },
    { schema: { type: ['string', 'null'] }, expected: 'Paris' },
    { schema: { enum: ['red', 'blue'] }, expected: 'red' },
    { schema: { const: 7 }, expected: 7 },
    { schema: { type: 'string', default: 'metric' }, expected: 'metric' },
    { schema: { anyOf: [{ type: 'integer' }, { type: 'string' }] }, expected: 1 },
    { schema: { type: 'array', items: { type: 'string' } }, expected: ['Paris'] },
    { schema: { type: 'array' }, expected: [null] },
    { schema: { type: 'object' }, expected: {} },
    { schema: { properties: { a: { type: 'integer' } } }, expected: { a: 1 } },
    { schema: {}, expected: null },
    { schema: undefined, expected: null },
  ])('follows $schema', ({ schema, expected }) => {
    expect(sampleJson(schema, 'Paris')).toEqual(expected);
  });

  it('fills in what is required, or everything when nothing is said', () => {
    const properties = { city: { type: 'string' }, days: { type: 'integer' } };
    expect(sampleJson({ type: 'object', properties, required: ['city'] }, 'Rome')).toEqual({ city: 'Rome' });
    expect(sampleJson({ type: 'object', properties }, 'Rome')).toEqual({ city: 'Rome', days: 1 });
  });

  it('ends in a schema without end', () => {
    const endless: Record<string, unknown> = { type: 'array' };
    endless['items'] = endless;
    expect(JSON.stringify(sampleJson(endless, 'x'))).toMatch(/^\[+null\]+$/);
  });
});
