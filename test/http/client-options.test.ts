import { describe, expect, it, vi } from 'vitest';
import { clientOptions } from '../../src/http/client-options.ts';

const fetch = vi.fn(async () => new Response('ok'));

describe('clientOptions', () => {
  it('has the version in the base URL for OpenAI’s clients, and not for Anthropic’s', () => {
    expect(clientOptions(fetch, 'openai')).toEqual({
      apiKey: 'runestone',
      baseURL: 'http://pool.invalid/v1',
      fetch,
      maxRetries: 0,
    });
    expect(clientOptions(fetch, 'anthropic').baseURL).toBe('http://pool.invalid');
  });

  it('hands call options to everything the client asks; what one request says for itself goes first', async () => {
    const { fetch: own } = clientOptions(fetch, 'openai', { tenant: 'acme', priority: 'low' });
    await own('http://a/v1/models');
    await own('http://a/v1/models', { method: 'POST', runestone: { priority: 'high' } } as RequestInit);
    expect(fetch.mock.calls).toEqual([
      ['http://a/v1/models', { runestone: { tenant: 'acme', priority: 'low' } }],
      ['http://a/v1/models', { method: 'POST', runestone: { tenant: 'acme', priority: 'high' } }],
    ]);
  });
});
