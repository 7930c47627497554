import { describe, expect, it } from 'vitest';
import { checkHostOptions } from '../../../src/providers/openai-compatible/check-host-options.ts';
import type { OpenAICompatibleOptions, Quirks } from '../../../src/providers/openai-compatible/index.ts';
import { thrownBy } from '../anthropic/wire.ts';

const good: OpenAICompatibleOptions = { name: 'acme', baseURL: 'https://acme.example/v1', apiKey: 'k' };
const check = (options: object): void => checkHostOptions({ ...good, ...options });

const everyQuirk: Required<Quirks> = {
  maxTokensField: 'max_tokens',
  usageInStream: 'none',
  developerRole: true,
  reasoningModels: [],
  unsupportedParams: [],
  extensions: [],
  noMessageNames: true,
  stopLimit: 4,
  systemFirst: true,
  mergeSystem: true,
  alternateRoles: true,
  assistantAfterTool: true,
  noForcedToolChoice: true,
  jsonSchema: 'none',
  strictSubset: true,
  noStrictTools: true,
  toolIdFormat: 'any',
  emptyContentForCalls: true,
  toolResultName: true,
  foreignCalls: { models: ['m*'], fields: {} },
  replayReasoning: 'reasoning',
  thinkTags: true,
  otherCatalogue: true,
};

describe('options', () => {
  it('may all be given', () => {
    const all: Required<OpenAICompatibleOptions> = {
      ...good,
      apiKey: ['a', 'b'],
      keyless: true,
      keyHeader: 'api-key',
      query: { 'api-version': '2026-01-01' },
      paths: { chat: '/c', models: '/m', embeddings: '/e' },
      quirks: everyQuirk,
      defaultModel: 'm',
      models: [],
      headers: {},
      fetch,
      allowHttp: false,
      connections: 1,
    };
    expect(() => checkHostOptions(all)).not.toThrow();
    expect(() => checkHostOptions(good)).not.toThrow();
  });

  it.each([
    ['a name', { name: '' }, 'name', 'openaiCompatible: name: is missing'],
    ['a name', { name: undefined }, 'name', 'openaiCompatible: name: is missing'],
    ['a base URL', { baseURL: '' }, 'baseURL', 'acme: baseURL: is missing'],
    ['a base URL', { baseURL: undefined }, 'baseURL', 'acme: baseURL: is missing'],
  ])('are refused without %s', (_, options, param, message) => {
    expect(thrownBy(() => check(options))).toMatchObject({ code: 'config_invalid', param, message });
  });

  it.each([
    ['baseUrl', { baseUrl: 'https://x.example' }],
    ['paths.chats', { paths: { chats: '/x' } }],
    ['quirks.maxTokenField', { quirks: { maxTokenField: 'max_tokens' } }],
    ['quirks.constructor', { quirks: { constructor: 1 } }],
  ])('are refused when they do not exist: %s', (param, options) => {
    expect(thrownBy(() => check(options))).toMatchObject({
      code: 'config_invalid',
      param,
      provider: 'acme',
      message: `acme: ${param}: no such option`,
    });
  });
});
