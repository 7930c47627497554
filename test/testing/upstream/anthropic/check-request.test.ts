import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../../../src/testing/upstream/anthropic/check-request.ts';

const NOW = '2026-10-21';
const good = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };
const check = (more: object, version: string | undefined = NOW) =>
  checkRequest(version, { ...good, ...more });

describe('checkRequest', () => {
  it.each<[string, object]>([
    ['a minimal request', {}],
    [
      'every common field',
      {
        system: 'rules',
        stream: true,
        stop_sequences: ['END', '\nHuman:'],
        metadata: { user_id: 'u' },
        tools: [{ name: 't', input_schema: { type: 'object' } }],
        tool_choice: { type: 'auto' },
        thinking: { type: 'adaptive' },
        output_config: { effort: 'low' },
        cache_control: { type: 'ephemeral' },
        service_tier: 'auto',
        speed: 'standard',
        inference_geo: 'us',
      },
    ],
    ['a cache pre-warm', { max_tokens: 0 }],
    ['a thinking budget that fits', { max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1024 } }],
    ['`cache_control: null`', { cache_control: null }],
  ])('has nothing against %s', (_, more) => {
    expect(check(more)).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['no model', { model: undefined }, /^model: Field required/],
    ['no max_tokens', { max_tokens: undefined }, /^max_tokens: Field required/],
    ['a max_tokens that is none', { max_tokens: 1.5 }, /^max_tokens: /],
    ['a negative max_tokens', { max_tokens: -1 }, /^max_tokens: /],
    ['no messages', { messages: undefined }, /^messages: Field required/],
    ['an unknown field', { n: 1 }, /^n: Extra inputs are not permitted/],
    ['an OpenAI field', { stream_options: {} }, /^stream_options: Extra inputs are not permitted/],
    ['temperature (T-1)', { temperature: 1 }, /^temperature: Extra inputs are not permitted/],
    ['top_p (T-1)', { top_p: 0.9 }, /^top_p: Extra inputs are not permitted/],
    ['top_k (T-1)', { top_k: 5 }, /^top_k: Extra inputs are not permitted/],
    ['a null field (REQ-38)', { system: null }, /^system: Input should not be null/],
    ['an empty stop sequence (REQ-10)', { stop_sequences: ['END', ''] }, /^stop_sequences\.1: /],
    ['a blank stop sequence (REQ-10)', { stop_sequences: ['\n'] }, /^stop_sequences\.0: /],
    ['foreign metadata (REQ-27)', { metadata: { tag: 'a' } }, /^metadata\.tag: Extra inputs/],
    ['a tiny budget (TH-9)', { thinking: { type: 'enabled', budget_tokens: 10 } }, /budget_tokens/],
    [
      'a budget over max_tokens (TH-9)',
      { thinking: { type: 'enabled', budget_tokens: 5000 } },
      /must be greater/,
    ],
    ['a bad tool', { tools: [{ name: 'a b', input_schema: { type: 'object' } }] }, /^tools\.0\.custom\.name/],
    ['a bad message', { messages: [] }, /at least one message/],
  ])('complains about %s', (_, more, expected) => {
    expect(check(more)).toMatch(expected);
  });

  it('wants a version', () => {
    expect(checkRequest(undefined, good)).toMatch(/^anthropic-version/);
  });

  it('wants an object', () => {
    for (const body of [undefined, null, 'text', [], 5]) expect(checkRequest(NOW, body)).toMatch(/JSON/);
  });

  it('still takes sampling parameters under the old version (T-3)', () => {
    expect(check({ temperature: 0.5, top_p: 0.9, top_k: 3 }, '2023-06-01')).toBeUndefined();
    expect(check({ n: 1 }, '2023-06-01')).toMatch(/^n: Extra/);
  });

  it('counts cache breakpoints everywhere, the automatic one included (CA-3)', () => {
    const cache_control = { type: 'ephemeral' };
    const block = { type: 'text', text: 'a', cache_control };
    const four = {
      tools: [{ name: 't', input_schema: { type: 'object' }, cache_control }],
      system: [block],
      messages: [{ role: 'user', content: [block, block] }],
    };
    expect(check(four)).toBeUndefined();
    expect(check({ ...four, cache_control })).toMatch(/maximum of 4 blocks.*Found 5/);
  });
});
