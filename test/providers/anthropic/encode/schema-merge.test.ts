import { describe, expect, it } from 'vitest';
import {
  mergeBranches,
  requiredOf,
  describe as tell,
} from '../../../../src/providers/anthropic/encode/schema-merge.ts';

const object = (properties: object, ...required: readonly string[]): object => ({
  type: 'object',
  properties,
  required,
});
const A = { type: 'string' };
const B = { type: 'number' };

describe('mergeBranches', () => {
  it('TL-7 unites properties and requires what every branch requires', () => {
    const branches = [object({ kind: A, x: A }, 'kind', 'x'), object({ kind: A, y: B }, 'kind')];
    expect(mergeBranches({}, branches, 'anyOf')).toEqual({
      properties: { kind: A, x: A, y: B },
      required: ['kind'],
    });
  });

  it('RF-5 requires under allOf what any branch requires', () => {
    const branches = [object({ x: A }, 'x'), object({ y: B }, 'y')];
    expect(mergeBranches({}, branches, 'allOf')).toEqual({
      properties: { x: A, y: B },
      required: ['x', 'y'],
    });
  });

  it('keeps both versions of a property that branches describe differently', () => {
    const branches = [object({ kind: { const: 'a' } }), object({ kind: { const: 'b' } })];
    const both = [{ const: 'a' }, { const: 'b' }];
    expect(mergeBranches({}, branches, 'oneOf')?.properties).toEqual({ kind: { anyOf: both } });
    expect(mergeBranches({}, branches, 'allOf')?.properties).toEqual({ kind: { allOf: both } });
  });

  it('follows local references', () => {
    const root = { $defs: { A: object({ x: A }, 'x') } };
    expect(mergeBranches(root, [{ $ref: '#/$defs/A' }], 'anyOf')?.required).toEqual(['x']);
  });

  it.each([[[A]], [[true]], [[{ $ref: '#/$defs/Z' }]], [[object({}), B]]])(
    'TL-7 gives up on %j',
    (branches) => {
      expect(mergeBranches({}, branches, 'anyOf')).toBeUndefined();
    },
  );

  it('takes a property that is called like a prototype for data', () => {
    const branches = [object(JSON.parse('{"__proto__":{"type":"string"}}'))];
    expect(Object.keys(mergeBranches({}, branches, 'anyOf')?.properties ?? {})).toEqual(['__proto__']);
  });
});

describe('requiredOf', () => {
  it('takes names only', () => {
    expect(requiredOf({ required: ['a', 1, null, 'b'] })).toEqual(['a', 'b']);
    expect(requiredOf({ required: true })).toEqual([]);
  });
});

describe('describe', () => {
  it('RF-5 tells what was taken away', () => {
    expect(tell(undefined, {})).toBeUndefined();
    expect(tell('Age', {})).toBe('Age');
    expect(tell('Age', { minimum: 0, pattern: '^a' })).toBe('Age\n\n{minimum: 0, pattern: "^a"}');
    expect(tell('', { not: {} })).toBe('{not: {}}');
  });
});
