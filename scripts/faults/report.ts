import type { Exclusion } from './exclusions.ts';
import type { Result } from './run-matrix.ts';

/** What the whole run came to. */
export interface Summary {
  readonly text: string;
  readonly passed: boolean;
}

/** Things that belong to no single run: rejections that nobody handled, warnings, timers that are left. */
export interface Aftermath {
  readonly complaints: readonly string[];
  readonly seconds: number;
}

/** Failures first, each with what is wrong; then the numbers. */
export function summarize(
  results: readonly Result[],
  exclusions: readonly Exclusion[],
  { complaints, seconds }: Aftermath,
): Summary {
  const failed = results.filter((result) => result.complaints.length > 0);
  const ids = new Set(results.map(({ id }) => id));
  const failedIds = new Set(failed.map(({ id }) => id));
  const count = (what: 'hang' | 'silentCut' | 'foreign'): number =>
    results.filter((result) => result[what]).length;
  const repeated = results.filter((result) => result.repeated).length;
  const lines = [
    ...failed.flatMap(({ name, complaints }) => [
      `FAILED ${name}`,
      ...complaints.map((each) => `    ${each}`),
    ]),
    ...complaints.map((each) => `FAILED afterwards: ${each}`),
    ...exclusions.map(({ id, reason }) => `excluded ${id}: ${reason}`),
    `${ids.size - failedIds.size} of ${ids.size} rows, ${results.length - failed.length} of ${results.length} runs passed in ${seconds.toFixed(1)} s`,
    ...(repeated === 0 ? [] : [`${repeated} runs failed among many and were run once more by themselves`]),
    `${count('hang')} hangs, ${count('silentCut')} silent cuts, ${count('foreign')} answers with foreign text`,
  ];
  return {
    text: lines.join('\n'),
    passed: failed.length === 0 && complaints.length === 0 && results.length > 0,
  };
}
