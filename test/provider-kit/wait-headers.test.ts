import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs, shouldRetry } from '../../src/provider-kit/wait-headers.ts';
import { MAX_WAIT_MS } from '../../src/provider-kit/wait-values.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const inSeconds = (seconds: number): string => new Date(NOW + seconds * 1_000).toUTCString();
const wait = (headers: Record<string, string>): number | undefined => retryAfterMs(new Headers(headers), NOW);

describe('what the host says (S13, S14)', () => {
  it.each([
    ['HDR-2 milliseconds', { 'retry-after-ms': '1500' }, 1_500],
    ['HDR-2 a part of one', { 'retry-after-ms': '0.2' }, 1],
    ['HDR-3 seconds', { 'retry-after': '12' }, 12_000],
    ['HDR-3 a float', { 'retry-after': '1.5' }, 1_500],
    ['HDR-3 a date', { 'retry-after': inSeconds(30) }, 30_000],
    ['S13 both: milliseconds win', { 'retry-after-ms': '700', 'retry-after': '9' }, 700],
    ['S13 unreadable milliseconds do not', { 'retry-after-ms': 'x', 'retry-after': '9' }, 9_000],
    ['S14 a date, by the answer’s own clock', { 'retry-after': inSeconds(30), date: inSeconds(20) }, 10_000],
    [
      'S14 a date in our past, but not in its own',
      { 'retry-after': inSeconds(-30), date: inSeconds(-40) },
      10_000,
    ],
    ['S16 ten hours', { 'retry-after': '36000' }, 36_000_000],
    ['S16 beyond every timer', { 'retry-after': '99999999999999' }, MAX_WAIT_MS],
    ['S16 a date beyond every timer', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, MAX_WAIT_MS],
  ])('%s', (_, headers, ms) => {
    expect(wait(headers)).toBe(ms);
  });

  it.each([
    ['nothing', {}],
    ['NaN', { 'retry-after': 'NaN' }],
    ['empty', { 'retry-after': '' }],
    ['zero', { 'retry-after': '0' }],
    ['zero milliseconds', { 'retry-after-ms': '0' }],
    ['negative', { 'retry-after': '-5' }],
    ['past', { 'retry-after': inSeconds(-30) }],
    ['a word', { 'retry-after': 'soon' }],
    ['a year', { 'retry-after': '2026-11-23' }],
    ['infinity', { 'retry-after': '1e400' }],
    ['a kilobyte', { 'retry-after': '1'.repeat(1_024) }],
  ])('S15: %s counts as absent', (_, headers) => {
    expect(wait(headers)).toBeUndefined();
  });
});

describe('the limits that are used up (S17)', () => {
  const bucket = (name: string, remaining: string, reset: string) => ({
    [`anthropic-ratelimit-${name}-remaining`]: remaining,
    [`anthropic-ratelimit-${name}-reset`]: reset,
  });
  const inIso = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();

  it('HDR-4 HDR-6 BUG-84: RFC 3339, the last of those at zero', () => {
    expect(
      wait({
        ...bucket('requests', '0', inIso(5)),
        ...bucket('input-tokens', '0', inIso(20)),
        ...bucket('output-tokens', '900', inIso(60)),
      }),
    ).toBe(20_000);
  });

  it('HDR-4: relative to the answer’s own clock', () => {
    expect(wait({ ...bucket('tokens', '0', inIso(20)), date: inSeconds(15) })).toBe(5_000);
  });

  it('HDR-12 BUG-84: Go durations', () => {
    expect(wait({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m12.5s' })).toBe(72_500);
    expect(wait({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12ms' })).toBe(12);
  });

  it('HDR-12: Azure’s -1 and 0 are no wait', () => {
    for (const reset of ['-1', '0']) {
      expect(
        wait({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': reset }),
      ).toBeUndefined();
    }
  });

  it('HDR-14: a bare reset counts where nothing is counted', () => {
    expect(wait({ 'x-ratelimit-reset': '30' })).toBe(30_000);
    expect(wait({ 'x-ratelimit-reset': '30', 'x-ratelimit-remaining-tokens': '5' })).toBeUndefined();
  });

  it('are none of them: then nothing is said', () => {
    expect(wait(bucket('requests', '10', inIso(30)))).toBeUndefined();
    expect(wait(bucket('requests', '0', inIso(-30)))).toBeUndefined();
  });

  it('HDR-3: go behind `retry-after`', () => {
    expect(wait({ 'retry-after': '2', ...bucket('requests', '0', inIso(30)) })).toBe(2_000);
  });

  it.each([
    ['HDR-7', 'anthropic-priority-input-tokens', inIso(9)],
    ['HDR-7', 'anthropic-priority-output-tokens', inIso(9)],
    ['HDR-8', 'anthropic-fast-input-tokens', inIso(9)],
    ['HDR-8', 'anthropic-fast-output-tokens', inIso(9)],
    ['HDR-9', 'anthropic-ratelimit-unified', '1795440000'],
    ['HDR-9', 'anthropic-ratelimit-unified-5h', '1795440000'],
  ])('%s: %s is another limit, and no reason to wait for the ordinary ones', (_, family, reset) => {
    const usedUp = {
      [`${family}-remaining`]: '0',
      [`${family}-reset`]: reset,
      [`${family}-status`]: 'rejected',
    };
    expect(wait(usedUp)).toBeUndefined();
    expect(wait({ ...usedUp, ...bucket('input-tokens', '0', inIso(5)) })).toBe(5_000);
  });
});

describe('shouldRetry (HDR-1)', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['TRUE', undefined],
    ['1', undefined],
    ['', undefined],
  ])('%j is %j', (value, told) => {
    expect(shouldRetry(new Headers({ 'x-should-retry': value }))).toBe(told);
  });

  it('is silent without the header', () => {
    expect(shouldRetry(new Headers())).toBeUndefined();
  });
});

describe('INV-24', () => {
  const names = ['retry-after', 'retry-after-ms', 'date', 'x-ratelimit-reset', 'x-ratelimit-remaining'];
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.tuple(fc.nat(), fc.constantFrom('h', 'm', 's', 'ms', 'x')).map(([n, unit]) => `${n}${unit}`),
  );

  it('any headers: nothing, or whole milliseconds within the range of timers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), fc.nat(4e12), (headers, now) => {
        const ms = retryAfterMs({ get: (name) => headers[name] ?? null }, now);
        expect(ms === undefined || (Number.isInteger(ms) && ms > 0 && ms <= MAX_WAIT_MS)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('dates are relative to the answer’s own clock, so ours does not matter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(4e12), (seconds, ours) => {
        const headers = new Headers({ date: inSeconds(0), 'retry-after': inSeconds(seconds) });
        expect(retryAfterMs(headers, ours)).toBe(seconds * 1_000);
      }),
      { numRuns: 200 },
    );
  });
});
