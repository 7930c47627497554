import type { Quirks } from '../../../src/providers/openai-compatible/index.ts';

/** What every host says in one form or another. */
export interface Dialect {
  readonly host: string;
  readonly quirks?: Quirks;
  /** The `data` of its events, as its documentation or its users show them. */
  readonly events: readonly unknown[];
  /** What comes of them. */
  readonly content: string | null;
  readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
  readonly reasoning?: string;
  readonly finish: string;
  readonly tokens: readonly [prompt: number, completion: number];
}

const usage = { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 };
const one = (delta: unknown, finish_reason: unknown = null, more: object = {}) => [
  { index: 0, delta, finish_reason, ...more },
];
const call = (index: unknown, id: unknown, name: unknown, args: unknown) => ({
  ...(index !== undefined && { index }),
  ...(id !== undefined && { id }),
  type: 'function',
  function: { ...(name !== undefined && { name }), arguments: args },
});

export const dialects: readonly Dialect[] = [
  {
    host: 'OpenAI',
    events: [
      {
        id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o',
        object: 'chat.completion.chunk',
        created: 1_796_000_000,
        model: 'gpt-6.1',
        service_tier: 'default',
        system_fingerprint: 'fp_1',
        choices: one({ role: 'assistant', content: null, refusal: null }),
        usage: null,
        obfuscation: 'aaaa',
      },
      {
        id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o',
        choices: one({ tool_calls: [call(0, 'call_1', 'weather', '')] }),
        usage: null,
      },
      {
        id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o',
        choices: one({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Paris"}' } }] }),
        usage: null,
      },
      {
        id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o',
        choices: one({ tool_calls: [call(1, 'call_2', 'time', '')] }),
        usage: null,
      },
      { id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o', choices: one({}, 'tool_calls'), usage: null },
      { id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o', choices: [], usage },
      '[DONE]',
    ],
    content: null,
    calls: [
      { name: 'weather', arguments: '{"city":"Paris"}' },
      { name: 'time', arguments: '{}' },
    ],
    finish: 'tool_calls',
    tokens: [9, 5],
  },
  {
    host: 'Azure OpenAI',
    events: [
      {
        id: '',
        object: '',
        created: 0,
        model: '',
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
        choices: [],
      },
      {
        id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o',
        created: 1_796_000_000,
        model: 'gpt-4.1-2025-04-14',
        choices: [
          {
            index: 0,
            delta: { role: 'assistant', content: '', refusal: null },
            content_filter_results: {},
            finish_reason: null,
            logprobs: null,
          },
        ],
      },
      {
        id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o',
        choices: one({ content: 'Sunny.' }, null, { content_filter_results: { hate: { filtered: false } } }),
      },
      { id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o', choices: one({}, 'stop') },
      { id: 'chatcmpl-BqF0o7Ddl5mJ7jYqgG3o', choices: [], usage },
      '[DONE]',
    ],
    content: 'Sunny.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Groq',
    events: [
      {
        id: 'chatcmpl-6ba7b810-9dad-11d1',
        model: 'llama',
        x_groq: { id: 'req_1' },
        choices: one({ role: 'assistant', content: '' }),
      },
      { id: 'chatcmpl-6ba7b810-9dad-11d1', choices: one({ reasoning: 'Hm.' }) },
      { id: 'chatcmpl-6ba7b810-9dad-11d1', choices: one({ content: 'Sunny.' }) },
      {
        id: 'chatcmpl-6ba7b810-9dad-11d1',
        choices: one({}, 'stop'),
        x_groq: { id: 'req_1', usage: { queue_time: 0.1, ...usage, total_time: 0.2 } },
        service_tier: 'on_demand',
      },
      '[DONE]',
    ],
    content: 'Sunny.',
    reasoning: 'Hm.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Mistral',
    events: [
      {
        id: 'e5cc70bb28c444948073e77776eb30ef',
        model: 'magistral',
        choices: one({ role: 'assistant', content: '' }),
      },
      {
        id: 'e5cc70bb28c444948073e77776eb30ef',
        choices: one({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }),
      },
      {
        id: 'e5cc70bb28c444948073e77776eb30ef',
        choices: one({
          content: [{ type: 'text', text: 'Let me look.' }],
          index: 0,
          tool_call_id: null,
          metadata: null,
        }),
      },
      {
        id: 'e5cc70bb28c444948073e77776eb30ef',
        choices: one(
          {
            content: '',
            tool_calls: [
              { id: 'D681PevKs', function: { name: 'weather', arguments: '{"city":"Paris"}' }, index: 0 },
            ],
          },
          'tool_calls',
        ),
        usage,
      },
      '[DONE]',
    ],
    content: 'Let me look.',
    calls: [{ name: 'weather', arguments: '{"city":"Paris"}' }],
    reasoning: 'Hm.',
    finish: 'tool_calls',
    tokens: [9, 5],
  },
  {
    host: 'DeepSeek',
    events: [
      {
        id: '930c60df-bf64-41c9-a88e',
        choices: one({ role: 'assistant', content: null, reasoning_content: '' }),
      },
      { id: '930c60df-bf64-41c9-a88e', choices: one({ content: null, reasoning_content: 'Hm.' }) },
      { id: '930c60df-bf64-41c9-a88e', choices: one({ content: 'Sunny.', reasoning_content: null }) },
      {
        id: '930c60df-bf64-41c9-a88e',
        choices: one({ content: '' }, 'stop'),
        usage: {
          ...usage,
          prompt_cache_hit_tokens: 4,
          prompt_cache_miss_tokens: 5,
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
      '[DONE]',
    ],
    content: 'Sunny.',
    reasoning: 'Hm.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'xAI',
    events: [
      {
        id: 'a9fbc32e-35a9-4b9b-8a5c',
        choices: one({ role: 'assistant', reasoning_content: 'Hm.' }),
        usage: { prompt_tokens: 9, completion_tokens: 0, total_tokens: 10 },
      },
      {
        id: 'a9fbc32e-35a9-4b9b-8a5c',
        choices: one({ role: 'assistant', content: 'Sunny.' }),
        usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 12 },
      },
      {
        id: 'a9fbc32e-35a9-4b9b-8a5c',
        choices: one({}, 'stop'),
        usage: {
          prompt_tokens: 9,
          completion_tokens: 2,
          total_tokens: 14,
          completion_tokens_details: { reasoning_tokens: 3 },
        },
        citations: ['https://a.example'],
      },
      '[DONE]',
    ],
    content: 'Sunny.',
    reasoning: 'Hm.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Together',
    events: [
      {
        id: 'oFSw3bH-4YNCb4-992f8b9b1c',
        object: 'chat.completion.chunk',
        choices: [
          {
            index: 0,
            text: '',
            logprobs: null,
            finish_reason: null,
            delta: { token_id: 1, role: 'assistant', content: 'Sunny', tool_calls: null },
          },
        ],
        usage: null,
      },
      {
        id: 'oFSw3bH-4YNCb4-992f8b9b1c',
        choices: [
          {
            index: 0,
            text: '.',
            finish_reason: 'eos',
            delta: { token_id: 2, role: 'assistant', content: '.' },
          },
        ],
        usage,
      },
      '[DONE]',
    ],
    content: 'Sunny.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Fireworks',
    events: [
      { id: '1f2b6d4b-6c0e-4d9a-9e8f', choices: one({ role: 'assistant' }) },
      {
        id: '1f2b6d4b-6c0e-4d9a-9e8f',
        choices: one({ tool_calls: [call(0, 'call_abcdef', 'weather', null)] }),
      },
      {
        id: '1f2b6d4b-6c0e-4d9a-9e8f',
        choices: one({ tool_calls: [call(0, undefined, null, '{"city":"Paris"}')] }),
      },
      { id: '1f2b6d4b-6c0e-4d9a-9e8f', choices: one({}, 'tool_calls'), usage },
      '[DONE]',
    ],
    content: null,
    calls: [{ name: 'weather', arguments: '{"city":"Paris"}' }],
    finish: 'tool_calls',
    tokens: [9, 5],
  },
  {
    host: 'OpenRouter',
    events: [
      {
        id: 'gen-1767795039-AbCdEfGhIjKl',
        provider: 'Nebius',
        choices: [
          {
            index: 0,
            delta: {
              role: 'assistant',
              content: '',
              reasoning: 'Hm.',
              reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', index: 0 }],
            },
            finish_reason: null,
            native_finish_reason: null,
          },
        ],
      },
      {
        id: 'gen-1767795039-AbCdEfGhIjKl',
        provider: 'Nebius',
        choices: one({ role: 'assistant', content: 'Sunny.' }),
      },
      {
        id: 'gen-1767795039-AbCdEfGhIjKl',
        provider: 'Nebius',
        choices: one({ role: 'assistant', content: '' }, 'stop', { native_finish_reason: 'end_turn' }),
      },
      {
        id: 'gen-1767795039-AbCdEfGhIjKl',
        provider: 'Nebius',
        choices: one({ role: 'assistant', content: '' }),
        usage: { ...usage, cost: 0.0001, cost_details: { upstream_inference_cost: null } },
      },
      '[DONE]',
    ],
    content: 'Sunny.',
    reasoning: 'Hm.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Perplexity',
    quirks: { thinkTags: true },
    events: [
      {
        id: 'd1ab5a7e-7a59-4ac8-b8a4',
        citations: ['https://a.example'],
        search_results: [{ url: 'https://a.example', title: 'A' }],
        usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 },
        choices: [
          {
            index: 0,
            finish_reason: null,
            message: { role: 'assistant', content: '<think>' },
            delta: { role: 'assistant', content: '<think>' },
          },
        ],
      },
      {
        id: 'd1ab5a7e-7a59-4ac8-b8a4',
        usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
        choices: [
          {
            index: 0,
            finish_reason: null,
            message: { role: 'assistant', content: '<think>\nHm.</think>\n\nSunny' },
            delta: { role: 'assistant', content: '\nHm.</think>\n\nSunny' },
          },
        ],
      },
      {
        id: 'd1ab5a7e-7a59-4ac8-b8a4',
        usage,
        choices: [
          {
            index: 0,
            finish_reason: 'stop',
            message: { role: 'assistant', content: '<think>\nHm.</think>\n\nSunny.' },
            delta: { role: 'assistant', content: '.' },
          },
        ],
      },
    ],
    content: 'Sunny.',
    reasoning: '\nHm.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Cohere',
    events: [
      { id: '8b7c6d5e-4f3a-2b1c-0d9e', choices: one({ role: 'assistant', content: 'Sunny.' }) },
      { id: '8b7c6d5e-4f3a-2b1c-0d9e', choices: one({}, 'COMPLETE'), usage },
      '[DONE]',
    ],
    content: 'Sunny.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Gemini',
    events: [
      {
        id: 'e8Z3aO7kOpqFm9IPgPCJoAY',
        model: 'gemini-3.5-flash',
        choices: one({
          role: 'assistant',
          tool_calls: [
            {
              ...call(0, 'function-call-1', 'weather', '{"city":"Paris"}'),
              extra_content: { google: { thought_signature: 'sig' } },
            },
          ],
        }),
      },
      {
        id: 'e8Z3aO7kOpqFm9IPgPCJoAY',
        choices: one(
          { role: 'assistant', tool_calls: [call(0, 'function-call-2', 'weather', '{"city":"Rome"}')] },
          'stop',
        ),
        usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 14 },
      },
      '[DONE]',
    ],
    content: null,
    calls: [
      { name: 'weather', arguments: '{"city":"Paris"}' },
      { name: 'weather', arguments: '{"city":"Rome"}' },
    ],
    finish: 'tool_calls',
    tokens: [9, 5],
  },
  {
    host: 'Cerebras',
    events: [
      { id: 'chatcmpl-6ba7b810-9dad-11d1', choices: one({ role: 'assistant' }) },
      { id: 'chatcmpl-6ba7b810-9dad-11d1', choices: one({ content: 'Sunny.' }) },
      { id: 'chatcmpl-6ba7b810-9dad-11d1', choices: one({}, 'stop'), usage, time_info: { total_time: 0.1 } },
      '[DONE]',
    ],
    content: 'Sunny.',
    finish: 'stop',
    tokens: [9, 5],
  },
  {
    host: 'Ollama',
    events: [
      {
        id: 'chatcmpl-123',
        model: 'qwen3',
        system_fingerprint: 'fp_ollama',
        choices: one({
          role: 'assistant',
          content: '',
          tool_calls: [call(0, 'call_abc123', 'weather', '{"city":"Paris"}')],
        }),
      },
      {
        id: 'chatcmpl-123',
        choices: one({ role: 'assistant', content: '', tool_calls: [call(0, 'call_def456', 'time', '{}')] }),
      },
      { id: 'chatcmpl-123', choices: one({ role: 'assistant', content: '' }, 'stop') },
      { id: 'chatcmpl-123', choices: [], usage },
      '[DONE]',
    ],
    content: null,
    calls: [
      { name: 'weather', arguments: '{"city":"Paris"}' },
      { name: 'time', arguments: '{}' },
    ],
    finish: 'tool_calls',
    tokens: [9, 5],
  },
  {
    host: 'LM Studio',
    events: [
      {
        id: 'chatcmpl-s2n6rr9vqz8c7x5w',
        choices: one({ role: 'assistant', tool_calls: [call(0, '417328051', 'weather', '')] }),
      },
      {
        id: 'chatcmpl-s2n6rr9vqz8c7x5w',
        choices: one({ tool_calls: [call(0, undefined, undefined, { city: 'Paris' })] }),
      },
      { id: 'chatcmpl-s2n6rr9vqz8c7x5w', choices: one({}, 'tool_calls') },
      { id: 'chatcmpl-s2n6rr9vqz8c7x5w', choices: [], usage },
      '[DONE]',
    ],
    content: null,
    calls: [{ name: 'weather', arguments: '{"city":"Paris"}' }],
    finish: 'tool_calls',
    tokens: [9, 5],
  },
  {
    host: 'vLLM',
    events: [
      {
        id: 'chatcmpl-0e1f2a3b4c5d6e7f',
        choices: one({ role: 'assistant', content: '' }, null, { logprobs: null, token_ids: null }),
      },
      { id: 'chatcmpl-0e1f2a3b4c5d6e7f', choices: one({ reasoning: 'Hm.', reasoning_content: 'Hm.' }) },
      { id: 'chatcmpl-0e1f2a3b4c5d6e7f', choices: one({ content: 'Sunny.' }) },
      { id: 'chatcmpl-0e1f2a3b4c5d6e7f', choices: one({ content: '' }, 'stop', { stop_reason: null }) },
      { id: 'chatcmpl-0e1f2a3b4c5d6e7f', choices: [], usage: { ...usage, prompt_tokens_details: null } },
      '[DONE]',
    ],
    content: 'Sunny.',
    reasoning: 'Hm.',
    finish: 'stop',
    tokens: [9, 5],
  },
];
