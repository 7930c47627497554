import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/chat/request.ts';
import { ProviderError, type ProviderErrorCode } from '../../src/errors/index.ts';
import {
  firstTokenLimitMs,
  isConstrained,
  isStreamed,
  mayDoBetter,
  reasons,
} from '../../src/pool/attempt-needs.ts';
import type { ModelSpec } from '../../src/provider-kit/model-spec.ts';
import { ask, requestContext, silent, targetOf } from '../contexts.ts';

const asking = (request: Partial<ChatRequest>, facts: Parameters<typeof requestContext>[0] = {}) =>
  requestContext({ request: { ...ask(), ...request }, ...facts });

describe('another target may do better', () => {
  const windowed = (contextWindow: number | undefined) =>
    targetOf(silent, {
      spec: contextWindow === undefined ? undefined : ({ id: 'm', contextWindow } satisfies ModelSpec),
    });
  const error = (code: ProviderErrorCode) => new ProviderError({ provider: 'a', code, message: 'no' });

  it.each<[number | undefined, number | undefined, boolean]>([
    [8_000, 100_000, true],
    [8_000, 8_000, false],
    [100_000, 8_000, false],
    [undefined, 8_000, true],
    [8_000, undefined, true],
  ])('after an overflow of %s at one of %s: %s', (had, has, expected) => {
    expect(mayDoBetter(windowed(had), windowed(has), error('context_overflow'))).toBe(expected);
  });

  it('after any other failure, whatever its window', () => {
    expect(mayDoBetter(windowed(100_000), windowed(8_000), error('server_error'))).toBe(true);
  });
});

describe('an attempt is streamed', () => {
  const whole = targetOf({ ...silent, answersWhole: () => true });

  it.each([
    ['when the caller wants a stream', asking({ stream: true }), whole, true],
    ['where nobody answers as a whole', asking({ stream: false }), targetOf(silent), true],
    ['not where the whole answer is best waited for', asking({ stream: false }), whole, false],
    ['not for a count', asking({ stream: true }, { operation: { kind: 'count_tokens' } }), whole, false],
  ])('%s', (_, request, target, expected) => {
    expect(isStreamed(request, target)).toBe(expected);
  });
});

it('a schema asks for patience (RF-10)', () => {
  const schema = { type: 'json_schema', json_schema: { name: 'x', schema: {} } } as const;
  expect(isConstrained(asking({ response_format: schema }))).toBe(true);
  expect(isConstrained(asking({ response_format: { type: 'json_object' } }))).toBe(false);
  expect(isConstrained(asking({}))).toBe(false);
});

describe('the first content may take', () => {
  const timeouts = { firstTokenMs: 60, reasoningFirstTokenMs: 180 };
  const schema = { type: 'json_schema', json_schema: { name: 'x', schema: {} } } as const;
  const whole = targetOf({ ...silent, answersWhole: () => true });

  it.each([
    ['the usual time', asking({ stream: true, reasoning_effort: 'none' }), targetOf(silent), 60],
    ['longer with reasoning', asking({ stream: true, reasoning_effort: 'high' }), targetOf(silent), 180],
    ['longer by a schema', asking({ stream: true, response_format: schema }), targetOf(silent), 180],
    ['any time on the JSON wire', asking({ stream: false }), whole, Number.POSITIVE_INFINITY],
  ])('%s', (_, request, target, expected) => {
    expect(firstTokenLimitMs(request, target, timeouts)).toBe(expected);
  });
});

describe('reasoning', () => {
  const model = (reasoning?: boolean) =>
    targetOf(silent, {
      spec: { id: 'm', capabilities: reasoning === undefined ? {} : { reasoning } },
    });

  it.each<[string, Partial<ChatRequest>, boolean | undefined, boolean]>([
    ['that is asked for', { reasoning_effort: 'low' }, false, true],
    ['of a model known for it', {}, true, true],
    ['of one known for it, though null is asked for', { reasoning_effort: null }, true, true],
    ['that is asked to be left out', { reasoning_effort: 'none' }, true, false],
    ['that nobody knows of', {}, undefined, false],
  ])('%s', (_, request, known, expected) => {
    expect(reasons(asking(request), model(known))).toBe(expected);
  });
});
