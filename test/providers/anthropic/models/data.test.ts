import { describe, expect, it } from 'vitest';
import { activeModels, retiredModels } from '../../../../src/providers/anthropic/models/data.ts';

/** Sections 4.2 and 4.3 in short: id, class, effort, MS, FT, PF. `?` cells as section 7 assumes them. */
const ACTIVE: readonly (readonly [string, string, string | undefined, string])[] = [
  ['claude-fable-5-2', 'A', undefined, 'MS FT'],
  ['claude-mythos-5-2', 'A', undefined, 'MS FT'],
  ['claude-haiku-5-5', 'C', 'medium', 'MS'],
  ['claude-sonnet-5-5', 'B', 'high', 'MS FT'],
  ['claude-opus-5-5', 'A', 'medium', 'MS FT'],
  ['claude-fable-5-1', 'A', 'high', 'MS FT'],
  ['claude-mythos-5-1', 'A', 'high', 'MS FT'],
  ['claude-opus-5', 'C', 'high', 'MS'],
  ['claude-sonnet-5', 'D', 'high', ''],
  ['claude-fable-5', 'A', 'high', 'MS'],
  ['claude-mythos-5', 'A', 'high', 'MS'],
  ['claude-opus-4-8', 'E', 'high', 'MS'],
  ['claude-opus-4-7', 'E', 'high', ''],
  ['claude-mythos-preview', 'A_preview', 'high', ''],
  ['claude-opus-4-6', 'F', 'high', ''],
  ['claude-sonnet-4-6', 'F', 'high', ''],
  ['claude-opus-4-5-20251101', 'G', 'high', 'PF'],
  ['claude-haiku-4-5-20251001', 'H', undefined, 'PF'],
  ['claude-sonnet-4-5-20250929', 'H', undefined, 'PF'],
];

describe('activeModels', () => {
  it('MOD-1 says of every model what section 4.2 says', () => {
    const table = activeModels.map((model) => {
      const flags = [
        model.midSystem && 'MS',
        model.forcedToolUnsupported && 'FT',
        model.prefill && 'PF',
      ].filter(Boolean);
      return [model.id, model.modelClass, model.defaultEffort, flags.join(' ')];
    });
    expect(table).toEqual(ACTIVE);
  });

  it('gives the 4.5 family 200k and 64k, all later ones 1M and 128k', () => {
    for (const { id, contextWindow, maxOutputTokens } of activeModels) {
      const expected = id.includes('-4-5-') ? [200_000, 64_000] : [1_000_000, 128_000];
      expect([contextWindow, maxOutputTokens], id).toEqual(expected);
    }
  });

  it('REQ-29 knows fast mode on Opus 5 and Opus 4.8 only', () => {
    expect(activeModels.filter((model) => model.fastMode).map(({ id }) => id)).toEqual([
      'claude-opus-5',
      'claude-opus-4-8',
    ]);
  });

  it('TH-14 binds thinking to its history in the 5.5 family and from Fable and Mythos 5.1 on', () => {
    expect(activeModels.filter((model) => model.boundThinking).map(({ id }) => id)).toEqual([
      'claude-fable-5-2',
      'claude-mythos-5-2',
      'claude-haiku-5-5',
      'claude-sonnet-5-5',
      'claude-opus-5-5',
      'claude-fable-5-1',
      'claude-mythos-5-1',
    ]);
  });

  it('RF-3 serves structured outputs on every active model', () => {
    expect(activeModels.every((model) => model.structuredOutputs)).toBe(true);
  });

  it('names a page and a day for every fact', () => {
    for (const model of [...activeModels, ...retiredModels]) {
      // Of 5.2 only the ids are published, in the types of the official client; the rest is assumed.
      const page = /-5-2$/.test(model.id)
        ? 'https://www.npmjs.com/package/@anthropic-ai/'
        : 'https://platform.claude.com/';
      expect(model.source.startsWith(page), model.id).toBe(true);
      if (page.includes('npmjs')) expect(model.assumed).toBe(true);
      expect(model.asOf).toBe('2026-11-22');
    }
  });
});

const RETIRED: readonly (readonly [string, string, string, number, string])[] = [
  ['claude-3-5-sonnet-20241022', '2025-10-28', 'claude-sonnet-4-6', 8192, 'I'],
  ['claude-3-5-haiku-20241022', '2026-02-19', 'claude-haiku-4-5-20251001', 8192, 'I'],
  ['claude-3-opus-20240229', '2026-01-05', 'claude-opus-4-8', 4096, 'I'],
  ['claude-3-sonnet-20240229', '2025-07-21', 'claude-sonnet-4-6', 4096, 'I'],
  ['claude-3-haiku-20240307', '2026-04-20', 'claude-haiku-4-5-20251001', 4096, 'I'],
  ['claude-3-5-sonnet-20240620', '2025-10-28', 'claude-sonnet-4-6', 8192, 'I'],
  ['claude-3-7-sonnet-20250219', '2026-02-19', 'claude-sonnet-4-6', 64_000, 'H'],
  ['claude-sonnet-4-20250514', '2026-06-15', 'claude-sonnet-4-6', 64_000, 'H'],
  ['claude-opus-4-20250514', '2026-06-15', 'claude-opus-4-8', 32_000, 'H'],
  ['claude-opus-4-1-20250805', '2026-08-05', 'claude-opus-4-8', 32_000, 'H'],
  ['claude-2.0', '2025-07-21', 'claude-opus-4-8', 4096, 'I'],
  ['claude-2.1', '2025-07-21', 'claude-opus-4-8', 4096, 'I'],
];

describe('retiredModels', () => {
  it('MOD-4 says of every model what section 4.3 says', () => {
    const table = retiredModels.map(({ id, lifecycle, maxOutputTokens, modelClass }) => [
      id,
      lifecycle.retired,
      lifecycle.successor,
      maxOutputTokens,
      modelClass,
    ]);
    expect(table).toEqual(RETIRED);
    expect(retiredModels.every(({ lifecycle }) => lifecycle.status === 'retired')).toBe(true);
  });

  it('name a successor that is itself served', () => {
    const served = new Set(activeModels.map(({ id }) => id));
    for (const { id, lifecycle } of retiredModels) {
      expect(served, id).toContain(lifecycle.successor);
      if (lifecycle.preferred) expect(served, id).toContain(lifecycle.preferred);
    }
  });
});
