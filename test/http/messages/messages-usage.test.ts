import { describe, expect, it } from 'vitest';
import { withNulls, withoutNulls } from '../../../src/http/messages/message-form.ts';
import { deltaUsage, messageUsage } from '../../../src/http/messages/messages-usage.ts';
import type { Usage } from '../../../src/usage/usage.ts';

const full: Usage = {
  inputTokens: 10,
  cacheReadTokens: 20,
  cacheWrite5mTokens: 3,
  cacheWrite1hTokens: 4,
  outputTokens: 5,
  reasoningTokens: 2,
  serverTools: { webSearchRequests: 1 },
  modifiers: { serviceTier: 'priority', speed: 'fast', inferenceGeo: 'us' },
};

describe('messageUsage', () => {
  it('USE-1 keeps the disjoint buckets of both sides', () => {
    expect(messageUsage(full, withNulls)).toEqual({
      input_tokens: 10,
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 20,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
      server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
      service_tier: 'priority',
      speed: 'fast',
      inference_geo: 'us',
    });
  });

  it('is 0 only where the wire knows no other word for what is not known', () => {
    expect(messageUsage(undefined, withoutNulls)).toEqual({ input_tokens: 0, output_tokens: 0 });
    expect(messageUsage({}, withNulls)).toMatchObject({
      ...{ input_tokens: 0, output_tokens: 0, cache_read_input_tokens: null, cache_creation: null },
      ...{ output_tokens_details: null, server_tool_use: null, speed: null, inference_geo: null },
    });
  });

  it.each([
    ['standard', 'standard'],
    ['default', 'standard'],
    ['batch', 'batch'],
    ['flex', null],
    [undefined, null],
  ])('RES-13 the tier %s is %s', (serviceTier, expected) => {
    const usage = serviceTier === undefined ? {} : { modifiers: { serviceTier } };
    expect(messageUsage(usage, withNulls)['service_tier']).toBe(expected);
  });
});

describe('deltaUsage', () => {
  it('USE-6 has the totals of the message, without what its start has told', () => {
    expect(deltaUsage(full, withNulls)).toEqual({
      input_tokens: 10,
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 20,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
      server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
    });
    expect(deltaUsage({ cacheWrite1hTokens: 2 }, withoutNulls)).toEqual({
      ...{ input_tokens: 0, cache_creation_input_tokens: 2, output_tokens: 0 },
    });
  });
});
