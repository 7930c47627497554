import { describe, expect, it } from 'vitest';
import { classFacts, takesSampling } from '../../../../src/providers/anthropic/models/claude-model.ts';
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

/** The third and last column of section 1.8: what a class takes, by its letter. */
const TAKES: readonly (readonly [keyof typeof classFacts, string, number])[] = [
  ['A', 'adaptive', 5],
  ['A_preview', 'adaptive enabled', 5],
  ['B', 'adaptive between_tools', 5],
  ['C', 'adaptive disabled', 5],
  ['D', 'adaptive disabled', 5],
  ['E', 'adaptive disabled', 5],
  ['F', 'adaptive enabled disabled', 4],
  ['G', 'enabled disabled', 3],
  ['H', 'enabled disabled', 0],
  ['I', '', 0],
];

describe('classFacts', () => {
  it.each(TAKES)('TH-17 class %s thinks by [%s] and knows %i efforts', (modelClass, thinking, efforts) => {
    const facts = classFacts[modelClass];
    expect(facts.thinking.join(' ')).toBe(thinking);
    expect(facts.efforts).toHaveLength(efforts);
  });

  it('has no xhigh before Opus 4.7, and no max in Opus 4.5', () => {
    expect(classFacts.F.efforts).not.toContain('xhigh');
    expect(classFacts.G.efforts).toEqual(['low', 'medium', 'high']);
  });
});
