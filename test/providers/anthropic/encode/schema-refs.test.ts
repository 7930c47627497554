import { describe, expect, it } from 'vitest';
import {
  childSchemas,
  dereference,
  describesObject,
  resolveRef,
} from '../../../../src/providers/anthropic/encode/schema-refs.ts';

const ROOT = {
  $defs: {
    A: { type: 'object' },
    'a/b': { type: 'string' },
    B: { $ref: '#/$defs/A' },
    L: { $ref: '#/$defs/L' },
  },
  anyOf: [{ type: 'null' }],
};

describe('resolveRef', () => {
  it.each([
    ['#/$defs/A', ROOT.$defs.A],
    ['#/$defs/a~1b', ROOT.$defs['a/b']],
    ['#/%24defs/A', ROOT.$defs.A],
    ['#/anyOf/0', ROOT.anyOf[0]],
    ['#', ROOT],
    ['#/$defs/Z', undefined],
    ['#/toString', undefined],
    ['#/$defs/A/type', undefined],
    ['https://x/y.json', undefined],
    ['Other', undefined],
  ])('%s', (ref, expected) => {
    expect(resolveRef(ROOT, ref)).toBe(expected);
  });
});

describe('dereference', () => {
  it('follows any number of references, and gives up in a circle', () => {
    expect(dereference(ROOT, { $ref: '#/$defs/B' })).toBe(ROOT.$defs.A);
    expect(dereference(ROOT, { $ref: '#/$defs/L' })).toBeUndefined();
    expect(dereference(ROOT, { $ref: '#/nowhere' })).toBeUndefined();
    expect(dereference(ROOT, ROOT)).toBe(ROOT);
  });
});

describe('describesObject', () => {
  it.each([
    [{ type: 'object' }, true],
    [{ type: ['object', 'null'] }, true],
    [{ properties: {} }, true],
    [{ type: 'string', properties: {} }, false],
    [{ type: ['string'] }, false],
    [{}, false],
  ])('%j: %s', (schema, expected) => {
    expect(describesObject(schema)).toBe(expected);
  });
});

describe('childSchemas', () => {
  it('looks into keywords that hold schemas, and not into data', () => {
    const child = (name: string): object => ({ title: name });
    const schema = {
      properties: { a: child('a'), b: true },
      items: child('items'),
      anyOf: [child('any')],
      additionalProperties: child('extra'),
      $defs: { D: child('def') },
      enum: [child('data')],
      default: child('data'),
      const: child('data'),
    };
    expect(childSchemas(schema).map(({ title }) => title)).toEqual(['a', 'items', 'any', 'extra', 'def']);
  });
});
