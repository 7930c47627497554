import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/chat/estimate-tokens.ts';
import { CancelledError, NoRouteError, ProviderError } from '../../src/errors/index.ts';
import { askForCount, estimateAfter } from '../../src/pool/count-tokens.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import type { Provider } from '../../src/provider-kit/provider.ts';
import { ask, failureOf, silent } from '../contexts.ts';

const request = { ...ask('How many?'), model: 'acme/m' };
const estimate = { tokens: estimateTokens(request), precision: 'estimated' };
const poolOf = (countTokens?: Provider['countTokens']) =>
  new ProviderPool({
    providers: [{ ...silent, name: 'acme', ...(countTokens && { countTokens }) }],
    retry: { baseDelayMs: 1, maxDelayMs: 1 },
  });

describe('pool.countTokens', () => {
  it("is the provider's own count, and free", async () => {
    await using pool = poolOf(async (call) => call.request.messages.length * 7);
    expect(await pool.countTokens(request)).toEqual({
      tokens: 7,
      precision: 'reported',
      provider: 'acme',
      model: 'm',
    });
    expect(pool.stats().total).toMatchObject({ requests: 1, costUsd: 0, unpriced: 0 });
  });

  it.each([
    ['cannot count', undefined],
    [
      'fails',
      () => Promise.reject(new ProviderError({ provider: 'acme', code: 'server_error', message: 'no' })),
    ],
    ['counts nonsense', () => Promise.resolve(-1)],
    [
      'may not be asked',
      () => Promise.reject(new ProviderError({ provider: 'acme', code: 'permission', message: 'no' })),
    ],
  ] satisfies [string, Provider['countTokens']][])(
    'is an estimate where the provider %s',
    async (_, countTokens) => {
      await using pool = poolOf(countTokens);
      expect(await pool.countTokens(request)).toEqual(estimate);
    },
  );

  it('is an error where the request is wrong', async () => {
    const wrong = new ProviderError({
      provider: 'acme',
      code: 'invalid_request',
      message: 'no',
      retryable: false,
    });
    await using pool = poolOf(() => Promise.reject(wrong));
    expect(await failureOf(pool.countTokens(request))).toMatchObject({ code: 'invalid_request' });
    expect(await failureOf(pool.countTokens({ ...request, model: 'nobody' }))).toMatchObject({
      code: 'no_route',
    });
  });

  it('is an error where nobody waits for it any more', async () => {
    await using pool = poolOf(() => new Promise(() => undefined));
    expect(await failureOf(pool.countTokens(request, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'cancelled',
    });
  });
});

describe('estimateAfter', () => {
  const asked = () => askForCount(request);

  it.each([
    ['a cancellation', new CancelledError('gone')],
    ['a name that nobody serves', new NoRouteError('nobody')],
    ['a foreign error', new TypeError('mine')],
  ])('throws %s on', (_, error) => {
    expect(() => estimateAfter(error, asked)).toThrow(error);
  });
});
