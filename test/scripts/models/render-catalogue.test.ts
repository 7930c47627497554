import { describe, expect, it } from 'vitest';
import type { ModelRow } from '../../../scripts/models/read-catalogue.ts';
import { renderCatalogue, targetOf } from '../../../scripts/models/render-catalogue.ts';

const source = 'https://example.com/models';
const row = (id: string, status: string): ModelRow => ({ id, lifecycle: { status }, source });

describe('renderCatalogue', () => {
  it('writes a row a line, with the day it was read', () => {
    const text = renderCatalogue({ provider: 'acme', asOf: '2026-11-25', rows: [row("m'1", 'active')] });
    expect(text).toContain("const read = { provider: 'acme', asOf: '2026-11-25' };");
    expect(text).toContain('export const acmeModels: readonly ModelSpec[] = [');
    expect(text).toContain(
      `  { ...read, id: 'm\\'1', lifecycle: { status: 'active' }, source: '${source}' },\n];`,
    );
    expect(text).toContain('scripts/data/models-acme.json');
  });

  it('keeps Claude’s retired models apart, and gives each row aliases', () => {
    const text = renderCatalogue({
      provider: 'anthropic',
      asOf: '2026-11-22',
      rows: [row('new', 'active'), row('old', 'retired'), row('dying', 'deprecated')],
      firstGeneration: { contextWindow: 1, lifecycle: { status: 'retired' }, source },
    });
    const [active = '', retired = ''] = text.split('export const retiredModels');
    expect([...active.matchAll(/id: '(\w+)'/g)].map(([, id]) => id)).toEqual(['new', 'dying']);
    expect([...retired.matchAll(/id: '(\w+)'/g)].map(([, id]) => id)).toEqual(['old']);
    expect(active).toContain("{ asOf, aliases: [], id: 'new'");
    expect(retired).toContain("{ asOf, aliases: [], lifecycle: { status: 'retired' }, source:");
  });
});

describe('targetOf', () => {
  it.each([
    ['anthropic', 'src/providers/anthropic/models/data.ts'],
    ['groq', 'src/providers/openai-compatible/models/data/groq.ts'],
  ])('of %s is %s', (provider, path) => {
    expect(targetOf(provider)).toBe(path);
  });
});
