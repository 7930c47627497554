import { describe, expect, it } from 'vitest';
import { inPeak, toPeakHours } from '../../src/pricing/peak-hours.ts';

const usdPerMTok = [1, 2] as const;
const hoursUtc = [
  [1, 4],
  [6, 10],
] as const;
const weekdays = toPeakHours({ usdPerMTok, hoursUtc, weekdaysOnly: true, except: ['2026-10-01'] });
const daily = toPeakHours({ usdPerMTok, hoursUtc });
const at = (time: string): number => Date.parse(time);

describe('inPeak', () => {
  it.each([
    ['2026-11-25T00:59:59.999Z', false],
    ['2026-11-25T01:00:00.000Z', true],
    ['2026-11-25T03:59:59.999Z', true],
    ['2026-11-25T04:00:00.000Z', false],
    ['2026-11-25T06:00:00.000Z', true],
    ['2026-11-25T10:00:00.000Z', false],
    ['2026-11-25T23:30:00.000Z', false],
  ])('on a weekday at %s: %s', (time, expected) => {
    expect(inPeak(weekdays, at(time))).toBe(expected);
    expect(inPeak(daily, at(time))).toBe(expected);
  });

  it.each([
    ['Monday', '2026-11-23', true],
    ['Friday', '2026-11-27', true],
    ['Saturday', '2026-11-28', false],
    ['Sunday', '2026-11-29', false],
    ['a Saturday before the epoch', '1969-12-27', false],
    ['a Monday before the epoch', '1969-12-29', true],
  ])('on %s', (_, day, expected) => {
    expect(inPeak(weekdays, at(`${day}T02:00:00Z`))).toBe(expected);
    expect(inPeak(daily, at(`${day}T02:00:00Z`))).toBe(true);
  });

  it('never on a day that is excepted', () => {
    expect(inPeak(weekdays, at('2026-10-01T02:00:00Z'))).toBe(false);
    expect(inPeak(daily, at('2026-10-01T02:00:00Z'))).toBe(true);
    expect(inPeak(weekdays, at('2026-10-02T02:00:00Z'))).toBe(true);
  });

  it('covers seven hours of a weekday, to the minute', () => {
    const minutes = Array.from(
      { length: 24 * 60 },
      (_, minute) => at('2026-11-25T00:00:00Z') + minute * 60_000,
    );
    expect(minutes.filter((ms) => inPeak(weekdays, ms))).toHaveLength(7 * 60);
  });
});
