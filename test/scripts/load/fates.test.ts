import { expect, it } from 'vitest';
import { fateAt } from '../../../scripts/load/fates.ts';

it('one request in ten goes wrong, in the shares of the goal, and the same ones in every run', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 50_000; n++) counts.set(fateAt(n), (counts.get(fateAt(n)) ?? 0) + 1);
  const share = (fate: string): number => Math.round(((counts.get(fate) ?? 0) / 50_000) * 100);
  expect(share('ok')).toBe(90);
  expect(['server_error', 'reset_before_head', 'cut', 'reset', 'html', 'in_band'].map(share)).toEqual([
    2, 2, 2, 2, 1, 1,
  ]);
});
