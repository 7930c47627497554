import { describe, expect, it } from 'vitest';
import type { Measured } from '../../bench/client.ts';
import { reportText, type Samples, summarize } from '../../bench/report.ts';

const rounds = (...micros: number[]): Measured[] => micros.map((cpuMicros) => ({ cpuMicros }));
const samples = (shape: string, floor: number, pool: number): Samples =>
  ({
    [shape]: new Map([
      ['floor', rounds(floor, floor)],
      ['runestone', rounds(pool, pool)],
    ]),
  }) as unknown as Samples;

describe('summarize', () => {
  it('gives time per chunk and the ratio to the floor', () => {
    const [report] = summarize(samples('all_at_once', 1000, 700));
    expect(report?.figures[1]).toMatchObject({ microsPerChunk: 3.5, ratio: 0.7, pass: true });
    expect(report?.figures[0]?.pass).toBeUndefined();
  });

  it.each([
    ['json', 0.8, true],
    ['json', 0.81, false],
    ['all_at_once', 0.9, true],
    ['all_at_once', 0.91, false],
  ])('%s at %d of the floor passes: %s', (shape, ratio, pass) => {
    expect(summarize(samples(shape, 1000, 1000 * ratio))[0]?.figures[1]?.pass).toBe(pass);
  });

  it.each(['json', 'translate'])('has no time per chunk where nothing is streamed: %s', (shape) => {
    expect(summarize(samples(shape, 1000, 700))[0]?.figures[0]).not.toHaveProperty('microsPerChunk');
  });

  it('holds every encoder to the limit, and nobody else', () => {
    const measured = new Map([
      ['floor', rounds(1000)],
      ['anthropic-sdk', rounds(3000)],
      ['to-anthropic', rounds(1500)],
      ['to-openai', rounds(1501)],
    ]);
    const [report] = summarize({ translate: measured } as unknown as Samples);
    expect(report?.figures.map(({ contender, pass }) => [contender, pass])).toEqual([
      ['floor', undefined],
      ['anthropic-sdk', undefined],
      ['to-anthropic', true],
      ['to-openai', false],
    ]);
  });

  it.each([
    ['openai-sdk-on-pool', 1.25, true],
    ['openai-sdk-on-pool', 1.26, false],
    ['runestone', 0.5, true],
    ['runestone', 0.51, false],
    ['socket', 3, undefined],
    ['openai-sdk', 1, undefined],
  ] as const)('at the doors %s at %d of the SDK on its own wire passes: %s', (contender, ratio, pass) => {
    const measured = new Map([
      ['openai-sdk', rounds(1000)],
      [contender, rounds(1000 * ratio)],
    ]);
    const reports = summarize({ door_all_at_once: measured } as unknown as Samples);
    expect(reports[0]?.figures.at(-1)?.pass).toBe(pass);
    expect(reportText(reports)).toContain(`${ratio.toFixed(2)} of openai-sdk`);
  });

  it('tells when a client was too slow for the pace of the upstream', () => {
    expect(summarize(samples('one_per_read', 5_000, 4_000))[0]?.crowded).toBeUndefined();
    expect(summarize(samples('one_per_read', 60_000, 4_000))[0]?.crowded).toContain('floor');
  });
});

describe('reportText', () => {
  it('says pass or fail with the limit', () => {
    expect(reportText(summarize(samples('json', 1000, 700)))).toContain('pass: at most 0.8');
    expect(reportText(summarize(samples('json', 1000, 900)))).toContain('FAIL: at most 0.8');
    expect(reportText(summarize(samples('translate', 1000, 900)))).toContain(' µs/request');
  });
});
