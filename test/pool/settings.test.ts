import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors/index.ts';
import type { CallOptions, PoolOptions } from '../../src/pool/options.ts';
import { checkCall, toSettings } from '../../src/pool/settings.ts';
import { silent } from '../contexts.ts';
import { settingsOf } from './states.ts';

/** What is said of options that TypeScript would not let pass. */
function complaint(options: Record<string, unknown>): ConfigError {
  return caught(() => toSettings(Object.assign({ providers: [silent] }, options)));
}

function caught(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a complaint');
}

describe('the defaults', () => {
  const { retry, breaker, timeouts } = settingsOf();

  it('of attempts, retry and failover', () => {
    expect(retry).toEqual({
      attempts: 3,
      attemptsPerTarget: 2,
      baseDelayMs: 500,
      maxDelayMs: 8_000,
      retryAfterCapMs: 60_000,
      preferWaitMs: 2_000,
      budget: { ratio: 0.1, minimum: 30, windowMs: 10_000 },
    });
  });

  it('of the circuit breaker', () => {
    expect(breaker).toEqual({
      failureThreshold: 5,
      failureRatio: 0.5,
      minimumRequests: 10,
      windowMs: 30_000,
      openMs: 5_000,
      maxOpenMs: 15_000,
      slowStartMs: 10_000,
    });
  });

  it('of time', () => {
    expect(timeouts).toEqual({
      connectMs: 10_000,
      firstTokenMs: 60_000,
      reasoningFirstTokenMs: 180_000,
      idleMs: 60_000,
      progressMs: 300_000,
      totalMs: 600_000,
    });
  });

  it('stand for what is left out, or undefined', () => {
    const { retry, breaker } = settingsOf({
      retry: { attempts: 5, budget: { ratio: 0.2 } },
      breaker: { openMs: 1_000 },
    });
    expect(retry).toMatchObject({ attempts: 5, attemptsPerTarget: 2, budget: { ratio: 0.2, minimum: 30 } });
    expect(breaker).toMatchObject({ openMs: 1_000, failureThreshold: 5 });
    const options: object = {
      providers: [silent],
      retry: undefined,
      breaker: undefined,
      timeouts: undefined,
    };
    expect(toSettings(Object.assign({ providers: [silent] }, options))).toEqual(settingsOf());
  });
});

describe('none at all', () => {
  it('of retries is one attempt', () => {
    expect(settingsOf({ retry: false }).retry).toMatchObject({ attempts: 1, attemptsPerTarget: 1 });
  });

  it('of breakers stays false', () => {
    expect(settingsOf({ breaker: false }).breaker).toBe(false);
  });
});

describe('an unknown option is named by its path', () => {
  it.each([
    ['retires', { retires: {} }],
    ['retry.atempts', { retry: { atempts: 3 } }],
    ['retry.budget.rate', { retry: { budget: { rate: 1 } } }],
    ['breaker.threshold', { breaker: { threshold: 5 } }],
    ['timeouts.firstTokenms', { timeouts: { firstTokenms: 5 } }],
    ['limits.perPool', { limits: { perPool: {} } }],
    ['limits.pool.rpm', { limits: { pool: { rpm: 5 } } }],
    ['limits.perProvider.acme.tpm', { limits: { perProvider: { acme: { tpm: 5 } } } }],
    ['limits.queue.length', { limits: { queue: { length: 5 } } }],
    ['hedge.delayMs', { hedge: { afterMs: 5, delayMs: 5 } }],
    ['cost.price', { cost: { price: {} } }],
    ['cost.prices.a.inputUsd', { cost: { prices: { a: { ...rates(), inputUsd: 1 } } } }],
    ['models.fast[1].wieght', { models: { fast: ['acme/a', { target: 'acme/b', wieght: 2 }] } }],
    ['middleware[0].requests', { middleware: [{ name: 'mine', requests: () => undefined }] }],
  ])('%s', (path, options) => {
    const error = complaint(options);
    expect(error.code).toBe('config_invalid');
    expect(error.message).toBe(`ProviderPool: ${path}: no such option`);
    expect(error.param).toBe(path);
  });

  it('all of them, when there are several', () => {
    const { message, param } = complaint({ retry: { a: 1, b: 2 }, timeouts: { c: 3 }, d: 4 });
    for (const path of ['retry.a', 'retry.b', 'timeouts.c', 'd']) {
      expect(message).toContain(`${path}: no such option`);
    }
    expect(message).toContain(`${param}: no such option`);
  });
});

describe('a value out of range is named by its path', () => {
  const wrong = [Number.NaN, Number.POSITIVE_INFINITY, -1, '5', null, 2 ** 31];
  const durations = [
    ...['retry.baseDelayMs', 'retry.maxDelayMs', 'retry.retryAfterCapMs', 'retry.preferWaitMs'],
    ...['retry.budget.windowMs', 'breaker.windowMs', 'breaker.openMs', 'breaker.maxOpenMs'],
    ...['timeouts.connectMs', 'timeouts.firstTokenMs', 'timeouts.reasoningFirstTokenMs'],
    ...['timeouts.idleMs', 'timeouts.progressMs', 'timeouts.totalMs'],
  ];
  const counts = [
    ...['retry.attempts', 'retry.attemptsPerTarget', 'retry.budget.minimum'],
    ...['breaker.failureThreshold', 'breaker.minimumRequests'],
  ];

  it.each(durations.flatMap((path) => wrong.map((value) => [path, value] as const)))(
    '%s: %s',
    (path, value) => {
      expect(complaint(nested(path, value)).message).toMatch(startOf(path));
    },
  );

  it.each(counts.flatMap((path) => [...wrong.slice(0, 5), 1.5].map((value) => [path, value] as const)))(
    '%s: %s',
    (path, value) => {
      expect(complaint(nested(path, value)).message).toMatch(startOf(path));
    },
  );

  it.each([
    ['retry.attempts', 0],
    ['retry.attempts', 101],
    ['retry.attemptsPerTarget', 0],
    ['retry.baseDelayMs', 0],
    ['timeouts.totalMs', 0],
    ['retry.budget.ratio', 10.5],
    ['retry.budget.ratio', Number.NaN],
    ['breaker.failureRatio', 0],
    ['breaker.failureRatio', 1.01],
    ['breaker.failureRatio', Number.NaN],
    ['retry', true],
    ['retry', 3],
    ['breaker', true],
    ['timeouts', false],
    ['strict', 'yes'],
    ['singleFlight', {}],
    ['retiredModels', 'ignore'],
    ['limits.pool.concurrency', 0],
    ['limits.pool.concurrency', 'auto'],
    ['limits.pool.requestsPerMinute', 0],
    ['limits.perTenant.tokensPerMinute', -1],
    ['limits.perTenant', 5],
    ['limits.queue.size', -1],
    ['limits.queue.maxWaitMs', 2 ** 31],
    ['limits', false],
    ['hedge', true],
    ['hedge', {}],
    ['hedge.afterMs', 0],
    ['hedge.afterPercentile', 0],
    ['hedge.afterPercentile', 100],
    ['defaultModel', ''],
    ['routing', 'least-cost'],
    ['middleware', {}],
  ] as const)('%s: %j', (path, value) => {
    expect(complaint(nested(path, value)).message).toMatch(startOf(path));
  });

  it.each([
    ['retry.preferWaitMs', 0],
    ['retry.retryAfterCapMs', 0],
    ['retry.budget.ratio', 0],
    ['retry.budget.minimum', 0],
    ['breaker.failureRatio', 1],
    ['breaker.slowStartMs', 0],
    ['timeouts.totalMs', 2 ** 31 - 1],
    ['timeouts.firstTokenMs', 1],
    ['limits.queue.size', 0],
    ['limits.queue.maxWaitMs', 0],
    ['limits.pool.concurrency', 'adaptive'],
    ['limits.pool.requestsPerMinute', 0.1],
  ] as const)('but not %s: %d', (path, value) => {
    expect(() => toSettings(Object.assign({ providers: [silent] }, nested(path, value)))).not.toThrow();
  });

  it('without repeating the value: it may be a key in the wrong place', () => {
    const { message } = complaint({ defaultModel: ['sk-canary'], strict: 'sk-canary', retry: 'sk-canary' });
    expect(message).not.toContain('canary');
  });
});

describe('providers', () => {
  it.each([
    ['left out', undefined, 'providers'],
    ['no list', silent, 'providers'],
    ['none', [], 'providers: needs at least one provider'],
    ['nothing', [undefined], 'providers[0]'],
    ['the factory instead of what it makes', [() => silent], 'providers[0]'],
    ['without a name', [{ ...silent, name: undefined }], 'providers[0].name'],
    ['with an empty name', [{ ...silent, name: '' }], 'providers[0].name'],
    ['that cannot stream', [{ name: 'acme' }], 'providers[0].stream: must be a function'],
  ])('%s are refused', (_, providers, expected) => {
    expect(complaint({ providers }).message).toContain(`ProviderPool: ${expected}`);
  });

  it.each(['a/b', 'a b', 'a\tb', 'a[0]', ']', 'a\n'])(
    'cannot be named %j: labels are made of names',
    (name) => {
      expect(complaint({ providers: [{ ...silent, name }] }).message).toBe(
        'ProviderPool: providers[0].name: must not contain a slash, a bracket or white space',
      );
    },
  );

  it.each(['anthropic', 'groq-eu', 'my.host_2', 'é'])('can be named %j', (name) => {
    expect(() => toSettings({ providers: [{ ...silent, name }] })).not.toThrow();
  });

  it('cannot share a name', () => {
    const providers = [silent, { ...silent, name: 'other' }, { ...silent }];
    expect(complaint({ providers }).message).toBe(
      'ProviderPool: providers: two are named "acme"; give one another `name`',
    );
  });

  it('have limits by their names, and nobody else has', () => {
    const limits = (name: string) => ({ limits: { perProvider: { [name]: { concurrency: 1 } } } });
    expect(settingsOf(limits('acme')).limits.perProvider).toEqual({ acme: { concurrency: 1 } });
    expect(complaint(limits('acmee'))).toMatchObject({
      message: 'ProviderPool: limits.perProvider: nobody is named "acmee"',
      param: 'limits.perProvider',
    });
  });

  it('may be objects of a class', () => {
    class Mine {
      readonly name = 'mine';
      async *stream(): AsyncGenerator<never> {}
    }
    expect(() => toSettings({ providers: [new Mine()] })).not.toThrow();
  });
});

describe('aliases', () => {
  it.each([
    ['models.fast', { fast: 'acme/a' }],
    ['models.fast', { fast: [] }],
    ['models.fast[1]', { fast: ['acme/a', 5] }],
    ['models.fast[0].tier', { fast: [{ target: 'acme/a', tier: -1 }] }],
    ['models.fast[0].tier', { fast: [{ target: 'acme/a', tier: 0.5 }] }],
    ['models.fast[0].weight', { fast: [{ target: 'acme/a', weight: 0 }] }],
    ['models.fast[0].weight', { fast: [{ target: 'acme/a', weight: Number.NaN }] }],
    ['models.fast[0].target', { fast: [{ tier: 1 }] }],
  ])('that are wrong are named: %s', (path, models) => {
    expect(complaint({ models }).message).toMatch(startOf(path));
  });

  it('may be names or names with a rank', () => {
    const models = { fast: ['acme/a', { target: 'acme/b', tier: 1, weight: 0.5 }] };
    expect(() => settingsOf({ models })).not.toThrow();
  });
});

describe('prices', () => {
  it('may state every rate there is', () => {
    const full: NonNullable<PoolOptions['cost']> = {
      prices: {
        'acme/model-1': {
          ...rates(),
          cacheReadUsdPerMTok: 0.1,
          cacheWrite5mUsdPerMTok: 1.25,
          cacheWrite1hUsdPerMTok: 2,
          batchFactor: 0.5,
          usFactor: 1.1,
          webSearchUsdPerThousand: 10,
          webFetchUsdPerThousand: 0,
        },
      },
    };
    expect(() => settingsOf({ cost: full })).not.toThrow();
  });

  it.each([
    ['cost.prices.a.outputUsdPerMTok', { a: { inputUsdPerMTok: 1 } }],
    ['cost.prices.a.inputUsdPerMTok', { a: { ...rates(), inputUsdPerMTok: -1 } }],
    ['cost.prices.a.cacheReadUsdPerMTok', { a: { ...rates(), cacheReadUsdPerMTok: Number.NaN } }],
    ['cost.prices.a.batchFactor', { a: { ...rates(), batchFactor: '0.5' } }],
  ])('that are wrong are named: %s', (path, prices) => {
    expect(complaint({ cost: { prices } }).message).toMatch(startOf(path));
  });
});

describe('the options of a call', () => {
  const said = (call: Record<string, unknown>): string => caught(() => checkCall(call)).message;

  it('may be none, or all', () => {
    const all: CallOptions = {
      signal: new AbortController().signal,
      deadlineMs: 500,
      requestId: 'mine',
      tenant: 'ada',
      priority: 'low',
      metadata: { feature: 'search' },
      strict: true,
      singleFlight: false,
      provider: 'acme',
      apiKey: 'sk-theirs',
    };
    expect(() => checkCall({})).not.toThrow();
    expect(() => checkCall(all)).not.toThrow();
  });

  it.each([
    ['signl: no such option', { signl: new AbortController().signal }],
    ['signal: must be an AbortSignal', { signal: new AbortController() }],
    ['signal: must be an AbortSignal', { signal: { aborted: false } }],
    ['deadlineMs', { deadlineMs: 0 }],
    ['deadlineMs', { deadlineMs: Number.NaN }],
    ['deadlineMs', { deadlineMs: 2 ** 31 }],
    ['requestId', { requestId: '' }],
    ['requestId', { requestId: 'x'.repeat(257) }],
    ['tenant', { tenant: 'x'.repeat(257) }],
    ['priority', { priority: 'urgent' }],
    ['priority', { priority: 1 }],
    ['metadata.feature', { metadata: { feature: 5 } }],
    ['strict', { strict: 1 }],
    ['singleFlight', { singleFlight: 'yes' }],
    ['provider', { provider: '' }],
    ['apiKey', { apiKey: '', provider: 'acme' }],
  ])('are checked: %s', (path, call) => {
    expect(said(call)).toContain(`call options: ${path}`);
  });

  it('take a key only for a provider that is named, and never repeat it', () => {
    expect(said({ apiKey: 'sk-canary' })).toBe(
      'call options: apiKey: needs `provider`, so that the key goes to one known host',
    );
    expect(said({ apiKey: ['sk-canary'], provider: 'acme' })).not.toContain('canary');
  });
});

function rates() {
  return { inputUsdPerMTok: 1, outputUsdPerMTok: 5 };
}

/** `nested('a.b', 1)` is `{ a: { b: 1 } }`. */
function nested(path: string, value: unknown): Record<string, unknown> {
  return path
    .split('.')
    .reduceRight<Record<string, unknown>>(
      (inner, key, index, keys) => (index === keys.length - 1 ? { [key]: value } : { [key]: inner }),
      {},
    );
}

function startOf(path: string): RegExp {
  return new RegExp(`^ProviderPool: ${path.replace(/[.[\]]/g, '\\$&')}: .+`);
}
