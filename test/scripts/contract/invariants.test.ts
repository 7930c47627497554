import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quotedIds } from '../../../scripts/contract/quotes.ts';
import { typescriptFiles } from '../../../scripts/house/source-files.ts';

/** Invariants 1 to 38: reading and translation, retry and routing, limits and accounts, the life of a request. */
const COUNT = 38;

it('every invariant is quoted by the name of a test', () => {
  const texts = typescriptFiles('test')
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => readFileSync(join('test', path), 'utf8'))
    .filter((text) => text.includes('INV-'));
  const quoted = new Set(texts.flatMap((text) => [...quotedIds(text)]));
  const all = Array.from({ length: COUNT }, (_, index) => `INV-${index + 1}`);
  expect(all.filter((id) => !quoted.has(id))).toEqual([]);
});
