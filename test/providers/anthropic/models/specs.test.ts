import { describe, expect, it } from 'vitest';
import { modelSpecs } from '../../../../src/providers/anthropic/models/specs.ts';

const specOf = (id: string): unknown => modelSpecs().find((spec) => spec.id === id);

describe('modelSpecs', () => {
  it('lists active and retired models, each id once', () => {
    const ids = modelSpecs().map(({ id }) => id);
    expect(ids).toContain('claude-sonnet-5-5');
    expect(ids).toContain('claude-3-haiku-20240307');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells what the router may know', () => {
    expect(specOf('claude-haiku-4-5-20251001')).toEqual({
      id: 'claude-haiku-4-5-20251001',
      aliases: ['claude-haiku-4-5'],
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      capabilities: { tools: true, vision: true, pdf: true, structuredOutput: true, reasoning: true },
      lifecycle: { released: '2025-10-15', notRetiredBefore: '2026-10-15' },
      source: 'https://platform.claude.com/docs/en/about-claude/models/overview',
      asOf: '2026-11-22',
    });
  });

  it('promises a deprecated model until its announced day', () => {
    expect(specOf('claude-sonnet-4-5-20250929')).toMatchObject({
      lifecycle: { deprecated: '2026-09-30', notRetiredBefore: '2026-11-30', successor: 'claude-sonnet-5-5' },
    });
  });

  it('leaves unknown what the table does not say', () => {
    const spec = modelSpecs().find(({ id }) => id === 'claude-3-haiku-20240307');
    expect(spec?.capabilities).toEqual({
      tools: true,
      vision: true,
      structuredOutput: false,
      reasoning: false,
    });
    expect(modelSpecs().find(({ id }) => id === 'claude-2.1')?.capabilities?.vision).toBe(false);
  });
});
