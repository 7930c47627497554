import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importCycles, importGraph, resolveImport } from '../../../scripts/house/import-graph.ts';
import { readModule } from '../../../scripts/house/read-module.ts';

const paths = new Set(['index.ts', 'a/b.ts', 'a/index.ts', 'a/c.mts']);

describe('resolveImport', () => {
  it.each([
    ['a/b.ts', './index.ts', 'a/index.ts'],
    ['a/b.ts', './index.js', 'a/index.ts'],
    ['a/b.ts', './c.mjs', 'a/c.mts'],
    ['a/b.ts', '../index.ts', 'index.ts'],
    ['a/b.ts', '..', 'index.ts'],
    ['index.ts', './a', 'a/index.ts'],
    ['index.ts', './a/b', 'a/b.ts'],
    ['index.ts', 'zod', undefined],
    ['index.ts', './data.json', undefined],
  ])('from %s, %s', (from, specifier, expected) => {
    expect(resolveImport(from, specifier, paths)).toBe(expected);
  });
});

describe('importGraph', () => {
  const modules = [
    readModule('a.ts', "import type { B } from './b.ts'; import 'zod';"),
    readModule('b.ts', "import './a.ts';"),
  ];

  it('holds every import of the set', () => {
    expect(importGraph(modules)).toEqual(
      new Map([
        ['a.ts', new Set(['b.ts'])],
        ['b.ts', new Set(['a.ts'])],
      ]),
    );
  });

  it('leaves out what is not to be followed', () => {
    expect(importCycles(importGraph(modules))).toHaveLength(1);
    expect(importCycles(importGraph(modules, ({ typeOnly }) => !typeOnly))).toEqual([]);
  });
});

const graphOf = (edges: Record<string, string[]>) =>
  new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));

describe('importCycles', () => {
  it.each([
    ['a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['a module that imports itself', { a: ['a'] }, []],
    ['two that import each other', { a: ['b'], b: ['a'] }, [['a', 'b']]],
    ['a ring with a tail', { t: ['a'], a: ['b'], b: ['c'], c: ['a'] }, [['a', 'b', 'c']]],
    [
      'two rings, the bigger first',
      { a: ['b'], b: ['a'], c: ['d', 'a'], d: ['e'], e: ['c'] },
      [
        ['c', 'd', 'e'],
        ['a', 'b'],
      ],
    ],
    ['a ring behind a chord', { a: ['b', 'c'], b: ['c'], c: ['d'], d: ['b'] }, [['b', 'c', 'd']]],
  ] as const)('%s', (_, edges, expected) => {
    const found = importCycles(graphOf(edges as unknown as Record<string, string[]>));
    expect(found.map((cycle) => cycle.sort())).toEqual(expected);
  });

  it('finds exactly the modules that reach themselves over another', () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const graph = graphOf(
          Object.fromEntries(
            Array.from({ length: 8 }, (_, from) => [
              `${from}`,
              pairs.filter(([a]) => a === from).map(([, b]) => `${b}`),
            ]),
          ),
        );
        const reaches = (from: string): Set<string> => {
          const seen = new Set<string>();
          const todo = [...graph.get(from)!];
          for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
            if (seen.has(next)) continue;
            seen.add(next);
            todo.push(...graph.get(next)!);
          }
          return seen;
        };
        const inCycle = [...graph.keys()].filter((each) =>
          [...reaches(each)].some((other) => other !== each && reaches(other).has(each)),
        );
        expect(importCycles(graph).flat().sort()).toEqual(inCycle.sort());
      }),
      { numRuns: 200 },
    );
  });
});
