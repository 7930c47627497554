import { describe, expect, it } from 'vitest';
import { openaiCompatible } from '../../../../src/providers/openai-compatible/index.ts';
import { presets } from '../../../../src/providers/openai-compatible/presets/data.ts';
import { preset, presetNames } from '../../../../src/providers/openai-compatible/presets/preset.ts';

describe('the list of hosts', () => {
  it('has the sixteen of issue 3, in the order of the documentation', () => {
    expect(presetNames).toEqual([
      'openai',
      'azure',
      'groq',
      'mistral',
      'deepseek',
      'xai',
      'together',
      'fireworks',
      'openrouter',
      'perplexity',
      'cohere',
      'gemini',
      'cerebras',
      'ollama',
      'lmstudio',
      'vllm',
    ]);
  });

  it('names every variable once, so that a key goes to one host', () => {
    const variables = presetNames.flatMap((name) => {
      const { key, address, headers = {}, query = {} } = presets[name].env;
      return [...key, ...(address ? [address] : []), ...Object.values({ ...headers, ...query }).flat()];
    });
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables.every((variable) => /^[A-Z][A-Z0-9_]+$/.test(variable))).toBe(true);
  });
});

describe.each(presetNames)('%s', (name) => {
  const row = presets[name];

  it('is something a provider can be made of', () => {
    const baseURL = row.baseURL || 'https://mine.openai.azure.com';
    const provider = openaiCompatible(preset(name, { apiKey: 'sk-test', baseURL }));
    expect(provider).toMatchObject({ name, keys: [`${name}[0]`] });
    expect(provider.defaultModel).toBe(row.defaultModel);
  });

  it('goes over https, or no further than this machine', () => {
    expect(row.baseURL).toMatch(row.keyless ? /^http:\/\/localhost:\d+\/v1$/ : /^(https:\/\/[^?#]+[^/]|)$/);
  });

  it('has a default model unless its models are its user’s own', () => {
    expect(row.defaultModel === undefined).toBe(row.address !== undefined);
  });

  it('says where that is written, and when it was read', () => {
    expect(row.sources.length).toBeGreaterThan(0);
    expect(row.sources.every((source) => URL.canParse(source) && source.startsWith('https://'))).toBe(true);
    expect(row.checkedOn).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
  });
});
