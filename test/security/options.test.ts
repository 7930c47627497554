import fc from 'fast-check';
import { type CallOptions, ConfigError, type PoolOptions, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { openaiCompatible } from 'runestone/providers/openai-compatible';
import { replies, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';

const provider = scriptedProvider('a', [replies('hi')]);
const CANARY = 'canary-value';

/** Numbers that are none, and what only looks like one. */
const NO_NUMBERS: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  '5',
  CANARY,
  null,
  {},
  [],
  true,
  1n,
];

const NUMBERS = [
  ...[
    'retry.attempts',
    'retry.attemptsPerTarget',
    'retry.baseDelayMs',
    'retry.maxDelayMs',
    'retry.retryAfterCapMs',
  ],
  ...['retry.preferWaitMs', 'retry.budget.ratio', 'retry.budget.minimum', 'retry.budget.windowMs'],
  ...[
    'breaker.failureThreshold',
    'breaker.failureRatio',
    'breaker.minimumRequests',
    'breaker.windowMs',
    'breaker.openMs',
  ],
  ...[
    'timeouts.connectMs',
    'timeouts.firstTokenMs',
    'timeouts.idleMs',
    'timeouts.progressMs',
    'timeouts.totalMs',
  ],
  ...[
    'limits.pool.requestsPerMinute',
    'limits.pool.concurrency',
    'limits.queue.size',
    'limits.queue.maxWaitMs',
  ],
  ...['autoContinue'],
];

/** `{ a: { b: value } }` of `a.b`. */
function at(path: string, value: unknown): object {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}

function refusal(more: object): ConfigError {
  try {
    new ProviderPool(Object.assign({ providers: [provider] }, more) as PoolOptions);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`taken: ${Object.keys(more)}`);
}

describe('33: options of a pool', () => {
  it('that are no numbers are refused by their path, 250 of them, and none is quoted', () => {
    let refused = 0;
    for (const path of NUMBERS) {
      for (const value of NO_NUMBERS) {
        const error = refusal(at(path, value));
        expect(error.message).toContain(path.split('.')[0]);
        expect(error.message + JSON.stringify(error)).not.toContain(CANARY);
        refused++;
      }
    }
    expect(refused).toBeGreaterThanOrEqual(200);
  });

  it.each([
    'retries',
    'retry.maxAttempts',
    'breaker.treshold',
    'timeouts.timeout',
    'limits.pool.rpm',
    'limits.perSecond',
    'cost.price',
    'fetch',
    'apiKey',
    'baseURL',
    'headers',
    '__proto__x',
    'constructor',
  ])('that do not exist are refused: %s', (path) => {
    expect(refusal(at(path, CANARY)).message).toMatch(/no such option|expected|must/);
    expect(JSON.stringify(refusal(at(path, CANARY)))).not.toContain(CANARY);
  });

  it('of any shape are taken or refused as configuration, never otherwise', () => {
    const key = fc.constantFrom(
      'retry',
      'breaker',
      'timeouts',
      'limits',
      'cost',
      'models',
      'routing',
      'midStream',
      'strict',
      'middleware',
      'defaultModel',
      'retiredModels',
    );
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })),
        (options) => {
          try {
            const pool = new ProviderPool(Object.assign({ providers: [provider] }, options));
            void pool.close();
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('33: options of a call', () => {
  it.each<[string, object]>([
    ['an unknown one', { timeout: 5 }],
    ['a deadline that is none', { deadlineMs: Number.NaN }],
    ['a deadline that overflows a timer', { deadlineMs: 2 ** 31 }],
    ['a signal that is none', { signal: { aborted: false } }],
    ['a tenant without end', { tenant: 'x'.repeat(257) }],
    ['a session without end', { sessionId: 'x'.repeat(257) }],
    ['metadata that is no text', { metadata: { a: 5 } }],
    ['a priority that does not exist', { priority: CANARY }],
    ['a key without a provider', { apiKey: CANARY }],
  ])('refuse %s', async (_, options) => {
    const pool = new ProviderPool({ providers: [provider] });
    const ask = { messages: [{ role: 'user', content: 'Hello' }] } as const;
    const error = await failureOf(pool.request(ask, options as CallOptions));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error) + JSON.stringify(error)).not.toContain(CANARY);
    await pool.close();
  });
});

describe('33: options of a provider', () => {
  it.each([
    'baseUrl',
    'base_url',
    'apikey',
    'api_key',
    'timeout',
    'maxRetries',
    'dangerouslyAllowBrowser',
    'rejectUnauthorized',
    'proxy',
    'dispatcher',
    'httpAgent',
  ])('that do not exist are refused: %s', (option) => {
    for (const make of [
      () => anthropic(Object.assign({ apiKey: 'sk-fine-key-0001' }, { [option]: CANARY })),
      () =>
        openaiCompatible(
          Object.assign({ name: 'a', apiKey: 'k', baseURL: 'https://a.example' }, { [option]: CANARY }),
        ),
    ]) {
      expect(make).toThrow(ConfigError);
      expect(make).toThrow(`${option}: no such option`);
      expect(make).not.toThrow(CANARY);
    }
  });
});
