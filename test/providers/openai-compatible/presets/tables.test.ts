import { ProviderPool } from 'runestone';
import { openai, openaiCompatible, preset, presetNames } from 'runestone/providers/openai-compatible';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../../src/providers/openai-compatible/presets/data.ts';
import { tables } from '../../../../src/providers/openai-compatible/presets/tables.ts';

describe('the tables of models', () => {
  it.each(Object.keys(tables) as (keyof typeof tables)[])('%s: each stands in that of its host', (name) => {
    expect(tables[name]?.length).toBeGreaterThan(0);
    expect(preset(name, { apiKey: 'k' }).models).toBe(tables[name]);
  });

  it('the default of a host that has one is in it, and takes tools as far as is known', () => {
    for (const name of presetNames) {
      const { defaultModel } = presets[name];
      const spec = tables[name]?.find(
        ({ id, aliases }) => id === defaultModel || aliases?.includes(defaultModel ?? ''),
      );
      if (name === 'openai') expect(spec?.capabilities).toMatchObject({ tools: true });
      if (spec?.lifecycle?.status !== 'retired') expect(spec?.capabilities?.tools).not.toBe(false);
    }
  });

  it('give bare names a route, and are listed', async () => {
    await using pool = new ProviderPool({
      providers: [openai({ apiKey: 'k' }), openaiCompatible(preset('mistral', { apiKey: 'k' }))],
    });
    expect(
      pool.explain({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }] }).candidates,
    ).toMatchObject([{ target: 'openai/gpt-5.5' }]);
    expect(pool.models().data.map(({ id }) => id)).toContain('gpt-5.5');
  });
});
