import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/pipeline/middleware.ts';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import { costBound } from '../../src/pool/cost-bound.ts';
import { ask, attemptContext, requestContext } from '../contexts.ts';

/** Prices a prompt by its bound, and an answer at 10 a token, 100 of them unless told otherwise. */
const boundOf = costBound({
  estimate: ({ size, request }: RequestContext) =>
    ({ maxNanoUsd: (size.bound.tokens ?? 0) + (request.max_completion_tokens ?? 100) * 10 }) as never,
});

const request = requestContext({ request: ask('Hello'), size: new PromptSize(ask('Hello')) });
const prompt = request.size.bound.tokens ?? 0;

describe('what an attempt can cost at most', () => {
  it('is what the request is estimated to cost at most at its target', () => {
    expect(boundOf(attemptContext({ request }))).toBe(prompt + 1_000);
  });

  it('takes another length of the answer', () => {
    expect(boundOf(attemptContext({ request }), 7)).toBe(prompt + 70);
    expect(boundOf(attemptContext({ request }), 0)).toBe(prompt);
  });

  it('counts the turn that goes on, which is read again', () => {
    const continues = { role: 'assistant', content: 'x'.repeat(400) };
    expect(boundOf(attemptContext({ request, continues }))).toBeGreaterThan(prompt + 1_000 + 200);
  });

  it('is nothing for a count of tokens', () => {
    expect(
      boundOf(attemptContext({ request: requestContext({ operation: { kind: 'count_tokens' } }) })),
    ).toBe(0);
  });
});
