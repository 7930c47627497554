import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOverflowId, overflowId } from '../../src/bullmq/node-overflow-id.ts';
import { runs } from '../runs.ts';

type Pair = [tenant: string | undefined, key: string];

const key = fc.string({ unit: 'binary', minLength: 1 });
const tenant = fc.option(key, { nil: undefined });

it('an id is 43 harmless characters, whatever tenant and key are', () => {
  fc.assert(
    fc.property(tenant, key, (whose, given) => {
      const id = overflowId(whose, given);
      expect(id).toMatch(/^[\w-]{43}$/);
      expect(isOverflowId(id)).toBe(true);
      expect(overflowId(whose, given)).toBe(id);
    }),
    runs(),
  );
});

it('no two pairs of tenant and key share an id', () => {
  fc.assert(
    fc.property(tenant, key, tenant, key, (a, x, b, y) => {
      expect(overflowId(a, x) === overflowId(b, y)).toBe(a === b && x === y);
    }),
    runs(),
  );
});

it.each<[string, Pair, Pair]>([
  ['halves of a pair of surrogates', [undefined, '\ud800'], [undefined, '\ud801']],
  ['a quote that could end a name', ['a","b', 'c'], ['a', 'b","c']],
  ['no tenant and one of that name', [undefined, 'k'], ['null', 'k']],
  ['an empty tenant', [undefined, 'k'], ['', 'k']],
])('%s makes a difference', (_, one, other) => {
  expect(overflowId(...one)).not.toBe(overflowId(...other));
});

it('an id without a key is new each time', () => {
  const ids = Array.from({ length: 100 }, () => overflowId('acme', undefined));
  expect(new Set(ids).size).toBe(100);
  expect(ids.every(isOverflowId)).toBe(true);
});

it.each([
  undefined,
  null,
  42,
  '',
  'meta',
  'x'.repeat(42),
  'x'.repeat(44),
  `${'x'.repeat(42)}:`,
  `${'x'.repeat(42)}\n`,
  {},
])('is no id: %j', (id) => {
  expect(isOverflowId(id)).toBe(false);
});
