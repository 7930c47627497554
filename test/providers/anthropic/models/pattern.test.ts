import { describe, expect, it } from 'vitest';
import { guessClaudeModel } from '../../../../src/providers/anthropic/models/pattern.ts';

describe('guessClaudeModel', () => {
  it.each([
    ['claude-fable-6', 'A', 'MS FT bound', 128_000],
    ['claude-mythos-5-9', 'A', 'MS FT bound', 128_000],
    // A date is no version (MOD-3).
    ['claude-fable-5-20260609', 'A', 'MS FT bound', 128_000],
    ['claude-opus-6', 'A', 'MS FT bound', undefined],
    ['claude-opus-5.6', 'A', 'MS FT bound', undefined],
    ['claude-sonnet-5-7', 'B', 'MS FT bound', undefined],
    ['claude-haiku-6-1', 'C', 'MS bound', undefined],
    ['claude-opus-5-10', 'A', 'MS FT bound', undefined],
    ['claude-opus-5-1', 'E', '', undefined],
    ['claude-opus-4-9', 'E', '', undefined],
    ['claude-haiku-4-7', 'E', '', undefined],
    ['claude-haiku-5', 'E', '', undefined],
    ['claude-opus-6-5', 'A', 'MS FT bound', undefined],
    ['claude-opus-4-10', 'E', '', undefined],
    ['claude-haiku-4-6', 'F', '', undefined],
    ['claude-sonnet-4-3', 'H', 'PF', undefined],
    ['claude-opus-20260724', 'H', 'PF', undefined],
    ['claude-nova', 'H', 'PF', undefined],
  ])('4.4 takes %s for class %s', (name, modelClass, flags, maxOutputTokens) => {
    const model = guessClaudeModel(name);
    const found = [
      model?.midSystem && 'MS',
      model?.forcedToolUnsupported && 'FT',
      model?.prefill && 'PF',
      model?.boundThinking && 'bound',
    ].filter(Boolean);
    expect(model).toMatchObject({ id: name, modelClass, lifecycle: { status: 'unknown' } });
    expect(found.join(' ')).toBe(flags);
    expect(model?.maxOutputTokens).toBe(maxOutputTokens);
  });

  it.each(['claude-opus-20260724', 'claude-opus-5-20260724', 'claude-haiku-4-20261007'])(
    'MOD-3: a date is no version, so that %s is of none that is known',
    (name) => {
      expect(guessClaudeModel(name)).toMatchObject({ modelClass: 'H', lifecycle: { status: 'unknown' } });
    },
  );

  it('takes features for granted whose absence upstream would tell', () => {
    expect(guessClaudeModel('claude-nova')).toMatchObject({
      structuredOutputs: true,
      serverTools: true,
      inferenceGeo: true,
      fastMode: false,
    });
  });

  it('MOD-7 borrows no window from a neighbour', () => {
    expect(guessClaudeModel('claude-opus-5-6')?.contextWindow).toBeUndefined();
  });

  it.each([
    'gpt-5',
    'claude',
    'claude-opus-5[1m]',
    'claude-opus-5:thinking',
    'claude-3-5-sonnet@20240620',
    '',
  ])('REQ-2 does not understand %j', (name) => {
    expect(guessClaudeModel(name)).toBeUndefined();
  });
});
