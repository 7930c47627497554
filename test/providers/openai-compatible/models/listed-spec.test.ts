import { describe, expect, it } from 'vitest';
import { listedSpec } from '../../../../src/providers/openai-compatible/models/listed-spec.ts';

const source = 'GET /models';

describe('a model in a host’s list', () => {
  it.each<[string, object, object]>([
    ['OpenAI, which tells the id alone', { object: 'model', created: 1_796_000_000, owned_by: 'openai' }, {}],
    [
      'Groq',
      { active: true, context_window: 131_072, max_completion_tokens: 65_536 },
      { contextWindow: 131_072, maxOutputTokens: 65_536, source },
    ],
    ['vLLM', { root: 'm', max_model_len: 32_768 }, { contextWindow: 32_768, source }],
    ['Together', { type: 'chat', context_length: 8_192 }, { contextWindow: 8_192, source }],
    [
      'Mistral',
      {
        max_context_length: 262_144,
        capabilities: { completion_chat: true, function_calling: true, vision: false },
      },
      { contextWindow: 262_144, capabilities: { tools: true, vision: false }, source },
    ],
    [
      'OpenRouter',
      {
        context_length: 200_000,
        top_provider: { context_length: 200_000, max_completion_tokens: 64_000, is_moderated: false },
        architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
        supported_parameters: ['max_tokens', 'tools', 'tool_choice', 'reasoning'],
      },
      {
        contextWindow: 200_000,
        maxOutputTokens: 64_000,
        capabilities: { tools: true, structuredOutput: false, reasoning: true, vision: true, pdf: false },
        source,
      },
    ],
  ])('is told by %s', (_, info, facts) => {
    expect(listedSpec({ id: 'org/model-1', ...info }, 'acme')).toEqual({
      id: 'org/model-1',
      provider: 'acme',
      ...facts,
    });
  });

  it('has the id by which it is asked for, which is not the path of Gemini’s own API', () => {
    expect(listedSpec({ id: 'models/gemini-3.8-flash' }, 'gemini')?.id).toBe('gemini-3.8-flash');
    expect(listedSpec({ id: 'accounts/fireworks/models/glm-5p3' }, 'fireworks')?.id).toBe(
      'accounts/fireworks/models/glm-5p3',
    );
  });

  it.each<[string, object]>([
    ['limits that are none', { context_length: 0, max_completion_tokens: null }],
    ['limits in words', { context_length: '131072', max_model_len: 1.5 }],
    ['members of other kinds', { top_provider: 7, architecture: [], supported_parameters: {} }],
    ['capabilities that are not yes or no', { capabilities: { function_calling: 'yes', vision: null } }],
  ])('says nothing by %s', (_, info) => {
    expect(listedSpec({ id: 'm', ...info }, 'acme')).toEqual({ id: 'm', provider: 'acme' });
  });

  it.each([undefined, null, 'm', [], {}, { id: '' }, { id: 7 }])('is none: %j', (info) => {
    expect(listedSpec(info, 'acme')).toBeUndefined();
  });
});
