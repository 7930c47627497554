import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/errors/index.ts';
import type { PresetName } from '../../../../src/providers/openai-compatible/index.ts';
import { presets } from '../../../../src/providers/openai-compatible/presets/data.ts';
import { presetNames } from '../../../../src/providers/openai-compatible/presets/preset.ts';
import {
  presetFromEnv,
  presetVariables,
} from '../../../../src/providers/openai-compatible/presets/preset-from-env.ts';

/** Hosts that need a key, and no address. */
const hosted = presetNames.filter((name) => !presets[name].address);
const local: readonly PresetName[] = ['ollama', 'lmstudio', 'vllm'];

describe('presetFromEnv', () => {
  it.each(presetNames)('finds no %s where nothing is set, or only blanks', (name) => {
    const { key, address = 'NONE' } = presets[name].env;
    expect(presetFromEnv(name, {})).toBeUndefined();
    const blanks = Object.fromEntries([...key, address].map((variable) => [variable, ' \n']));
    expect(presetFromEnv(name, blanks)).toBeUndefined();
  });

  it.each(hosted)('finds %s by its key', (name) => {
    for (const variable of presets[name].env.key) {
      expect(presetFromEnv(name, { [variable]: ' sk-test\n' })).toMatchObject({
        name,
        apiKey: 'sk-test',
        baseURL: presets[name].baseURL,
      });
    }
  });

  it('takes the usual variable before others', () => {
    const env = { GOOGLE_API_KEY: 'second', GEMINI_API_KEY: 'first' };
    expect(presetFromEnv('gemini', env)?.apiKey).toBe('first');
  });

  it('looks for the variable that was named instead, and for that alone', () => {
    const changes = { apiKeyEnv: 'MY_KEY' };
    expect(presetFromEnv('groq', { GROQ_API_KEY: 'k' }, changes)).toBeUndefined();
    expect(presetFromEnv('groq', { MY_KEY: 'k' }, changes)).not.toHaveProperty('apiKeyEnv');
    expect(presetFromEnv('groq', { MY_KEY: 'k' }, changes)?.apiKey).toBe('k');
  });

  it('takes over what is said', () => {
    const changes = { defaultModel: 'm', baseURL: 'https://proxy.example/v1', quirks: { stopLimit: 1 } };
    expect(presetFromEnv('groq', { GROQ_API_KEY: 'k' }, changes)).toMatchObject({
      ...changes,
      quirks: { stopLimit: 1, noMessageNames: true },
    });
  });

  describe('openai', () => {
    const key = { OPENAI_API_KEY: 'k' };

    it('goes where OPENAI_BASE_URL says, unless the options say otherwise', () => {
      const env = { ...key, OPENAI_BASE_URL: ' https://proxy.example/v1 ' };
      expect(presetFromEnv('openai', env)?.baseURL).toBe('https://proxy.example/v1');
      expect(presetFromEnv('openai', env, { baseURL: 'https://b.example' })?.baseURL).toBe(
        'https://b.example',
      );
    });

    it.each([
      [{ OPENAI_ORG_ID: 'org-1' }, { 'openai-organization': 'org-1' }],
      [{ OPENAI_ORGANIZATION: 'org-2' }, { 'openai-organization': 'org-2' }],
      [{ OPENAI_ORG_ID: 'org-1', OPENAI_ORGANIZATION: 'org-2' }, { 'openai-organization': 'org-1' }],
      [{ OPENAI_PROJECT_ID: 'proj-1' }, { 'openai-project': 'proj-1' }],
      [
        { OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'proj-1' },
        { 'openai-organization': 'org-1', 'openai-project': 'proj-1' },
      ],
    ])('says on whose behalf: %j', (env, headers) => {
      expect(presetFromEnv('openai', { ...key, ...env })?.headers).toEqual(headers);
    });

    it('says nothing of it otherwise, and lets the options speak', () => {
      expect(presetFromEnv('openai', key)).not.toHaveProperty('headers');
      const changes = { headers: { 'openai-project': 'proj-2', a: 'b' } };
      expect(presetFromEnv('openai', { ...key, OPENAI_PROJECT_ID: 'proj-1' }, changes)?.headers).toEqual({
        'openai-project': 'proj-2',
        a: 'b',
      });
    });
  });

  describe('azure', () => {
    const env = { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://mine.openai.azure.com/' };

    it('goes to the v1 API of its endpoint', () => {
      const options = presetFromEnv('azure', env);
      expect(options).toMatchObject({
        baseURL: 'https://mine.openai.azure.com/openai/v1',
        keyHeader: 'api-key',
      });
      expect(options).not.toHaveProperty('query');
    });

    it('goes to a deployment at the version that is set', () => {
      expect(presetFromEnv('azure', { ...env, OPENAI_API_VERSION: '2024-10-21' })).toMatchObject({
        baseURL: 'https://mine.openai.azure.com/openai',
        query: { 'api-version': '2024-10-21' },
        paths: { chat: '/deployments/{model}/chat/completions' },
      });
    });

    it('says which variable is missing beside a key', () => {
      const act = () => presetFromEnv('azure', { AZURE_OPENAI_API_KEY: 'k' });
      expect(act).toThrow(ConfigError);
      expect(act).toThrow('AZURE_OPENAI_ENDPOINT');
    });

    it('is not there for an endpoint alone', () => {
      expect(
        presetFromEnv('azure', { AZURE_OPENAI_ENDPOINT: 'https://mine.openai.azure.com' }),
      ).toBeUndefined();
    });
  });

  describe.each(local)('%s', (name) => {
    const { key, address = '' } = presets[name].env;

    it('is there when its address is set, with a key or without', () => {
      const env = { [address]: 'http://localhost:9/' };
      expect(presetFromEnv(name, env)).toMatchObject({ keyless: true, baseURL: 'http://localhost:9/v1' });
      expect(presetFromEnv(name, env)).not.toHaveProperty('apiKey');
      expect(presetFromEnv(name, { ...env, [key[0] ?? '']: 'k' })?.apiKey).toBe('k');
    });

    it('is not there for a key alone', () => {
      expect(presetFromEnv(name, { [key[0] ?? '']: 'k' })).toBeUndefined();
    });

    it('is there when the options say where', () => {
      expect(presetFromEnv(name, {}, { baseURL: 'http://localhost:9' })?.baseURL).toBe(
        'http://localhost:9/v1',
      );
    });
  });
});

describe('presetVariables', () => {
  it.each<[PresetName, readonly string[]]>([
    ['groq', ['GROQ_API_KEY']],
    ['gemini', ['GEMINI_API_KEY', 'GOOGLE_API_KEY']],
    ['azure', ['AZURE_OPENAI_API_KEY']],
    ['ollama', ['OLLAMA_HOST']],
  ])('of %s are %j', (name, variables) => {
    expect(presetVariables(name)).toEqual(variables);
  });

  it('are those that were named', () => {
    expect(presetVariables('groq', { apiKeyEnv: 'MY_KEY' })).toEqual(['MY_KEY']);
  });
});
