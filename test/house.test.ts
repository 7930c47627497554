import { describe, expect, it } from 'vitest';
import { budgets, complaint } from '../scripts/house/budgets.ts';
import { measure } from '../scripts/house/measure.ts';
import { isData, readModules } from '../scripts/house/source-files.ts';
import { untestedByPath } from '../scripts/house/test-names.ts';

const sources = readModules('src').filter(({ path }) => !isData(path));
const tests = readModules('test');
const numbers = measure(sources, tests);

describe('the budgets of the house', () => {
  it.each(budgets)('$name', (budget) => {
    const worst = [...numbers.biggestFiles.slice(0, 2), ...numbers.biggestFunctions.slice(0, 2)];
    const named = worst.map(({ what, lines }) => `${what} (${lines})`).join(', ');
    expect(complaint(budget, numbers), `biggest: ${named}`).toBeUndefined();
  });
});

describe('tests', () => {
  it('mirror the sources path for path', () => {
    expect(untestedByPath(sources, new Set(tests.map(({ path }) => path)))).toEqual([]);
  });
});
