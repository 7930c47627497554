import { describe, expect, it } from 'vitest';
import { toServiceTier } from '../../src/usage/openai-tier.ts';
import type { PriceModifiers } from '../../src/usage/usage.ts';

describe('RES-13: the tier in OpenAI’s words', () => {
  it.each<[PriceModifiers, string | undefined]>([
    [{ serviceTier: 'standard' }, 'default'],
    [{ serviceTier: 'priority' }, 'priority'],
    [{ serviceTier: 'flex' }, 'flex'],
    [{ serviceTier: 'scale' }, 'scale'],
    [{ serviceTier: 'standard', speed: 'fast' }, 'fast'],
    [{ serviceTier: 'priority', speed: 'standard' }, 'priority'],
    [{ speed: 'fast' }, 'fast'],
    [{ serviceTier: 'fast' }, 'fast'],
    [{ speed: 'standard' }, undefined],
    [{ serviceTier: 'batch' }, undefined],
    [{ serviceTier: 'of tomorrow' }, undefined],
    [{ serviceTier: 'constructor' }, undefined],
    [{ inferenceGeo: 'us' }, undefined],
  ])('RES-13: of %j is %s', (modifiers, tier) => {
    expect(toServiceTier({ inputTokens: 1, modifiers })).toBe(tier);
  });

  it('RES-13: is nothing where nobody says', () => {
    expect(toServiceTier({ inputTokens: 1, outputTokens: 2 })).toBeUndefined();
  });
});
