import { describe, expect, it } from 'vitest';
import { answerTime, rateLimits } from '../../src/provider-kit/rate-limits.ts';
import { MAX_WAIT_MS } from '../../src/provider-kit/wait-values.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const limits = (headers: Record<string, string>) => rateLimits(new Headers(headers), NOW);

describe('rateLimits', () => {
  it('HDR-4 HDR-5 HDR-6: Anthropic', () => {
    expect(
      limits({
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-requests-reset': '2026-11-23T12:00:02Z',
        'anthropic-ratelimit-tokens-limit': '90000',
        'anthropic-ratelimit-tokens-remaining': '81000',
        'anthropic-ratelimit-input-tokens-limit': '80000',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-23T12:00:30.5Z',
        'anthropic-ratelimit-output-tokens-remaining': '8000',
      }),
    ).toEqual({
      requests: { limit: 50, remaining: 49, resetMs: 2_000 },
      tokens: { limit: 90_000, remaining: 81_000 },
      inputTokens: { limit: 80_000, remaining: 0, resetMs: 30_500 },
      outputTokens: { remaining: 8_000 },
    });
  });

  it('HDR-11 HDR-12 HDR-15: OpenAI and those who spell it so', () => {
    expect(
      limits({
        'x-ratelimit-limit-requests': '5000',
        'x-ratelimit-remaining-requests': '4999',
        'x-ratelimit-reset-requests': '12ms',
        'x-ratelimit-limit-tokens': '160000',
        'x-ratelimit-remaining-tokens': '159976',
        'x-ratelimit-reset-tokens': '6m0s',
      }),
    ).toEqual({
      requests: { limit: 5_000, remaining: 4_999, resetMs: 12 },
      tokens: { limit: 160_000, remaining: 159_976, resetMs: 360_000 },
    });
  });

  it.each([
    ['seconds from now', '30'],
    ['epoch seconds', String(NOW / 1_000 + 30)],
    ['epoch milliseconds', String(NOW + 30_000)],
  ])('HDR-14: the bare family, reset in %s', (_, reset) => {
    const headers = { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    expect(limits(headers)).toEqual({ requests: { limit: 20, remaining: 0, resetMs: 30_000 } });
  });

  it('HDR-14: the exact family goes before the bare one', () => {
    expect(limits({ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-remaining': '9' })).toEqual({
      requests: { remaining: 3 },
    });
  });

  it('nothing told is nothing known', () => {
    expect(limits({})).toBeUndefined();
    expect(limits({ 'content-type': 'text/plain' })).toBeUndefined();
  });

  it.each(['-1', 'many', '1e9', '', '7.5', 'NaN'])('HDR-9 HDR-11: a count of %j is unknown', (value) => {
    expect(limits({ 'x-ratelimit-remaining-requests': value, 'x-ratelimit-limit-requests': '5' })).toEqual({
      requests: { limit: 5 },
    });
  });

  it('a reset that has passed is now, one out of range is the longest wait', () => {
    expect(limits({ 'anthropic-ratelimit-tokens-reset': '2026-11-23T11:00:00Z' })?.tokens?.resetMs).toBe(0);
    expect(limits({ 'x-ratelimit-reset-tokens': '99999h' })?.tokens?.resetMs).toBe(MAX_WAIT_MS);
  });

  it('resets are relative to the answer’s own clock', () => {
    expect(
      limits({
        date: 'Mon, 23 Nov 2026 12:00:20 GMT',
        'anthropic-ratelimit-tokens-reset': '2026-11-23T12:00:30Z',
      })?.tokens?.resetMs,
    ).toBe(10_000);
  });
});

describe('answerTime', () => {
  it('is the answer’s date, or our clock where that is unreadable', () => {
    expect(answerTime(new Headers({ date: 'Mon, 23 Nov 2026 12:00:20 GMT' }), 5)).toBe(NOW + 20_000);
    expect(answerTime(new Headers({ date: 'yesterday' }), 5)).toBe(5);
    expect(answerTime(new Headers(), 5)).toBe(5);
  });
});

describe('an answer that tells of no limits', () => {
  it('is asked for none of their names', () => {
    const asked: string[] = [];
    const get = (name: string): null => {
      asked.push(name);
      return null;
    };
    expect(rateLimits({ get, keys: () => ['date', 'request-id'] }, 0)).toBeUndefined();
    expect(asked).toEqual([]);
    rateLimits({ get, keys: () => ['date', 'x-ratelimit-limit'] }, 0);
    expect(asked).toContain('x-ratelimit-limit');
  });
});
