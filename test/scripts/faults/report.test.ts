import { describe, expect, it } from 'vitest';
import { exclusions } from '../../../scripts/faults/exclusions.ts';
import { summarize } from '../../../scripts/faults/report.ts';
import type { Result } from '../../../scripts/faults/run-matrix.ts';

const result = (id: string, ...complaints: string[]): Result => ({
  id,
  name: `${id} run`,
  ms: 1,
  complaints,
  hang: false,
  silentCut: false,
  foreign: false,
});
const well = { complaints: [], seconds: 1.25 };

describe('the summary', () => {
  it('counts rows and runs, and passes when all did', () => {
    const { text, passed } = summarize([result('T1'), result('T1'), result('B2')], [], well);
    expect(passed).toBe(true);
    expect(text).toBe(
      '2 of 2 rows, 3 of 3 runs passed in 1.3 s\n0 hangs, 0 silent cuts, 0 answers with foreign text',
    );
  });

  it('fails a row with one of its runs, and says what is wrong', () => {
    const { text, passed } = summarize([result('T1'), result('T1', 'slow', 'wrong'), result('B2')], [], well);
    expect(passed).toBe(false);
    expect(text).toMatch(/^FAILED T1 run\n {4}slow\n {4}wrong\n1 of 2 rows, 2 of 3 runs/);
  });

  it('counts what is worst', () => {
    const worst = [
      { ...result('T1', 'x'), hang: true },
      { ...result('T2', 'x'), silentCut: true },
      { ...result('T3', 'x'), foreign: true, silentCut: true },
    ];
    expect(summarize(worst, [], well).text).toContain('1 hangs, 2 silent cuts, 1 answers with foreign text');
  });

  it('fails by what is left over of everything', () => {
    const { text, passed } = summarize([result('T1')], [], { complaints: ['Timeout left'], seconds: 1 });
    expect(passed).toBe(false);
    expect(text).toContain('FAILED afterwards: Timeout left');
  });

  it('fails when nothing was run', () => {
    expect(summarize([], [], well).passed).toBe(false);
  });

  it('tells of second looks, and of what is left out', () => {
    const { text } = summarize(
      [{ ...result('T1'), repeated: true }],
      [{ id: 'P9', reason: 'no such host' }],
      well,
    );
    expect(text).toContain('1 runs failed among many and were run once more');
    expect(text).toContain('excluded P9: no such host');
  });
});

it('at most eight rows of the catalogue are left out', () => {
  expect(exclusions.length).toBeLessThanOrEqual(8);
});
