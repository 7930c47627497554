import { describe, expect, it } from 'vitest';
import { isNamed } from '../../../../src/providers/openai-compatible/encode/model-pattern.ts';

describe('a pattern of models', () => {
  it.each([
    ['gpt-5', ['gpt-5*'], true],
    ['gpt-5.5-pro', ['gpt-5*'], true],
    ['gpt-5', ['gpt-5'], true],
    ['gpt-5.5', ['gpt-5'], false],
    ['openai/gpt-5', ['gpt-5*'], false],
    ['gpt-4', ['o3*', 'gpt-4'], true],
    ['anything', ['*'], true],
    ['', ['*'], true],
    ['gpt-5', [], false],
    ['gpt.5', ['gpt-5'], false],
  ])('names or does not name: %s by %j: %s', (model, patterns, named) => {
    expect(isNamed(model, patterns)).toBe(named);
  });
});
