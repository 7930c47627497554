import { describe, expect, it } from 'vitest';
import { encode, type RawRequest, type Setting, warningsOf } from './encoding.ts';

function served(request: RawRequest, setting: Setting = {}): unknown[] {
  const encoded = encode(request, setting);
  const { service_tier, speed } = encoded.body;
  return [service_tier, speed, encoded.betas, warningsOf(encoded)];
}

const FAST_BETA = ['fast-mode-2026-02-01'];

describe('service_tier and speed', () => {
  it.each([
    ['auto', undefined],
    ['default', 'standard_only'],
    ['standard_only', 'standard_only'],
    ['priority', 'auto'],
  ])('REQ-29 sends tier %s as %s', (tier, expected) => {
    expect(served({ service_tier: tier })).toEqual([expected, undefined, [], []]);
  });

  it.each(['flex', 'scale', 'turbo'])('REQ-29 drops tier %s with a warning', (tier) => {
    expect(served({ service_tier: tier })).toEqual([
      undefined,
      undefined,
      [],
      ['unsupported_value service_tier'],
    ]);
  });

  it('REQ-29 makes tier fast a speed where the model has it', () => {
    expect(served({ service_tier: 'fast' })).toEqual([undefined, 'fast', FAST_BETA, []]);
    expect(served({ service_tier: 'fast' }, { model: 'claude-opus-5' })).toEqual([
      undefined,
      'fast',
      FAST_BETA,
      [],
    ]);
    expect(served({ service_tier: 'fast' }, { model: 'claude-opus-4-7' })).toEqual([
      undefined,
      undefined,
      [],
      ['unsupported_value service_tier'],
    ]);
  });

  it('1.10 takes the native speed, which wins', () => {
    expect(served({ speed: 'standard', service_tier: 'fast' })).toEqual([
      undefined,
      'standard',
      FAST_BETA,
      [],
    ]);
    expect(served({ anthropic: { speed: 'fast' } }, { model: 'claude-sonnet-5' })[3]).toEqual([
      'unsupported_value anthropic.speed',
    ]);
    expect(served({ speed: 'standard' }, { model: 'claude-sonnet-5' })).toEqual([
      undefined,
      undefined,
      [],
      [],
    ]);
  });
});
