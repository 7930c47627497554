import { describe, expect, it } from 'vitest';
import { limitShape, limitsShape, strangersIn } from '../../src/pool/limit-settings.ts';
import { silent } from '../contexts.ts';

describe('limits', () => {
  it('are none by default; a queue would hold 1,000 for at most 30 s', () => {
    expect(limitsShape.parse({})).toEqual({
      perProvider: {},
      perTarget: {},
      queue: { size: 1_000, maxWaitMs: 30_000 },
    });
  });

  it('are taken as they are', () => {
    const perTenant = (): object => ({});
    const limits = {
      pool: { requestsPerMinute: 0.5, tokensPerMinute: 1e6, concurrency: 3 },
      perProvider: { acme: { concurrency: 'adaptive' } },
      perTarget: { 'acme/m': { concurrency: 2 } },
      perTenant,
      queue: { size: 0, maxWaitMs: 0 },
    };
    expect(limitsShape.parse(limits)).toEqual(limits);
  });

  it.each<[string, unknown]>([
    ['a request rate of nothing', { requestsPerMinute: 0 }],
    ['a negative rate', { tokensPerMinute: -1 }],
    ['what is no number', { tokensPerMinute: Number.NaN }],
    ['an endless rate', { requestsPerMinute: Number.POSITIVE_INFINITY }],
    ['half a permit', { concurrency: 0.5 }],
    ['no permit at all', { concurrency: 0 }],
    ['another word', { concurrency: 'automatic' }],
    ['a limit of something else', { requestsPerHour: 5 }],
  ])('are not %s', (_, limit) => {
    expect(limitShape.safeParse(limit).success).toBe(false);
    expect(limitsShape.safeParse({ pool: limit }).success).toBe(false);
    expect(limitsShape.safeParse({ perProvider: { acme: limit } }).success).toBe(false);
    expect(limitsShape.safeParse({ perTenant: limit }).success).toBe(false);
  });

  it.each<[string, unknown]>([
    ['a negative size', { size: -1 }],
    ['half a place', { size: 0.5 }],
    ['a negative wait', { maxWaitMs: -1 }],
    ['a wait beyond the range of timers', { maxWaitMs: 2 ** 31 }],
    ['an option that is none', { length: 1 }],
  ])('have no queue of %s', (_, queue) => {
    expect(limitsShape.safeParse({ queue }).success).toBe(false);
  });
});

describe('names of targets', () => {
  it('begin with that of a provider of the pool, or of one of its keys', () => {
    const keyed = { ...silent, name: 'keyed', keys: ['a', 'b'] };
    const perTarget = { 'acme/m': {}, 'keyed[1]/m/n': {}, 'acmee/m': {}, 'keyed[2]/m': {} };
    expect(strangersIn(limitsShape.parse({ perTarget }), [silent, keyed])).toEqual([
      { path: 'limits.perTarget', name: 'acmee' },
      { path: 'limits.perTarget', name: 'keyed[2]' },
    ]);
  });

  it.each(['acme', '/m', 'acme/'])('have a model: not %s', (name) => {
    expect(limitsShape.safeParse({ perTarget: { [name]: {} } }).success).toBe(false);
  });
});

describe('names of providers', () => {
  const keyed = { ...silent, name: 'keyed', keys: ['keyed[0]', 'keyed[1]'] };
  const strangers = (...names: string[]): string[] => {
    const perProvider = Object.fromEntries(names.map((name) => [name, {}]));
    return strangersIn(limitsShape.parse({ perProvider }), [silent, keyed]).map(({ name }) => name);
  };

  it('are those of the pool, or of one of their keys', () => {
    expect(strangers('acme', 'keyed', 'keyed[0]', 'keyed[1]')).toEqual([]);
  });

  it('are wrong when nobody is named so', () => {
    expect(strangers('acme', 'acmee', 'keyed[2]', 'acme[0]')).toEqual(['acmee', 'keyed[2]', 'acme[0]']);
  });
});
