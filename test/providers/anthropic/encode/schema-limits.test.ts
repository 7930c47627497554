import { describe, expect, it } from 'vitest';
import {
  isCyclic,
  loadProblem,
  schemaLoad,
  structuralProblem,
} from '../../../../src/providers/anthropic/encode/schema-limits.ts';

const NODE = { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } };

describe('structuralProblem', () => {
  it.each([
    ['a cycle', { $ref: '#/$defs/Node', $defs: { Node: NODE } }, 'refers to itself'],
    ['a reference to the root', { type: 'object', properties: { me: { $ref: '#' } } }, 'refers to itself'],
    [
      'a longer cycle',
      { $defs: { A: { $ref: '#/$defs/B' }, B: { items: { $ref: '#/$defs/A' } } } },
      'refers to itself',
    ],
    [
      'an external reference',
      { properties: { a: { $ref: 'https://x/y' } } },
      'refers to something outside of it',
    ],
    ['a reference to nothing', { items: { $ref: '#/$defs/Z' } }, 'refers to something outside of it'],
    [
      'a map',
      { properties: { a: { additionalProperties: { type: 'string' } } } },
      'describes a map with free keys',
    ],
  ])('RF-6 sees %s', (_, schema, expected) => {
    expect(structuralProblem(schema)).toBe(expected);
  });

  it.each([
    [
      'a definition used twice',
      { $defs: { A: { type: 'string' } }, anyOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/A' }] },
    ],
    [
      'closed and open objects',
      { additionalProperties: false, properties: { a: { additionalProperties: true } } },
    ],
    ['data that looks like a reference', { enum: ['x'], default: { $ref: '#' } }],
  ])('RF-6 has nothing against %s', (_, schema) => {
    expect(structuralProblem(schema)).toBeUndefined();
  });

  it('takes linear time for definitions that use each other twice', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `D${index}`,
        { anyOf: [{ $ref: `#/$defs/D${index + 1}` }, { $ref: `#/$defs/D${index + 1}` }] },
      ]),
    );
    expect(structuralProblem({ $defs: { ...$defs, D60: { type: 'null' } } })).toBeUndefined();
  });
});

describe('isCyclic', () => {
  const root = { $defs: { Node: NODE, Leaf: { additionalProperties: { type: 'string' } } } };

  it('sees circles and nothing else', () => {
    expect(isCyclic(root, { $ref: '#/$defs/Node' })).toBe(true);
    expect(isCyclic(root, { $ref: '#/$defs/Leaf' })).toBe(false);
    expect(isCyclic(root, { $ref: '#/$defs/Z' })).toBe(false);
    expect(isCyclic(root, true)).toBe(false);
    expect(
      isCyclic(root, { anyOf: [{ $ref: '#/$defs/Leaf' }, { $ref: '#/$defs/Z' }, { $ref: '#/$defs/Node' }] }),
    ).toBe(true);
  });
});

describe('schemaLoad and loadProblem', () => {
  it('RF-6 count optional properties and unions over the whole schema', () => {
    const schema = {
      properties: {
        a: { type: ['string', 'null'] },
        b: { anyOf: [{ properties: { c: {}, d: {} }, required: ['d'] }] },
      },
      required: ['a'],
      $defs: { D: { properties: { e: { type: ['string'] } } } },
    };
    expect(schemaLoad(schema)).toEqual({ optional: 3, unions: 2 });
  });

  it.each([
    [24, 16, undefined],
    [25, 0, 'has more than 24 optional properties'],
    [0, 17, 'has more than 16 properties of several types'],
  ])('RF-6 TL-9 %d optional, %d unions', (optional, unions, expected) => {
    expect(loadProblem({ optional, unions })).toBe(expected);
  });
});
