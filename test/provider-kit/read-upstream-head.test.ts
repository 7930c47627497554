import { describe, expect, it } from 'vitest';
import { readUpstreamHead } from '../../src/provider-kit/read-upstream-head.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const head = (headers: Record<string, string>) => readUpstreamHead(new Headers(headers), NOW);

describe('RES-17: the head of an answer', () => {
  it('RES-17 HDR-10: tells Anthropic’s id, account and limits', () => {
    expect(
      head({
        'request-id': 'req_011',
        'anthropic-organization-id': 'org-1',
        'anthropic-workspace-id': 'wrkspc_1',
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-input-tokens-remaining': '8000',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-23T12:00:30Z',
      }),
    ).toEqual({
      requestId: 'req_011',
      organizationId: 'org-1',
      workspaceId: 'wrkspc_1',
      rateLimits: {
        requests: { limit: 50, remaining: 49 },
        inputTokens: { remaining: 8_000, resetMs: 30_000 },
      },
    });
  });

  it('HDR-11 HDR-13: tells OpenAI’s in the same words', () => {
    expect(
      head({
        'x-request-id': 'req_7',
        'openai-organization': 'acme-inc',
        'x-ratelimit-remaining-tokens': '159976',
        'x-ratelimit-reset-tokens': '6m0s',
      }),
    ).toEqual({
      requestId: 'req_7',
      organizationId: 'acme-inc',
      rateLimits: { tokens: { remaining: 159_976, resetMs: 360_000 } },
    });
  });

  it.each([
    ['no header', {}],
    ['none of them', { 'content-type': 'application/json', server: 'cloudflare' }],
    ['empty ones', { 'request-id': '', 'anthropic-organization-id': '', 'openai-organization': '' }],
  ])('tells nothing of %s, rather than empty words', (_, headers) => {
    expect(head(headers)).toEqual({});
  });

  it('passes on no key that a host hands back where an id belongs', () => {
    const key = 'canary-key-0123456789';
    const headers = { 'request-id': key, 'anthropic-organization-id': `org-${key}`, 'x-request-id': 'req_1' };
    expect(readUpstreamHead(new Headers(headers), NOW, [key])).toEqual({});
  });

  it('goes by the host’s own clock', () => {
    const headers = {
      date: 'Mon, 23 Nov 2026 13:00:00 GMT',
      'anthropic-ratelimit-requests-reset': '2026-11-23T13:00:05Z',
    };
    expect(head(headers).rateLimits).toEqual({ requests: { resetMs: 5_000 } });
  });
});
