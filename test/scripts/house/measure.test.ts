import { describe, expect, it } from 'vitest';
import { budgets, complaint } from '../../../scripts/house/budgets.ts';
import { type HouseNumbers, measure } from '../../../scripts/house/measure.ts';
import { metricsText, tableHeader, tableRow } from '../../../scripts/house/print.ts';
import { readModule } from '../../../scripts/house/read-module.ts';

const body = (lines: number): string => `export function f() {\n${'  g();\n'.repeat(lines - 2)}}\n`;
const module = (path: string, lines: number) => readModule(path, body(lines));

const numbers = measure(
  [
    module('a.ts', 10),
    module('b/index.ts', 20),
    module('c.ts', 60),
    readModule('d.ts', '/** D. */\nexport type D = 1;\n'),
  ],
  [readModule('test/a.test.ts', 'x;\n'.repeat(45)), readModule('test/b.test.ts', '')],
);

describe('measure', () => {
  it('counts files, lines and functions', () => {
    expect(numbers).toMatchObject({
      files: 4,
      lines: 92,
      fileLines: { median: 15, p90: 60, max: 60 },
      functionLines: { median: 20, p90: 60, max: 60 },
      functionsOver50: 33,
      filesOver300: 0,
    });
  });

  it('takes tests by name, an index by its folder, and modules without functions not at all', () => {
    expect(numbers.mirrored).toBe(67);
    expect(numbers.testRatio).toBe(0.5);
  });

  it('gives shares in whole percents and escapes per 1,000 lines', () => {
    expect(numbers).toMatchObject({ comment: 1, documented: 25, anyKeywords: 0, assertions: 0 });
    expect(measure([readModule('a.ts', 'let a: any;\nlet b = c as d;\n')], [])).toMatchObject({
      anyKeywords: 500,
      assertions: 500,
    });
  });

  it('tells cycles of values from cycles of types', () => {
    const pair = [
      readModule('a.ts', "import type { B } from './b.ts';"),
      readModule('b.ts', "import './a.ts';"),
    ];
    expect(measure(pair, [])).toMatchObject({ valueCycle: 0, typeCycle: 2 });
  });

  it('names the biggest first', () => {
    expect(numbers.biggestFiles.map(({ what }) => what)).toEqual(['c.ts', 'b/index.ts', 'a.ts', 'd.ts']);
    expect(numbers.biggestFunctions[0]).toEqual({ what: 'c.ts#f', lines: 60 });
  });

  it('of nothing is zero, not NaN', () => {
    expect(JSON.stringify(measure([], []))).not.toContain('null');
  });
});

describe('the row', () => {
  it('has as many cells as the header', () => {
    expect(tableRow('x', numbers).split('|')).toHaveLength(tableHeader.length + 2);
    expect(
      metricsText('x', numbers)
        .split('\n')
        .slice(0, 2)
        .every((line) => line.split('|').length === 14),
    ).toBe(true);
  });

  it('shows every number', () => {
    expect(tableRow('x', numbers)).toBe(
      '| x | 4 / 92 | 15 / 60 / 60 | 0% | 20 / 60 / 60 | 33% | 1% | 25% | 0 / 0 | 0 / 0 | 0.5 | 67% |',
    );
  });
});

describe('budgets', () => {
  const kept: HouseNumbers = {
    ...numbers,
    fileLines: { median: 80, p90: 170, max: 250 },
    functionLines: { median: 12, p90: 35, max: 60 },
    functionsOver50: 2,
    comment: 20,
    documented: 95,
    anyKeywords: 0.5,
    assertions: 3,
    testRatio: 1.5,
    mirrored: 95,
  };

  it('are kept at their very edge', () => {
    expect(budgets.map((budget) => complaint(budget, kept)).filter(Boolean)).toEqual([]);
    expect(budgets.map((budget) => complaint(budget, { ...kept, comment: 35 })).filter(Boolean)).toEqual([]);
  });

  it.each([
    ['file lines, max: 251, at most 250', { fileLines: { median: 80, p90: 170, max: 251 } }],
    ['function lines, max: 61, at most 60', { functionLines: { median: 12, p90: 35, max: 61 } }],
    ['files over 300 lines, %: 1, at most 0', { filesOver300: 1 }],
    ['comment lines, %: 19, at least 20', { comment: 19 }],
    ['comment lines, %: 36, at most 35', { comment: 36 }],
    ['any per 1,000 lines: 0.6, at most 0.5', { anyKeywords: 0.6 }],
    ['biggest import cycle with types: 2, at most 0', { typeCycle: 2 }],
    ['test lines per source line: 1.49, at least 1.5', { testRatio: 1.49 }],
    ['files with a same-named test, %: 94, at least 95', { mirrored: 94 }],
  ])('are broken: %s', (message, change) => {
    expect(budgets.map((budget) => complaint(budget, { ...kept, ...change })).filter(Boolean)).toEqual([
      message,
    ]);
  });
});
