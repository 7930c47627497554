import { describe, expect, it } from 'vitest';
import { brokenArrows } from '../../../scripts/house/arrows.ts';
import { readModule } from '../../../scripts/house/read-module.ts';

const table = {
  low: [],
  high: ['low', 'type middle'],
  middle: ['low'],
  'providers/*': ['low'],
  index: ['high'],
};
const targets = ['low/x.ts', 'middle/x.ts', 'high/x.ts', 'providers/one/x.ts', 'providers/two/x.ts'];

const check = (path: string, text: string): string[] =>
  brokenArrows(
    [readModule(path, text), ...targets.filter((each) => each !== path).map((each) => readModule(each, ''))],
    table,
  );

describe('brokenArrows', () => {
  it.each([
    ['down', 'high/a.ts', "import '../low/x.ts';"],
    ['within a folder', 'low/a.ts', "import './x.ts';"],
    ['within one provider', 'providers/one/a.ts', "import './x.ts';"],
    ['a type where types are allowed', 'high/a.ts', "import type { X } from '../middle/x.ts';"],
    ['from the root index', 'index.ts', "export { x } from './high/x.ts';"],
    ['a package', 'low/a.ts', "import 'zod';"],
  ])('allows %s', (_, path, text) => {
    expect(check(path, text)).toEqual([]);
  });

  it.each([
    ['up', 'low/a.ts', "import '../high/x.ts';", 'high/x.ts'],
    [
      'a value where only types are allowed',
      'high/a.ts',
      "import { x } from '../middle/x.ts';",
      'middle/x.ts',
    ],
    ['a type where nothing is allowed', 'low/a.ts', "import type { X } from '../high/x.ts';", 'high/x.ts'],
    ['from one provider to another', 'providers/one/a.ts', "import '../two/x.ts';", 'providers/two/x.ts'],
    ['on first use', 'low/a.ts', "const x = () => import('../high/x.ts');", 'high/x.ts'],
    ['past the table from the index', 'index.ts', "import './low/x.ts';", 'low/x.ts'],
  ])('refuses %s', (_, path, text, target) => {
    expect(check(path, text)).toEqual([`${path}:1 -> ${target}`]);
  });

  it('refuses a folder that the table does not know', () => {
    expect(check('utils/a.ts', '')).toEqual(['utils/a.ts: the folder utils is not in the table']);
  });
});
