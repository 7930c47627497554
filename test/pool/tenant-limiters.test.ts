import { describe, expect, it, vi } from 'vitest';
import { TenantLimiters } from '../../src/pool/tenant-limiters.ts';

describe('TenantLimiters', () => {
  it('keeps one for each tenant', () => {
    const limiters = new TenantLimiters({ concurrency: 2 }, () => 0);
    expect(limiters.of('a')).toBe(limiters.of('a'));
    expect(limiters.of('a')).not.toBe(limiters.of('b'));
    expect(limiters.of('b').concurrency).toBe(2);
    expect(limiters.size).toBe(2);
  });

  it('asks a function once for each that comes', () => {
    const limitOf = vi.fn((tenant: string) => ({ concurrency: tenant.length }));
    const limiters = new TenantLimiters(limitOf, () => 0);
    for (const tenant of ['a', 'abc', 'a', 'abc']) limiters.of(tenant);
    expect(limiters.of('abc').concurrency).toBe(3);
    expect(limitOf.mock.calls).toEqual([['a'], ['abc']]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /the function returned no limit/],
    ['a rate of nothing', { requestsPerMinute: 0 }, /requestsPerMinute/],
    ['a promise', Promise.resolve({}), /the function returned no limit/],
  ])('refuses a function that returns %s', (_, returned, message) => {
    // As JavaScript would call it.
    const limiters = new TenantLimiters(
      () => returned as object,
      () => 0,
    );
    expect(() => limiters.of('a')).toThrow(message);
    expect(() => limiters.of('a')).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it('forgets those that are as if they had never come, and nobody else', () => {
    let now = 0;
    const limiters = new TenantLimiters({ requestsPerMinute: 60, concurrency: 5 }, () => now);
    const busy = limiters.of('busy');
    busy.take(0);
    const spent = limiters.of('spent');
    for (let n = 0; n < 10; n++) spent.end(spent.take(0), {});
    for (let n = 0; n < 20_000; n++) {
      limiters.of(`passing ${n}`);
      expect(limiters.size).toBeLessThanOrEqual(1_001);
    }
    expect([limiters.of('busy'), limiters.of('spent')]).toEqual([busy, spent]);
    expect(limiters.of('busy')).toBe(busy);
    expect(limiters.of('spent')).toBe(spent);
    now = 60_000;
    for (let n = 0; n < 2_000; n++) limiters.of(`more ${n}`);
    expect(limiters.of('busy')).toBe(busy);
    expect(limiters.of('spent')).not.toBe(spent);
  });

  it('looks through them rarely, however many are busy', () => {
    let looks = 0;
    const limiters = new TenantLimiters({ requestsPerMinute: 5 }, () => {
      looks += 1;
      return 0;
    });
    for (let n = 0; n < 20_000; n++) limiters.of(`busy ${n}`).take(0);
    expect(limiters.size).toBe(20_000);
    // To look through all of them at each would be 200 million looks.
    expect(looks).toBeLessThan(200_000);
  });
});
