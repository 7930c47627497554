import { describe, expect, it } from 'vitest';
import { inBandError } from '../../../src/testing/lab/error-words.ts';

describe('an error in the words of a wire', () => {
  it("is Anthropic's envelope", () => {
    expect(inBandError('anthropic', 'overloaded_error', 'Busy')).toEqual({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Busy' },
    });
  });

  it.each([
    ['overloaded_error', 'server_error', 'service_unavailable'],
    ['rate_limit_error', 'requests', 'rate_limit_exceeded'],
    ['invalid_request_error', 'invalid_request_error', null],
    ['of_the_future', 'of_the_future', null],
  ])("is OpenAI's, where %s is %s and %s", (word, type, code) => {
    expect(inBandError('openai', word, 'Busy')).toEqual({
      error: { message: 'Busy', type, param: null, code },
    });
  });
});
