import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/errors/index.ts';
import { attemptEvent, codeOf } from '../../src/middleware/attempt-event.ts';
import type { Ending } from '../../src/pipeline/observe.ts';
import { attemptContext, requestContext, silent, targetOf } from '../contexts.ts';

describe('attemptEvent', () => {
  it('says which attempt, at which target, of which request, and when', () => {
    const target = targetOf(silent, { model: 'model-7', key: 1, label: 'acme[1]/model-7' });
    const request = requestContext({ requestId: 'req-9' });
    expect(attemptEvent(attemptContext({ request, target, attempt: 3 }), 1_234)).toEqual({
      requestId: 'req-9',
      at: 1_234,
      provider: 'acme',
      model: 'model-7',
      target: 'acme[1]/model-7',
      attempt: 3,
    });
  });

  it('carries nothing of the request but its id', () => {
    const event = attemptEvent(attemptContext(), 0);
    expect(Object.keys(event).sort()).toEqual(['at', 'attempt', 'model', 'provider', 'requestId', 'target']);
  });
});

describe('codeOf', () => {
  it.each([
    ['an error of the house', { outcome: 'error', error: new CancelledError('gone') }, 'cancelled'],
    ['a consumer who left without a word', { outcome: 'cancelled' }, 'cancelled'],
    ['an error of a plug-in', { outcome: 'error', error: new TypeError('mine') }, undefined],
    ['a complete answer', { outcome: 'ok' }, undefined],
  ] satisfies [string, Ending, string | undefined][])('of %s', (_, ending, code) => {
    expect(codeOf(ending)).toBe(code);
  });
});
