import { describe, expect, it } from 'vitest';
import { liveSpec } from '../../../../src/providers/anthropic/models/live-spec.ts';

const yes = { supported: true };
const no = { supported: false };

/** A model as the API shows it, every field filled. */
const info = {
  type: 'model',
  id: 'claude-sonnet-4-5-20250929',
  display_name: 'Claude Sonnet 4.5',
  created_at: '2025-09-29T00:00:00Z',
  lifecycle: 'deprecated',
  deprecated_at: '2026-09-30T00:00:00Z',
  retires_at: '2026-11-30T17:00:00+00:00',
  max_input_tokens: 200_000,
  max_tokens: 64_000,
  line: 'sonnet',
  capabilities: {
    batch: yes,
    citations: yes,
    code_execution: no,
    context_management: { supported: false, clear_thinking_20251015: null },
    effort: { supported: true, low: yes, medium: yes, high: yes, xhigh: null, max: no },
    image_input: yes,
    pdf_input: no,
    server_tools: { supported: true, code_execution: yes, web_search: yes },
    structured_outputs: yes,
    thinking: {
      supported: true,
      types: { adaptive: no, between_tools: no, disabled: yes, enabled: yes },
    },
  },
};

describe('liveSpec', () => {
  it('MOD-6 says what the Models API says', () => {
    expect(liveSpec(info)).toEqual({
      id: 'claude-sonnet-4-5-20250929',
      provider: 'anthropic',
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      capabilities: {
        vision: true,
        pdf: false,
        structuredOutput: true,
        reasoning: true,
        thinking: ['enabled', 'disabled'],
        efforts: ['low', 'medium', 'high'],
      },
      lifecycle: {
        status: 'deprecated',
        released: '2025-09-29',
        deprecated: '2026-09-30',
        retires: '2026-11-30',
      },
      source: 'https://api.anthropic.com/v1/models',
    });
  });

  it('MOD-6 says nothing of what the API has no word for: tools, forced tools, prefill, system turns', () => {
    expect(liveSpec(info)?.capabilities).not.toHaveProperty('tools');
  });

  it('MOD-5 takes the scheduled day for the day, once the model is retired', () => {
    expect(liveSpec({ ...info, lifecycle: 'retired' })?.lifecycle).toEqual({
      status: 'retired',
      released: '2025-09-29',
      deprecated: '2026-09-30',
      retired: '2026-11-30',
    });
  });

  it('knows neither thinking nor efforts of a model that has none, though it takes `disabled`', () => {
    const thinking = {
      supported: false,
      types: { adaptive: no, between_tools: no, disabled: yes, enabled: no },
    };
    const capabilities = { ...info.capabilities, thinking, effort: { ...info.capabilities.effort, ...no } };
    expect(liveSpec({ ...info, capabilities })?.capabilities).toMatchObject({
      reasoning: false,
      thinking: [],
      efforts: [],
    });
  });

  it.each([
    ['nulls', { max_input_tokens: null, max_tokens: null, capabilities: null }],
    ['nonsense', { max_input_tokens: '1M', max_tokens: -1, capabilities: [] }],
  ])('leaves out what is %s', (_, facts) => {
    const spec = liveSpec({ id: 'm', lifecycle: 'active', ...facts });
    expect(spec).toEqual({
      id: 'm',
      provider: 'anthropic',
      lifecycle: { status: 'active' },
      source: 'https://api.anthropic.com/v1/models',
    });
  });

  it('leaves out capabilities that are not told', () => {
    expect(
      liveSpec({ id: 'm', capabilities: { effort: null, thinking: { supported: 'yes' } } }),
    ).toMatchObject({
      capabilities: {},
    });
  });

  it.each([
    ['an unknown stage', { lifecycle: 'paused' }, undefined],
    ['an epoch for an unknown release', { created_at: '1970-01-01T00:00:00Z' }, undefined],
    ['a day that is none', { created_at: 'soon' }, undefined],
    ['a day', { created_at: '2026-09-28T12:00:00Z' }, '2026-09-28'],
  ])('reads %s', (_, facts, released) => {
    expect(liveSpec({ id: 'm', lifecycle: 'active', ...facts })?.lifecycle?.released).toBe(released);
  });

  it.each([[null], ['claude'], [[]], [{}], [{ id: 7 }], [{ id: '' }]])('is no model: %j', (value) => {
    expect(liveSpec(value)).toBeUndefined();
  });
});
