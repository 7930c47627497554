import type { HouseNumbers } from './measure.ts';

/** One number that the house promises to keep within bounds. */
export interface Budget {
  readonly name: string;
  readonly of: (numbers: HouseNumbers) => number;
  readonly min?: number;
  readonly max?: number;
}

/** The row the house holds itself to. */
export const budgets: readonly Budget[] = [
  { name: 'file lines, median', of: ({ fileLines }) => fileLines.median, max: 80 },
  { name: 'file lines, p90', of: ({ fileLines }) => fileLines.p90, max: 170 },
  { name: 'file lines, max', of: ({ fileLines }) => fileLines.max, max: 250 },
  { name: 'files over 300 lines, %', of: ({ filesOver300 }) => filesOver300, max: 0 },
  { name: 'function lines, median', of: ({ functionLines }) => functionLines.median, max: 12 },
  { name: 'function lines, p90', of: ({ functionLines }) => functionLines.p90, max: 35 },
  { name: 'function lines, max', of: ({ functionLines }) => functionLines.max, max: 60 },
  { name: 'functions over 50 lines, %', of: ({ functionsOver50 }) => functionsOver50, max: 2 },
  { name: 'comment lines, %', of: ({ comment }) => comment, min: 20, max: 35 },
  { name: 'exports documented, %', of: ({ documented }) => documented, min: 95 },
  { name: 'any per 1,000 lines', of: ({ anyKeywords }) => anyKeywords, max: 0.5 },
  { name: 'as per 1,000 lines', of: ({ assertions }) => assertions, max: 3 },
  { name: 'biggest import cycle', of: ({ valueCycle }) => valueCycle, max: 0 },
  { name: 'biggest import cycle with types', of: ({ typeCycle }) => typeCycle, max: 0 },
  { name: 'test lines per source line', of: ({ testRatio }) => testRatio, min: 1.5 },
  { name: 'files with a same-named test, %', of: ({ mirrored }) => mirrored, min: 95 },
];

/** The budget that is broken, in words; `undefined` when it is kept. */
export function complaint(budget: Budget, numbers: HouseNumbers): string | undefined {
  const value = budget.of(numbers);
  if (budget.max !== undefined && value > budget.max)
    return `${budget.name}: ${value}, at most ${budget.max}`;
  if (budget.min !== undefined && value < budget.min)
    return `${budget.name}: ${value}, at least ${budget.min}`;
  return undefined;
}
