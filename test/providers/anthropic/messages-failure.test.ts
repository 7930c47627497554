import { describe, expect, it } from 'vitest';
import { classifyMessagesFailure } from '../../../src/providers/anthropic/messages-failure.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

const classify = (failure: object, toCallerPath?: (path: string) => string | undefined) =>
  classifyMessagesFailure({ status: 400, message: '', structured: true, ...failure }, NOW, toCallerPath);

describe('classifyMessagesFailure', () => {
  it('says nothing where the general rules know as much', () => {
    expect(classify({ status: 500, message: 'Internal server error' })).toEqual({});
    expect(classify({ message: 'Something is wrong' })).toEqual({});
  });

  it.each([[7], [null], [''], ['Not A Code'], ['x'.repeat(65)], [{}]])(
    'ERR-29: the error code %j is none',
    (error_code) => {
      expect(classify({ details: { error_code } })).toEqual({});
    },
  );

  it.each(['constructor', '__proto__', 'tostring'])(
    'ERR-29: %s is a code like any unknown one',
    (error_code) => {
      expect(classify({ details: { error_code } })).toEqual({ reason: error_code });
    },
  );

  it('ERR-29: an error code goes before what the text suggests', () => {
    const failure = {
      message: 'temperature: Extra inputs are not permitted',
      details: { error_code: 'tool_name_conflict' },
    };
    expect(classify(failure)).toMatchObject({ reason: 'tool_name_conflict', param: 'temperature' });
  });

  it('ERR-5 ERR-6: texts count on a 400 only', () => {
    const message = 'Invalid `signature` in `thinking` block';
    expect(classify({ message }).reason).toBe('invalid_thinking_signature');
    expect(classify({ message, status: 500 }).reason).toBeUndefined();
    expect(classify({ message, status: undefined }).reason).toBeUndefined();
  });

  it.each([
    [400, 'IncompleteSignature', 'authentication'],
    [400, 'RequestExpired', 'authentication'],
    [403, 'InvalidClientTokenId', 'authentication'],
    [403, 'InvalidSignatureException', 'authentication'],
    [403, 'MissingAuthenticationTokenException', 'authentication'],
    [403, 'UnrecognizedClientException', 'authentication'],
    [403, 'ExpiredTokenException', 'authentication'],
    [400, 'NotAuthorized', 'permission'],
    [400, 'ServiceQuotaExceededException', 'rate_limited'],
    [429, 'ModelNotReadyException', 'overloaded'],
    [424, 'ModelErrorException', 'server_error'],
    [400, 'ValidationException', undefined],
    [429, 'ThrottlingException', undefined],
    [400, 'constructor', undefined],
  ])('Bedrock: a %d called %s is %s', (status, code, kind) => {
    expect(classify({ status, code }).code).toBe(kind);
  });

  it.each([
    'The provided model identifier is invalid.',
    'Invocation of model ID anthropic.claude-x with on-demand throughput isn’t supported. Retry your request',
    "Invocation of model ID anthropic.claude-x with on-demand throughput isn't supported.",
  ])('Bedrock: a model it has not is no fault of the request: %s', (message) => {
    expect(classify({ message }).code).toBe('model_not_found');
    expect(classify({ message, status: 500 }).code).toBeUndefined();
  });

  it('ERR-62: asks for the whole path', () => {
    const asked: string[] = [];
    classify({ message: 'messages.12.content.3.tool_result.content.0.source: bad' }, (path) => {
      asked.push(path);
      return undefined;
    });
    expect(asked).toEqual(['messages.12.content.3.tool_result.content.0.source']);
  });

  it('I5: stays fast on hostile texts', () => {
    const started = performance.now();
    for (const piece of ['a.', 'a', 'regain access on ', 'invalid `', 'not supported for ']) {
      classify({ message: piece.repeat(50_000) });
    }
    expect(performance.now() - started).toBeLessThan(250);
  });
});
