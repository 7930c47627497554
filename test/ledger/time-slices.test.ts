import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeSlices } from '../../src/ledger/time-slices.ts';
import { runs } from '../runs.ts';

const made = (steps = 3) => new TimeSlices<string[]>(10, steps, () => []);
const startsOf = (slices: TimeSlices<string[]>, nowMs: number): number[] =>
  [...slices.all(nowMs)].map(({ startMs }) => startMs);

describe('TimeSlices', () => {
  it('keep one content for all moments of a slice', () => {
    const slices = made();
    slices.at(100).push('a');
    slices.at(109.9).push('b');
    slices.at(110).push('c');
    expect([...slices.all(110)]).toEqual([
      { startMs: 100, content: ['a', 'b'] },
      { startMs: 110, content: ['c'] },
    ]);
  });

  it('forget what is older than so many whole slices', () => {
    const slices = made();
    for (const atMs of [100, 110, 120, 130]) slices.at(atMs);
    expect(startsOf(slices, 130)).toEqual([100, 110, 120, 130]);
    expect(startsOf(slices, 140)).toEqual([110, 120, 130]);
    expect(startsOf(slices, 1_000)).toEqual([]);
  });

  it('say how far they reach back, also where nothing happened', () => {
    expect(made().sinceMs(135)).toBe(100);
  });

  it('count for the newest slice what comes when the clock has stepped back', () => {
    const slices = made();
    slices.at(200).push('now');
    slices.at(120).push('back');
    expect([...slices.all(120)]).toEqual([{ startMs: 200, content: ['now', 'back'] }]);
  });

  it('are never more than so many, and lose nothing that is recent (property)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (pauses, steps) => {
          const slices = made(steps);
          const moments: number[] = [];
          let nowMs = 0;
          for (const pause of pauses) {
            nowMs += pause / 8;
            moments.push(nowMs);
            slices.at(nowMs).push(String(nowMs));
          }
          const kept = [...slices.all(nowMs)];
          expect(kept.length).toBeLessThanOrEqual(steps + 1);
          const recent = moments.filter((ms) => ms >= slices.sinceMs(nowMs)).map(String);
          expect(kept.flatMap(({ content }) => content)).toEqual(recent);
        },
      ),
      runs(),
    );
  });
});
