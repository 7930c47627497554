import { describe, expect, it } from 'vitest';
import { readPriceLists } from '../../../scripts/prices/price-lists.ts';
import { presetNames } from '../../../src/providers/openai-compatible/index.ts';

describe('readPriceLists', () => {
  const vendors = [...new Set(readPriceLists().map(({ provider }) => provider))];

  it('reads the lists of all vendors, each by a name under which the pool looks it up', () => {
    expect(vendors).toContain('anthropic');
    for (const vendor of vendors) expect(['anthropic', ...presetNames]).toContain(vendor);
  });

  it('prices no host whose prices are its user’s own', () => {
    for (const host of ['azure', 'openrouter', 'ollama', 'lmstudio', 'vllm'])
      expect(vendors).not.toContain(host);
  });
});
