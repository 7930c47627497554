import { describe, expect, it } from 'vitest';
import { takesSampling } from '../../../../src/providers/anthropic/models/claude-model.ts';
import { requireClaudeModel } from '../../../../src/providers/anthropic/models/resolve-claude.ts';

describe('takesSampling', () => {
  it.each([
    ['claude-sonnet-4-6', true],
    ['claude-opus-4-5', true],
    ['claude-haiku-4-5', true],
    ['claude-3-haiku', true],
    ['claude-opus-4-7', false],
    ['claude-mythos-preview', false],
    ['claude-sonnet-5', false],
  ])('T-3 %s: %s', (name, expected) => {
    expect(takesSampling(requireClaudeModel(name, 'anthropic'))).toBe(expected);
  });
});
