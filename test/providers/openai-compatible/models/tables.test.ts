import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../../../src/provider-kit/model-spec.ts';
import { cerebrasModels } from '../../../../src/providers/openai-compatible/models/data/cerebras.ts';
import { cohereModels } from '../../../../src/providers/openai-compatible/models/data/cohere.ts';
import { deepseekModels } from '../../../../src/providers/openai-compatible/models/data/deepseek.ts';
import { geminiModels } from '../../../../src/providers/openai-compatible/models/data/gemini.ts';
import { groqModels } from '../../../../src/providers/openai-compatible/models/data/groq.ts';
import { mistralModels } from '../../../../src/providers/openai-compatible/models/data/mistral.ts';
import { openaiModels } from '../../../../src/providers/openai-compatible/models/data/openai.ts';
import { perplexityModels } from '../../../../src/providers/openai-compatible/models/data/perplexity.ts';
import { xaiModels } from '../../../../src/providers/openai-compatible/models/data/xai.ts';
import { presets } from '../../../../src/providers/openai-compatible/presets/data.ts';

const tables: Readonly<Record<string, readonly ModelSpec[]>> = {
  cerebras: cerebrasModels,
  cohere: cohereModels,
  deepseek: deepseekModels,
  gemini: geminiModels,
  groq: groqModels,
  mistral: mistralModels,
  openai: openaiModels,
  perplexity: perplexityModels,
  xai: xaiModels,
};
const all = Object.values(tables).flat();
const facts = (table: readonly ModelSpec[], id: string): ModelSpec | undefined =>
  table.find((spec) => spec.id === id);

describe('the tables of models', () => {
  it('are what the reviewed lists say', () => {
    const tsx = 'node_modules/tsx/dist/cli.mjs';
    const check = () =>
      execFileSync(process.execPath, [tsx, 'scripts/models.ts', '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });

  it('are all of them here, each named for a host that is known', () => {
    const files = readdirSync('src/providers/openai-compatible/models/data');
    expect(files.toSorted()).toEqual(Object.keys(tables).map((name) => `${name}.ts`));
    expect(Object.keys(presets)).toEqual(expect.arrayContaining(Object.keys(tables)));
  });

  it.each(Object.entries(tables))('of %s name their host, a page and a day for every row', (name, table) => {
    for (const { id, provider, source, asOf } of table) {
      expect(provider, id).toBe(name);
      expect(source, id).toMatch(/^https:\/\/[\w.-]+\/\S+$/);
      expect(asOf, id).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  it.each(Object.entries(tables))('of %s know the host’s default model, if they know any', (name, table) => {
    const { defaultModel } = Object.entries(presets).find(([preset]) => preset === name)?.[1] ?? {};
    if (defaultModel !== undefined) expect(table.map(({ id }) => id)).toContain(defaultModel);
  });

  it('hold limits that can be: no answer is longer than the window', () => {
    for (const { id, contextWindow, maxOutputTokens } of all) {
      for (const limit of [contextWindow, maxOutputTokens]) {
        if (limit !== undefined) expect(Number.isInteger(limit) && limit >= 4_000, id).toBe(true);
      }
      if (contextWindow !== undefined) expect(maxOutputTokens ?? 0, id).toBeLessThanOrEqual(contextWindow);
    }
  });

  it('MOD-5 call retired only what ended before the day they were read, and deprecated what has not', () => {
    for (const { id, lifecycle = {}, asOf = '' } of all) {
      const { status, retired, retires, released = '', deprecated } = lifecycle;
      expect(retired !== undefined, id).toBe(status === 'retired');
      if (retired !== undefined) expect(retired <= asOf, id).toBe(true);
      if (retires !== undefined) expect(status, id).toBe('deprecated');
      expect(released <= asOf, id).toBe(true);
      if (deprecated !== undefined) expect(['deprecated', 'retired'], id).toContain(status);
    }
  });

  it('say of a model that does not reason that it knows no efforts', () => {
    for (const { id, capabilities = {} } of all) {
      const { reasoning, efforts = [] } = capabilities;
      if (reasoning === false) expect(efforts, id).toEqual([]);
    }
  });
});

describe('OpenAI’s table', () => {
  /** Models of audio and search, of the Responses API alone, long gone ones, and one of which no page tells. */
  const LEFT_OUT =
    /audio|search|codex|-pro|32k|16k|vision|turbo-preview|0125-preview|-0\d{3}$|turbo-1106$|gpt-5\.1-mini/;

  it('knows every chat model of the official client but those of other uses', () => {
    const types = readFileSync('node_modules/openai7/resources/shared.d.ts', 'utf8');
    const union = /export type ChatModel = ([^;]+);/.exec(types)?.[1] ?? '';
    const published = [...union.matchAll(/'([^']+)'/g)].map(([, id = '']) => id);
    expect(published.length).toBeGreaterThan(50);
    const known = new Set(openaiModels.map(({ id }) => id));
    const missing = published.filter((id) => !known.has(id) && !LEFT_OUT.test(id));
    expect(missing).toEqual([]);
  });

  it('says which models refuse function tools on Chat Completions', () => {
    const without = openaiModels.filter(({ capabilities }) => capabilities?.tools === false);
    expect(without.map(({ id }) => id)).toEqual([
      'gpt-6-astra',
      'gpt-6.1-sol',
      'text-embedding-3-small',
      'text-embedding-3-large',
    ]);
  });

  it('has pinned snapshots as models of their own, with the same facts', () => {
    const { id: _, ...moving } = facts(openaiModels, 'gpt-5') ?? {};
    const { id, ...pinned } = facts(openaiModels, 'gpt-5-2025-08-07') ?? {};
    expect(id).toBe('gpt-5-2025-08-07');
    expect(pinned).toEqual(moving);
    expect(openaiModels.some(({ aliases = [] }) => aliases.length > 0)).toBe(false);
  });
});

describe('rows that were typed in by hand a second time', () => {
  it.each<[string, string, number | undefined, number | undefined, string | undefined]>([
    ['openai', 'gpt-6-luna', 1_050_000, 128_000, undefined],
    ['openai', 'gpt-5-mini', 400_000, 128_000, '2026-12-11'],
    ['openai', 'gpt-4o', 128_000, 16_384, '2027-01-14'],
    ['openai', 'gpt-4.1', 1_047_576, 32_768, '2027-01-14'],
    ['deepseek', 'deepseek-flash', 1_000_000, 384_000, undefined],
    ['xai', 'grok-4.7', 500_000, undefined, undefined],
    ['gemini', 'gemini-3.8-flash', 1_048_576, 65_536, undefined],
    ['gemini', 'gemini-2.5-pro', 1_048_576, 65_536, '2026-12-01'],
    ['groq', 'openai/gpt-oss-120b', 131_072, 65_536, undefined],
    ['mistral', 'mistral-medium-latest', 262_144, undefined, undefined],
    ['cohere', 'command-a-03-2025', 256_000, 8_000, undefined],
  ])('%s/%s', (name, id, contextWindow, maxOutputTokens, retires) => {
    const spec = facts(tables[name] ?? [], id);
    expect([spec?.contextWindow, spec?.maxOutputTokens, spec?.lifecycle?.retires]).toEqual([
      contextWindow,
      maxOutputTokens,
      retires,
    ]);
  });

  it('DeepSeek answers its older names with the new model', () => {
    expect(facts(deepseekModels, 'deepseek-flash')?.aliases).toContain('deepseek-v4-flash');
  });

  it('Perplexity’s end of the Chat Completions API is known', () => {
    expect(perplexityModels.map(({ lifecycle }) => lifecycle?.retired)).toEqual(Array(4).fill('2026-09-27'));
  });
});
