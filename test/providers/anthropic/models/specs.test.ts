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
      provider: 'anthropic',
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      capabilities: {
        tools: true,
        vision: true,
        pdf: true,
        structuredOutput: true,
        reasoning: true,
        thinking: ['enabled', 'disabled'],
        efforts: [],
      },
      lifecycle: { status: 'active', released: '2025-10-15', notRetiredBefore: '2026-10-15' },
      source: 'https://platform.claude.com/docs/en/about-claude/models/overview',
      asOf: '2026-11-22',
    });
  });

  it('MOD-5 keeps the announced day of a deprecated model apart from that of a retired one', () => {
    expect(specOf('claude-sonnet-4-5-20250929')).toMatchObject({
      lifecycle: {
        status: 'deprecated',
        deprecated: '2026-09-30',
        retires: '2026-11-30',
        successor: 'claude-sonnet-5-5',
      },
    });
    expect(specOf('claude-3-haiku-20240307')).toMatchObject({
      lifecycle: { status: 'retired', retired: '2026-04-20' },
    });
  });

  it('TH-17 tells how each model thinks, and which efforts it knows', () => {
    const facts = (id: string) => {
      const { thinking, efforts } = modelSpecs().find((spec) => spec.id === id)?.capabilities ?? {};
      return [thinking, efforts];
    };
    const all = ['low', 'medium', 'high', 'xhigh', 'max'];
    expect(facts('claude-sonnet-5-5')).toEqual([['adaptive', 'between_tools'], all]);
    expect(facts('claude-opus-5-5')).toEqual([['adaptive'], all]);
    expect(facts('claude-haiku-5-5')).toEqual([['adaptive', 'disabled'], all]);
    expect(facts('claude-sonnet-4-6')[1]).toEqual(['low', 'medium', 'high', 'max']);
    expect(facts('claude-opus-4-5-20251101')[1]).toEqual(['low', 'medium', 'high']);
  });

  it('leaves unknown what the table does not say', () => {
    const spec = modelSpecs().find(({ id }) => id === 'claude-3-haiku-20240307');
    expect(spec?.capabilities).toEqual({
      tools: true,
      vision: true,
      structuredOutput: false,
      reasoning: false,
      thinking: [],
      efforts: [],
    });
    expect(modelSpecs().find(({ id }) => id === 'claude-2.1')?.capabilities?.vision).toBe(false);
  });
});
