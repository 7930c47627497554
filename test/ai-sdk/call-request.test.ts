import { describe, expect, it } from 'vitest';
import { callOf } from '../../src/ai-sdk/call-request.ts';
import type { CallOptionsV4 } from '../../src/ai-sdk/spec.ts';

const prompt = [{ role: 'user' as const, content: [{ type: 'text', text: 'Hi' }] }];
const ask = (options: Omit<CallOptionsV4, 'prompt'> = {}) => callOf('fast', { prompt, ...options });

describe('a call of the AI SDK', () => {
  it('asks for nothing that was not asked for', () => {
    expect(ask()).toEqual({
      request: { model: 'fast', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] },
      options: {},
      warnings: [],
    });
  });

  it('hands on every setting under the name of the OpenAI API', () => {
    const settings = {
      maxOutputTokens: 10,
      temperature: 0.1,
      topP: 0.2,
      topK: 3,
      presencePenalty: 0.4,
      frequencyPenalty: 0.5,
      seed: 6,
      stopSequences: ['x'],
      reasoning: 'high',
    };
    expect(ask(settings).request).toMatchObject({
      max_completion_tokens: 10,
      temperature: 0.1,
      top_p: 0.2,
      top_k: 3,
      presence_penalty: 0.4,
      frequency_penalty: 0.5,
      seed: 6,
      stop: ['x'],
      reasoning_effort: 'high',
    });
  });

  it('leaves the effort to the provider where it is told to', () => {
    expect(ask({ reasoning: 'provider-default' }).request).not.toHaveProperty('reasoning_effort');
  });

  it('hands on tools of the caller, and says that it does not those of a provider', () => {
    const { request, warnings } = ask({
      tools: [
        {
          type: 'function',
          name: 'look',
          description: 'Looks.',
          inputSchema: { type: 'object' },
          strict: true,
        },
        { type: 'provider', name: 'search' },
      ],
      toolChoice: { type: 'tool', toolName: 'look' },
    });
    expect(request.tools).toEqual([
      {
        type: 'function',
        function: { name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: true },
      },
    ]);
    expect(request.tool_choice).toEqual({ type: 'function', function: { name: 'look' } });
    expect(warnings).toMatchObject([{ type: 'other', message: expect.stringContaining('search') }]);
  });

  it.each([
    [{ type: 'text' as const }, undefined],
    [{ type: 'json' as const }, { type: 'json_object' }],
    [
      { type: 'json' as const, schema: { type: 'object' }, name: 'n', description: 'd' },
      {
        type: 'json_schema',
        json_schema: { name: 'n', description: 'd', schema: { type: 'object' }, strict: true },
      },
    ],
  ])('asks for the format %j', (responseFormat, expected) => {
    expect(ask({ responseFormat }).request.response_format).toEqual(expected);
  });

  it('takes fields of the request and options of the call, but no key', () => {
    const abortSignal = new AbortController().signal;
    const { request, options } = ask({
      abortSignal,
      providerOptions: {
        runestone: { service_tier: 'flex', call: { tenant: 'acme', deadlineMs: 5, apiKey: 'sk-stolen' } },
        openai: { user: 'somebody' },
      },
    });
    expect(request).toMatchObject({ service_tier: 'flex' });
    expect(request).not.toHaveProperty('call');
    expect(request).not.toHaveProperty('user');
    expect(options).toEqual({ tenant: 'acme', deadlineMs: 5, signal: abortSignal });
  });
});
