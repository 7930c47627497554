import { describe, expect, it } from 'vitest';
import { openaiCompatible } from '../../../../src/providers/openai-compatible/index.ts';
import { presets } from '../../../../src/providers/openai-compatible/presets/data.ts';
import { preset, presetNames } from '../../../../src/providers/openai-compatible/presets/preset.ts';
import { encode } from '../chat.ts';

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

describe('Gemini’s signature of a thought, on calls in a history', () => {
  const call = { id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '{}' } };
  const { quirks = {} } = preset('gemini', { apiKey: 'k' });

  /** The calls of an assistant's turn as they go out to a model. */
  const sent = (model: string, fields: object = {}): unknown => {
    const message = { role: 'assistant' as const, content: null, tool_calls: [call], ...fields };
    const { body } = encode({ messages: [message] }, quirks, { provider: 'gemini', model });
    const [turn] = body['messages'] as readonly Readonly<Record<string, unknown>>[];
    return turn?.['tool_calls'];
  };
  const signed = (thought_signature: string) => [
    { extra_content: { google: { thought_signature } }, ...call },
  ];

  it.each(['gemini-3.8-flash', 'gemini-3.1-pro-preview', 'gemini-4-argon'])(
    '%s gets the word that stands for it where another host made the call',
    (model) => {
      expect(sent(model)).toEqual(signed('skip_thought_signature_validator'));
    },
  );

  it('is its own where it made the call, and none for a model that wants none', () => {
    const [own] = signed('c2ln');
    const told = { gemini: { tool_calls: { toolu_1: { extra_content: own?.extra_content } } } };
    expect(sent('gemini-3.8-flash', { provider_specific_fields: told })).toEqual(signed('c2ln'));
    expect(sent('gemini-2.5-pro')).toEqual([call]);
  });
});
