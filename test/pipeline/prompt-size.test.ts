import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/chat/estimate-tokens.ts';
import { promptBound } from '../../src/chat/prompt-bound.ts';
import { PromptSize } from '../../src/pipeline/prompt-size.ts';
import { ask } from '../contexts.ts';

describe('PromptSize', () => {
  it('is estimated when it is asked for, and known from then on', () => {
    const size = new PromptSize(ask('How long is this?'));
    expect(size.known).toBeUndefined();
    const tokens = estimateTokens(ask('How long is this?'));
    expect(size.tokens).toBe(tokens);
    expect(size.known).toBe(tokens);
  });

  it('has a bound, found once, that says nothing of the estimate', () => {
    const size = new PromptSize(ask('How long is this?'));
    expect(size.bound).toEqual(promptBound(ask('How long is this?')));
    expect(size.bound).toBe(size.bound);
    expect(size.known).toBeUndefined();
  });

  it('of a request for vectors is that of its input', () => {
    const embedding = { model: 'e', input: ['x'.repeat(30), 'x'.repeat(60)] };
    const size = new PromptSize({ messages: [] }, { kind: 'embed', embedding });
    expect([size.tokens, size.bound.tokens]).toEqual([30, 45]);
  });

  it('walks through the request once', () => {
    let looks = 0;
    const request = {
      get messages() {
        looks += 1;
        return ask('Hello').messages;
      },
    };
    const size = new PromptSize(request);
    void size.tokens;
    const before = looks;
    void size.tokens;
    expect(looks).toBe(before);
  });
});
