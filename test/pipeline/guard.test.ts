import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import {
  CancelledError,
  ConfigError,
  InvalidRequestError,
  ProviderError,
  policy,
} from '../../src/errors/index.ts';
import { toBatch, toHouseError, truncated, upToFinish } from '../../src/pipeline/guard.ts';
import { ask, finish, silent, targetOf, text, usage } from '../contexts.ts';

const target = targetOf(silent);
const secret = 'my diary says that I am afraid of geese';
const request = ask(secret);

describe('toBatch', () => {
  it('makes a batch of one event', () => {
    const event = text('x');
    expect(toBatch(event)).toEqual([event]);
  });

  it.each([[[]], [[text('x')]], [[text('x'), finish]]])('leaves a batch as it is: %j', (batch: Batch) => {
    expect(toBatch(batch)).toBe(batch);
  });
});

describe('upToFinish', () => {
  it.each([
    ['nothing', []],
    ['content alone', [text('a'), usage({})]],
  ])('passes %s as the same batch', (_, batch: Batch) => {
    expect(upToFinish(batch)).toEqual({ batch, finished: false });
    expect(upToFinish(batch).batch).toBe(batch);
  });

  it('passes a batch that ends with the finish as the same batch', () => {
    const batch = [text('a'), finish];
    expect(upToFinish(batch).batch).toBe(batch);
    expect(upToFinish(batch).finished).toBe(true);
  });

  it('cuts what follows the finish, a second finish too, and leaves the original alone', () => {
    const batch: Batch = [text('a'), finish, text('late'), finish];
    expect(upToFinish(batch)).toEqual({ batch: [text('a'), finish], finished: true });
    expect(batch).toHaveLength(4);
  });
});

describe('truncated', () => {
  it('is a stream_truncated of the target', () => {
    expect(truncated(target)).toMatchObject({
      name: 'ProviderError',
      code: 'stream_truncated',
      provider: 'acme',
      model: 'model-1',
      message: 'acme: the stream ended before the answer was complete',
    });
  });
});

describe('toHouseError', () => {
  it.each([
    ['a provider error', new ProviderError({ provider: 'acme', code: 'overloaded', message: 'busy' })],
    ['an abort', new CancelledError('the request was aborted by its caller')],
    ['a refusal by our own check', new InvalidRequestError('invalid request: n: must be 1')],
    ['a wrong option', new ConfigError('acme: baseURL: is no URL')],
  ])('passes %s that quotes nothing as it is', (_, error) => {
    expect(toHouseError(error, target, request)).toBe(error);
  });

  it('masks what a provider error quotes, and keeps every fact of it', () => {
    const cause = new Error('400');
    const error = new ProviderError({
      provider: 'acme',
      model: 'model-1',
      code: 'rate_limited',
      status: 429,
      upstreamRequestId: 'up-1',
      retryAfterMs: 7_000,
      reason: 'tokens',
      param: 'messages[0].content',
      retryable: false,
      phase: 'upstream',
      cause,
      message: `too many tokens in "${secret}", slow down`,
    });
    const masked = toHouseError(error, target, request);
    expect(masked.message).toBe('acme: too many tokens in "[…]", slow down');
    expect(masked).toBeInstanceOf(ProviderError);
    expect(masked.toJSON()).toEqual({ ...error.toJSON(), message: masked.message });
    expect(masked.cause).toBe(cause);
    expect(inspect(masked)).not.toContain('afraid of geese');
  });

  describe('of what a foreign library threw', () => {
    it.each([
      ['an Error', new TypeError(`cannot read ${secret}`), 'the provider failed with TypeError'],
      [
        'a system error',
        Object.assign(new Error(secret), { code: 'ECONNRESET' }),
        'the provider failed with Error',
      ],
      ['text', secret, 'the provider failed with a string that is no Error'],
      ['undefined', undefined, 'the provider failed with a undefined that is no Error'],
      ['null', null, 'the provider failed with a object that is no Error'],
      ['an object', { message: secret }, 'the provider failed with a object that is no Error'],
    ])('makes a bad_response without its words: %s', (_, thrown, message) => {
      const error = toHouseError(thrown, target, request);
      expect(error).toMatchObject({
        name: 'ProviderError',
        code: 'bad_response',
        provider: 'acme',
        model: 'model-1',
        message: `acme: ${message}`,
      });
      expect(error.cause).toBeUndefined();
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('afraid of geese');
    });

    it('believes a code that is one of ours for providers, but never repeats the call', () => {
      const thrown = Object.assign(new Error('busy'), { code: 'overloaded' });
      expect(toHouseError(thrown, target, request)).toMatchObject({ code: 'overloaded', retryable: false });
    });

    it.each(['cancelled', 'config_invalid', 'pool_closed', 'deadline_exceeded', 'toString', 429])(
      'does not believe the code %j',
      (code) => {
        const thrown = Object.assign(new Error('x'), { code });
        expect(toHouseError(thrown, target, request).code).toBe('bad_response');
      },
    );

    it('leaves it to another target', () => {
      const { code, retryable } = toHouseError(new Error('x'), target, request);
      expect(policy[code].failover).toBe(true);
      expect(retryable).toBe(false);
    });
  });

  it('knows an error of another copy of the package by its marker', () => {
    const twin = Object.assign(new Error('acme: busy'), { code: 'overloaded', name: 'ProviderError' });
    Object.defineProperty(twin, Symbol.for('runestone.error'), { value: true });
    expect(toHouseError(twin, target, request)).toBe(twin);
  });

  it('does not stumble over a conversation without messages worth quoting', () => {
    const error = new ProviderError({ provider: 'acme', code: 'server_error', message: 'internal error' });
    for (const content of ['', 'a', null]) {
      expect(toHouseError(error, target, { messages: [{ role: 'user', content }] })).toBe(error);
    }
  });
});
