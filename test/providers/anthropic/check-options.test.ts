import { describe, expect, it } from 'vitest';
import type { AnthropicOptions } from '../../../src/providers/anthropic/anthropic-options.ts';
import { checkOptions } from '../../../src/providers/anthropic/check-options.ts';

/** Every option there is, with a value that it takes. */
const every: Required<AnthropicOptions> = {
  acceptNativeParts: true,
  acceptNativeTools: true,
  allowHttp: false,
  apiKey: 'key',
  apiVersion: '2026-10-21',
  autoCache: { ttl: '1h' },
  baseURL: 'https://claude.example',
  client: () => {
    throw new Error('not called');
  },
  connections: 4,
  defaultModel: 'claude-haiku-5-5',
  emulateGrammar: false,
  exposeReasoning: true,
  fetch: globalThis.fetch,
  headers: {},
  modelIds: { 'claude-haiku-4-5': 'claude-haiku-4-5@20251001' },
  name: 'eu',
  prefill: 'convert',
  prefixNames: false,
  requireUserFirst: false,
  thinkingMismatch: 'error',
};

/** All but those that exclude each other. */
const { client, ...all } = every;
const { baseURL: _, allowHttp: __, ...elsewhere } = every;

describe('checkOptions', () => {
  it('takes every option that there is, and a key alone', () => {
    expect(() => checkOptions(all)).not.toThrow();
    expect(() => checkOptions(elsewhere)).not.toThrow();
    expect(() => checkOptions({ client })).not.toThrow();
    expect(() => checkOptions({ apiKey: 'key' })).not.toThrow();
  });

  it.each(['baseUrl', 'base_url', 'api_key', 'timeout', 'maxRetries', 'toString', '__proto__'])(
    'refuses %s, by its name and that of the provider',
    (option) => {
      const options: AnthropicOptions = JSON.parse(`{"apiKey":"key","${option}":1}`);
      expect(() => checkOptions(options)).toThrow(
        expect.objectContaining({
          code: 'config_invalid',
          param: option,
          provider: 'anthropic',
          message: `anthropic: ${option}: no such option`,
        }),
      );
    },
  );

  it.each(['gpt-5', '', 'claude', 'groq/llama-3'])('refuses %j as default model', (defaultModel) => {
    expect(() => checkOptions({ ...all, defaultModel })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        param: 'defaultModel',
        message: `eu: defaultModel: ${JSON.stringify(defaultModel)} is not a Claude model`,
      }),
    );
  });

  it.each(['claude-3-opus', 'claude-sonnet-5.5', 'claude-from-the-future'])(
    'takes any Claude as default model: %s',
    (defaultModel) => {
      expect(() => checkOptions({ ...all, defaultModel })).not.toThrow();
    },
  );

  it.each(['baseURL', 'allowHttp'])('refuses %s beside a client, which goes where it will', (param) => {
    expect(() => checkOptions({ ...elsewhere, [param]: every[param as 'baseURL' | 'allowHttp'] })).toThrow(
      expect.objectContaining({ code: 'config_invalid', param }),
    );
  });

  it.each([
    [{ 'gpt-5': 'x' }, '"gpt-5" is not a Claude model'],
    [{ 'us.anthropic.claude-opus-5': 'claude-opus-5' }, '"us.anthropic.claude-opus-5" is not a Claude model'],
    [{ 'claude-opus-5': '' }, 'claude-opus-5 needs a name'],
  ])('refuses names of models that help nobody: %j', (modelIds, problem) => {
    expect(() => checkOptions({ ...all, modelIds })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        param: 'modelIds',
        message: `eu: modelIds: ${problem}`,
      }),
    );
  });

  it('does not show a key that was put in the place of another option', () => {
    const options = { apiKey: 'key', token: 'canary-token' };
    expect(() => checkOptions(options)).toThrow(expect.not.stringContaining('canary'));
  });
});
