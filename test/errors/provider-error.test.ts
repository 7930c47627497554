import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';

const of = (provider: string, message: string): string =>
  new ProviderError({ code: 'overloaded', provider, message }).message;

describe('ProviderError', () => {
  it.each([
    ['groq', 'rate limited, retry in 12 s', 'groq: rate limited, retry in 12 s'],
    ['groq', 'groq: rate limited', 'groq: rate limited'],
    ['open', 'openai said no', 'open: openai said no'],
    ['local', 'local port refused', 'local: local port refused'],
  ])('of %s turns “%s” into one sentence that starts with the provider', (provider, message, expected) => {
    expect(of(provider, message)).toBe(expected);
  });

  it('carries code and facts', () => {
    const error = new ProviderError({
      ...{
        code: 'timeout',
        provider: 'groq',
        message: 'silent',
        model: 'm',
        phase: 'idle',
        retryable: false,
      },
    });
    expect(error).toMatchObject({
      ...{
        name: 'ProviderError',
        code: 'timeout',
        provider: 'groq',
        model: 'm',
        phase: 'idle',
        retryable: false,
      },
    });
    expect(Object.keys(error)).not.toContain('message');
  });
});
