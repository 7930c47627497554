import { describe, expect, it } from 'vitest';
import {
  headerText,
  readCount,
  readDate,
  readDecimal,
  readDuration,
  readReset,
} from '../../src/provider-kit/wait-values.ts';

describe('headerText', () => {
  it.each([
    [null, undefined],
    ['', undefined],
    ['  ', undefined],
    [' 7 ', '7'],
    ['x'.repeat(65), undefined],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('%j is %j', (value, text) => {
    expect(headerText(value)).toBe(text);
  });
});

describe('numbers', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['0.25', 0.25],
    ['-1', undefined],
    ['+1', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['1.', undefined],
    ['.5', undefined],
    ['1,5', undefined],
    ['1 2', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['12abc', undefined],
    [undefined, undefined],
  ])('S15: readDecimal(%j) is %j', (text, number) => {
    expect(readDecimal(text)).toBe(number);
  });

  it.each([
    ['7', 7],
    ['7.5', undefined],
    ['99999999999999999999', undefined],
    ['-1', undefined],
  ])('HDR-11: readCount(%j) is %j', (text, number) => {
    expect(readCount(text)).toBe(number);
  });
});

describe('dates', () => {
  it.each([
    ['Mon, 23 Nov 2026 12:00:00 GMT', '2026-11-23T12:00:00Z'],
    ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z'],
    ['2026-11-23T12:00:00.250Z', '2026-11-23T12:00:00.250Z'],
    ['2026-11-23t12:00:00z', '2026-11-23T12:00:00Z'],
    ['2026-11-23T14:00:00+02:00', '2026-11-23T12:00:00Z'],
    ['2026-11-23 12:00:00Z', '2026-11-23T12:00:00Z'],
  ])('HDR-3 HDR-4: %s', (text, iso) => {
    expect(readDate(text)).toBe(Date.parse(iso));
  });

  it.each([
    ...['7', '2026', '2026-11-23', 'tomorrow', '2026-13-45T00:00:00Z', 'Mon, 99 Nov 2026 12:00:00 GMT'],
    ...['Mon, 23 Nov 2026 12:00:00', '1 Jan', '2026-11-23T12:00:00', undefined],
  ])('HDR-3: %s is none', (text) => {
    expect(readDate(text)).toBeUndefined();
  });
});

describe('durations (HDR-12)', () => {
  it.each([
    ['12ms', 12],
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
    ['1h0m0.5s', 3_600_500],
    ['1m12.5s', 72_500],
    ['2m59.56s', 179_560],
    ['500us', 0.5],
    ['500µs', 0.5],
    ['500μs', 0.5],
    ['1000000ns', 1],
    ['0s', 0],
    ['8', 8_000],
    ['0.5', 500],
  ])('BUG-84: %s is %f ms', (text, ms) => {
    expect(readDuration(text)).toBeCloseTo(ms, 6);
  });

  it.each(['', '-1', '-1s', 's', 'ms', '5x', '5 s', '1s ', '6m0', '1d', 'NaN', '1m-2s', '1..5s', undefined])(
    '%j is none',
    (text) => {
      expect(readDuration(text)).toBeUndefined();
    },
  );
});

describe('resets of unstated kind (HDR-14)', () => {
  const NOW = Date.parse('2026-11-23T12:00:00Z');

  it.each([
    ['30', 30_000],
    ['999999', 999_999_000],
    [String(NOW / 1_000 + 30), 30_000],
    [String(NOW + 30_000), 30_000],
    ['2026-11-23T12:00:30Z', 30_000],
    ['30s', 30_000],
    [String(NOW / 1_000 - 30), -30_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s is %j ms from now', (text, ms) => {
    expect(readReset(text, NOW)).toBe(ms);
  });
});
