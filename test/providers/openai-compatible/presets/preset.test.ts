import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/errors/index.ts';
import type { PresetName } from '../../../../src/providers/openai-compatible/index.ts';
import { groqModels } from '../../../../src/providers/openai-compatible/models/data/groq.ts';
import { isPresetName, preset } from '../../../../src/providers/openai-compatible/presets/preset.ts';

describe('preset', () => {
  it('is what is known of a host', () => {
    expect(preset('groq', { apiKey: 'k' })).toEqual({
      name: 'groq',
      apiKey: 'k',
      baseURL: 'https://api.groq.com/openai/v1',
      defaultModel: 'openai/gpt-oss-120b',
      models: groqModels,
      quirks: {
        noMessageNames: true,
        stopLimit: 4,
        unsupportedParams: ['logit_bias', 'logprobs', 'top_logprobs'],
      },
    });
  });

  it('is overridden by what is said, quirk by quirk', () => {
    const own = { name: 'groq-eu', baseURL: 'https://eu.example/v1', defaultModel: 'm', headers: { a: 'b' } };
    expect(preset('groq', { ...own, quirks: { stopLimit: 8, thinkTags: true } })).toEqual({
      ...own,
      models: groqModels,
      quirks: {
        noMessageNames: true,
        stopLimit: 8,
        thinkTags: true,
        unsupportedParams: ['logit_bias', 'logprobs', 'top_logprobs'],
      },
    });
  });

  it('needs no key for a local server, and completes its address', () => {
    expect(preset('ollama')).toMatchObject({ keyless: true, baseURL: 'http://localhost:11434/v1' });
    expect(preset('ollama', { baseURL: 'gpu.local' })).toMatchObject({
      baseURL: 'http://gpu.local:11434/v1',
    });
    expect(preset('lmstudio', { baseURL: '127.0.0.1' }).baseURL).toBe('http://127.0.0.1:1234/v1');
    expect(preset('vllm', { baseURL: 'https://vllm.example' }).baseURL).toBe('https://vllm.example/v1');
  });

  describe('azure', () => {
    const endpoint = 'https://mine.openai.azure.com/';

    it('sends its key in a header of its own, to the v1 API', () => {
      expect(preset('azure', { apiKey: 'k', baseURL: endpoint })).toMatchObject({
        keyHeader: 'api-key',
        baseURL: 'https://mine.openai.azure.com/openai/v1',
      });
    });

    it('goes to a deployment at a dated version, unless it is told where to go', () => {
      const query = { 'api-version': '2024-10-21' };
      expect(preset('azure', { baseURL: endpoint, query })).toMatchObject({
        baseURL: 'https://mine.openai.azure.com/openai',
        query,
        paths: { chat: '/deployments/{model}/chat/completions' },
      });
      expect(preset('azure', { baseURL: endpoint, query, paths: { chat: '/own' } }).paths).toEqual({
        chat: '/own',
        embeddings: '/deployments/{model}/embeddings',
      });
    });

    it('says whose address it is that is missing', () => {
      const act = () => preset('azure', { apiKey: 'k' });
      expect(act).toThrow(ConfigError);
      expect(act).toThrow(
        'azure: baseURL: is missing; pass it, or set AZURE_OPENAI_ENDPOINT and use `fromEnv`',
      );
    });
  });

  it.each(['grok', 'toString', '__proto__', ''])('does not know %j', (name) => {
    const act = () => preset(name as PresetName);
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(`preset: no host is known as "${name}" (have: openai, azure, groq`);
    expect(isPresetName(name)).toBe(false);
  });
});
