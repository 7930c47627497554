import { describe, expect, it } from 'vitest';
import { capPath, effectiveMaxTokens } from '../../../../src/providers/anthropic/encode/output-cap.ts';
import { requireClaudeModel } from '../../../../src/providers/anthropic/models/resolve-claude.ts';
import { contextOf, encode, refusalOf, warningsOf } from './encoding.ts';

describe('max_tokens', () => {
  it('REQ-3 takes max_completion_tokens', () => {
    expect(encode({ max_completion_tokens: 77 }).body.max_tokens).toBe(77);
  });

  it('REQ-3 refuses 0, which would fill the cache and answer nothing', () => {
    expect(refusalOf(() => encode({ max_completion_tokens: 0 }))).toBe('invalid_value max_completion_tokens');
    expect(refusalOf(() => encode({ max_tokens: 0 }))).toBe('invalid_value max_tokens');
    expect(refusalOf(() => encode({ max_tokens: 1.5 }))).toBe('invalid_value max_tokens');
  });

  it('REQ-3 sends 0 for anthropic.prewarm, whatever else is asked', () => {
    expect(encode({ anthropic: { prewarm: true }, max_tokens: 5 }).body.max_tokens).toBe(0);
    expect(encode({ prewarm: true, max_tokens: 5 }).body.max_tokens).toBe(5);
  });

  it('REQ-4 takes max_tokens when it stands alone', () => {
    const encoded = encode({ max_tokens: 66, max_completion_tokens: null });
    expect(encoded.body.max_tokens).toBe(66);
    expect(encoded.warnings).toEqual([]);
  });

  it('REQ-3 REQ-4 prefers max_completion_tokens, and says so where the two differ', () => {
    const encoded = encode({ max_tokens: 66, max_completion_tokens: 77 });
    expect(encoded.body.max_tokens).toBe(77);
    expect(warningsOf(encoded)).toEqual(['unsupported_parameter max_tokens']);
    expect(encode({ max_tokens: 77, max_completion_tokens: 77 }).warnings).toEqual([]);
  });

  it.each([
    ['claude-opus-4-8', 128_000],
    ['claude-haiku-4-5', 64_000],
    ['claude-3-haiku', 4096],
    ['claude-nova', 32_000],
    ['claude-fable-9', 128_000],
  ])('REQ-5 BUG-4 lets %s answer with all of its %d tokens', (model, expected) => {
    expect(encode({}, { model }).body.max_tokens).toBe(expected);
  });

  it('REQ-6 cuts a cap above the model’s, and says so', () => {
    const encoded = encode({ max_tokens: 100_000 }, { model: 'claude-haiku-4-5' });
    expect(encoded.body.max_tokens).toBe(64_000);
    expect(warningsOf(encoded)).toEqual(['clamped max_tokens']);
  });

  it('REQ-6 sends a cap to an unknown model as it is', () => {
    const encoded = encode({ max_tokens: 500_000 }, { model: 'claude-nova' });
    expect(encoded.body.max_tokens).toBe(500_000);
    expect(warningsOf(encoded)).toEqual(['unknown_model model']);
  });
});

describe('effectiveMaxTokens', () => {
  const opus = requireClaudeModel('claude-3-opus', 'anthropic');

  it.each([
    [{}, 4096],
    [{ max_tokens: 10 }, 10],
    [{ max_tokens: 10_000 }, 4096],
    [{ max_tokens: 10, max_completion_tokens: 20 }, 20],
    [{ anthropic: { prewarm: true } }, 0],
  ])('T-6 is what the body will say: %j → %d', (fields, expected) => {
    expect(effectiveMaxTokens(contextOf(fields).request, opus)).toBe(expected);
    expect(encode(fields, { model: 'claude-3-opus' }).body.max_tokens).toBe(expected);
  });
});

describe('capPath', () => {
  it.each([
    [{}, 'max_completion_tokens'],
    [{ max_tokens: 1 }, 'max_tokens'],
    [{ max_tokens: 1, max_completion_tokens: 2 }, 'max_completion_tokens'],
  ])('names the field of %j', (fields, expected) => {
    expect(capPath(contextOf(fields).request)).toBe(expected);
  });
});
