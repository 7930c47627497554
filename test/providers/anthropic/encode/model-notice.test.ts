import { describe, expect, it } from 'vitest';
import { targetModel } from '../../../../src/providers/anthropic/encode/model-notice.ts';
import { requireClaudeModel } from '../../../../src/providers/anthropic/models/resolve-claude.ts';
import { contextOf, encode, refusalOf, warningsOf } from './encoding.ts';

describe('the model of a request', () => {
  it('REQ-2 MOD-1 sends the id behind an alias', () => {
    expect(encode({ model: 'x' }, { model: 'anthropic/claude-opus-4.5' }).body.model).toBe(
      'claude-opus-4-5-20251101',
    );
  });

  it('MOD-1 passes an unknown id with a warning', () => {
    const encoded = encode({}, { model: 'claude-opus-9' });
    expect(encoded.body.model).toBe('claude-opus-9');
    expect(warningsOf(encoded)).toEqual(['unknown_model model']);
  });

  it('MOD-5 sends a deprecated model and names date and successor', () => {
    const encoded = encode({}, { model: 'claude-sonnet-4-5' });
    expect(encoded.body.model).toBe('claude-sonnet-4-5-20250929');
    expect(encoded.warnings).toEqual([
      {
        code: 'model_deprecated',
        param: 'model',
        message:
          'claude-sonnet-4-5-20250929 is deprecated since 2026-09-30 and retires on 2026-11-30; use claude-sonnet-5-5',
      },
    ]);
    expect(encode({}, { model: 'claude-mythos-preview' }).warnings[0]?.message).toBe(
      'claude-mythos-preview is deprecated',
    );
  });

  it('MOD-4 sends a retired model by default, and names date and successor', () => {
    const encoded = encode({}, { model: 'claude-3-5-sonnet' });
    expect(encoded.body.model).toBe('claude-3-5-sonnet-20241022');
    expect(encoded.warnings).toEqual([
      {
        code: 'model_retired',
        param: 'model',
        message:
          'claude-3-5-sonnet-20241022 was retired on 2025-10-28; use claude-sonnet-4-6 or claude-sonnet-5-5',
      },
    ]);
  });

  it('MOD-4 refuses a retired model on request', () => {
    const run = (): unknown => encode({}, { model: 'claude-3-opus', retiredModels: 'reject' });
    expect(refusalOf(run)).toBe('model_not_found model_retired model');
    expect(run).toThrow(
      'anthropic: model: claude-3-opus-20240229 was retired on 2026-01-05; use claude-opus-4-8',
    );
  });

  it('MOD-4 remaps a retired model on request, with the successor’s limits', () => {
    const encoded = encode({ temperature: 0.5 }, { model: 'claude-3-5-sonnet', retiredModels: 'remap' });
    expect(encoded.body).toMatchObject({ model: 'claude-sonnet-4-6', max_tokens: 128_000 });
    expect(warningsOf(encoded)).toEqual(['model_remapped model', 'unsupported_parameter temperature']);
  });

  it('MOD-4 keeps a retired model without a successor', () => {
    const encoded = encode({}, { model: 'claude-instant-1.2', retiredModels: 'remap' });
    expect(encoded.body.model).toBe('claude-instant-1.2');
    expect(warningsOf(encoded)).toEqual(['model_retired model']);
  });

  it.each([
    ['claude-3-opus', 'model_retired model'],
    ['claude-opus-9', 'model_not_found model'],
    ['claude-sonnet-4-5', 'unsupported_parameter model'],
  ])('0.1 refuses %s when strict', (model, expected) => {
    expect(refusalOf(() => encode({}, { model, strict: true }))).toBe(expected);
  });
});

describe('targetModel', () => {
  it('leaves models that are served alone', () => {
    const model = requireClaudeModel('claude-sonnet-4-5', 'anthropic');
    expect(targetModel(model, { ...contextOf().options, retiredModels: 'remap' })).toBe(model);
  });
});
