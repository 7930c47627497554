import { format, inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import { describe, expect, it } from 'vitest';
import type { AttemptRecord, PartialAnswer } from '../../src/errors/index.ts';
import {
  annotate,
  CancelledError,
  copyOf,
  InvalidRequestError,
  ProviderError,
  RunestoneError,
} from '../../src/errors/index.ts';

const SECRET_TEXT = 'the answer nobody may log';
const partial: PartialAnswer = {
  content: SECRET_TEXT,
  reasoning: SECRET_TEXT,
  toolCalls: [{ id: 't', name: 'n', arguments: SECRET_TEXT }],
};
const attempt: AttemptRecord = {
  ...{ attempt: 1, provider: 'groq', model: 'm', target: 'groq/m', waitedMs: 0 },
  ...{ outcome: 'error', code: 'timeout' },
  ...{ durationMs: 5, precision: 'unknown' },
};

const broken = (): ProviderError =>
  new ProviderError({ code: 'stream_truncated', provider: 'groq', message: 'ended early', model: 'm' });

describe('an error', () => {
  it('is an Error with name, message, cause and stack', () => {
    const cause = new Error('inner');
    const error = new CancelledError('stopped', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(RunestoneError);
    expect(error).toMatchObject({ name: 'CancelledError', message: 'stopped', cause, code: 'cancelled' });
    expect(error.stack).toContain('stopped');
    expect(String(error)).toBe('CancelledError: stopped');
  });

  it('has a cause only when there is one', () => {
    expect('cause' in new CancelledError('x')).toBe(false);
    expect('cause' in new CancelledError('x', { cause: undefined })).toBe(false);
    expect(new CancelledError('x', { cause: null }).cause).toBeNull();
  });

  it('carries what its thrower knows, and no empty fields', () => {
    const error = new CancelledError('x', {
      provider: 'groq',
      status: undefined,
      retryAfterMs: 0,
      param: null,
    });
    expect(error).toMatchObject({ provider: 'groq', retryAfterMs: 0, param: null });
    expect('status' in error).toBe(false);
    expect(Object.keys(error)).not.toContain('status');
  });

  it('starts uncommitted, without attempts and without a partial answer', () => {
    expect(broken()).toMatchObject({ committed: false, attempts: [] });
    expect(broken().partial).toBeUndefined();
  });
});

describe('annotate', () => {
  it('adds what the pool knows and returns the same error', () => {
    const error = broken();
    const facts = {
      requestId: 'r',
      committed: true,
      attempts: [attempt],
      usage: { inputTokens: 1 },
      costUsd: 0.5,
    };
    expect(annotate(error, facts)).toBe(error);
    expect(error).toMatchObject(facts);
  });

  it('keeps what was known when it has nothing to add', () => {
    const error = annotate(broken(), { requestId: 'r' });
    annotate(error, { costUsd: 0 });
    expect(error).toMatchObject({
      requestId: 'r',
      costUsd: 0,
      provider: 'groq',
      model: 'm',
      committed: false,
    });
  });

  it('may be repeated: the last word counts', () => {
    const error = annotate(annotate(broken(), { costUsd: 1, partial }), { costUsd: 2 });
    expect(error.costUsd).toBe(2);
    expect(error.partial).toBe(partial);
    annotate(error, { partial: { ...partial, content: 'later' } });
    expect(error.partial?.content).toBe('later');
  });

  it('leaves facts that code cannot overwrite by accident', () => {
    const error = annotate(broken(), { requestId: 'r', partial });
    expect(Reflect.set(error, 'requestId', 'other')).toBe(false);
    expect(Reflect.set(error, 'partial', undefined)).toBe(false);
    expect(error.requestId).toBe('r');
  });
});

describe('copyOf', () => {
  it('is the same error, of the same class, as a real one', () => {
    const error = annotate(broken(), { requestId: 'one', partial });
    const copy = copyOf(error);
    expect(copy).not.toBe(error);
    expect(copy).toBeInstanceOf(ProviderError);
    expect(isNativeError(copy)).toBe(true);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(error));
    expect([copy.partial, copy.stack, copy.message]).toEqual([partial, error.stack, error.message]);
    expect(inspect(copy)).not.toContain(SECRET_TEXT);
  });

  it('has a life of its own', () => {
    const error = annotate(broken(), { requestId: 'one' });
    const copy = annotate(copyOf(error), { requestId: 'two', attempts: [attempt] });
    expect([error.requestId, error.attempts]).toEqual(['one', []]);
    expect([copy.requestId, copy.attempts]).toEqual(['two', [attempt]]);
  });
});

describe('the partial answer', () => {
  const error = annotate(broken(), { requestId: 'r', committed: true, partial });

  it('is there for who asks', () => {
    expect(error.partial).toBe(partial);
  });

  it.each<[string, () => string]>([
    ['inspect', () => inspect(error, { depth: null })],
    ['inspect with getters', () => inspect(error, { depth: null, getters: true })],
    ['inspect of a cause', () => inspect(new Error('outer', { cause: error }), { depth: null })],
    ['inspect of an aggregate', () => inspect(new AggregateError([error]), { depth: null })],
    ['inspect of an object around it', () => inspect({ error: [error] }, { depth: null })],
    ['format %s', () => format('%s', error)],
    ['format %j', () => format('%j', error)],
    ['format %O', () => format('%O', error)],
    ['JSON.stringify', () => JSON.stringify({ error })],
    ['toJSON', () => JSON.stringify(error.toJSON())],
    ['toOpenAI', () => JSON.stringify(error.toOpenAI())],
    ['spreading', () => JSON.stringify({ ...error })],
    ['structuredClone', () => JSON.stringify(structuredClone(error))],
    ['stack', () => String(error.stack)],
  ])('is not in %s', (_, text) => {
    expect(text()).not.toContain(SECRET_TEXT);
  });

  it('does not list as a key', () => {
    expect(Object.keys(error)).not.toContain('partial');
    const listed: string[] = [];
    for (const key in error) listed.push(key);
    expect(listed).not.toContain('partial');
  });
});

describe('toJSON', () => {
  it('tells code, name, message and facts, and leaves cause and stack out', () => {
    const error = new ProviderError({
      ...{ code: 'rate_limited', provider: 'groq', message: 'slow down', model: 'm', status: 429 },
      ...{ retryAfterMs: 12_000, upstreamRequestId: 'u', cause: new Error('with a header inside') },
    });
    expect(JSON.parse(JSON.stringify(annotate(error, { requestId: 'r', attempts: [attempt] })))).toEqual({
      ...{
        name: 'ProviderError',
        code: 'rate_limited',
        message: 'groq: slow down',
        provider: 'groq',
        model: 'm',
      },
      ...{ status: 429, retryAfterMs: 12_000, upstreamRequestId: 'u', requestId: 'r' },
      ...{ committed: false, attempts: [attempt] },
    });
  });
});

describe('toOpenAI', () => {
  it('is the body an OpenAI client reads', () => {
    expect(broken().toOpenAI()).toEqual({
      error: {
        ...{ message: 'groq: ended early', type: 'server_error' },
        ...{ code: 'upstream_stream_interrupted', param: null },
      },
    });
  });

  it('prefers the finer reason over the code, and tells the field', () => {
    const error = new InvalidRequestError('bad', { reason: 'invalid_value', param: 'messages[3].content' });
    expect(error.toOpenAI().error).toEqual({
      ...{ message: 'bad', type: 'invalid_request_error' },
      ...{ code: 'invalid_value', param: 'messages[3].content' },
    });
    expect(new InvalidRequestError('bad').toOpenAI().error).toMatchObject({ code: null, param: null });
  });
});
