import { sha256Hex } from '../../../../src/providers/anthropic/encode/node-digest.ts';
import { call, text } from './encoding.ts';
import { goldens } from './golden.ts';

const hi = [{ role: 'user', content: 'Hi' }];
const said = [{ role: 'user', content: [text('Hi')] }];
const EPHEMERAL = { type: 'ephemeral' };
const HOUR = { type: 'ephemeral', ttl: '1h' };

goldens('requests as clients send them', [
  {
    name: 'REQ-7 REQ-8 LlamaIndex always sends sampling parameters',
    setting: { model: 'claude-opus-4-8' },
    request: { model: 'm', messages: hi, temperature: 0.1, top_p: 1, stream: false, n: 1, max_tokens: 512 },
    body: { model: 'claude-opus-4-8', max_tokens: 512, messages: said },
    warnings: ['unsupported_parameter temperature'],
  },
  {
    name: 'T-3 a client of the old API version keeps them on old models',
    setting: { model: 'claude-3-haiku', apiVersion: '2023-06-01' },
    request: { messages: hi, temperature: 0.1, top_k: 5, max_tokens: 512, stop: '\n\nHuman:' },
    body: {
      model: 'claude-3-haiku-20240307',
      max_tokens: 512,
      messages: said,
      stop_sequences: ['\n\nHuman:'],
      temperature: 0.1,
      top_k: 5,
    },
    warnings: ['model_retired model'],
  },
  {
    name: 'REQ-20 REQ-22 REQ-24 REQ-25 REQ-28 REQ-34 an OpenAI client that sets everything',
    request: {
      model: 'm',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: 'Hi', name: 'ann' },
      ],
      frequency_penalty: 0.5,
      presence_penalty: 0,
      logit_bias: { 5: 1 },
      logprobs: true,
      top_logprobs: 2,
      max_completion_tokens: 100,
      metadata: { team: 'a', user_id: 'u1' },
      modalities: ['text'],
      parallel_tool_calls: true,
      prediction: null,
      prompt_cache_key: 'k',
      safety_identifier: 's1',
      seed: 7,
      service_tier: 'priority',
      store: true,
      stream: true,
      stream_options: { include_usage: true },
      user: 'u0',
      verbosity: 'low',
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      system: [text('Be brief.')],
      messages: said,
      service_tier: 'auto',
      metadata: { user_id: 'u1' },
    },
    warnings: [
      'unsupported_parameter frequency_penalty',
      'unsupported_parameter logit_bias',
      'unsupported_parameter logprobs',
      'unsupported_parameter top_logprobs',
      'unsupported_parameter seed',
      'unsupported_parameter store',
      'unsupported_parameter verbosity',
      'name_dropped messages[1].name',
    ],
  },
  {
    name: '1.10 CA-1 LiteLLM’s spellings: cache marks, thinking, fields of earlier answers',
    setting: { model: 'claude-sonnet-4-5' },
    request: {
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Long.', cache_control: HOUR }] },
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: 'Look:',
          reasoning_content: 'hm',
          thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 'sig' }],
          tool_calls: [call('toolu_1', 'find', '{"q":"x"}')],
        },
        { role: 'tool', tool_call_id: 'toolu_1', content: 'y', cache_control: EPHEMERAL },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'find', parameters: { type: 'object', properties: { q: { type: 'string' } } } },
          cache_control: HOUR,
        },
      ],
      thinking: { type: 'enabled', budget_tokens: 2048 },
      max_tokens: 4096,
      drop_params: true,
    },
    body: {
      model: 'claude-sonnet-4-5-20250929',
      max_tokens: 4096,
      system: [{ ...text('Long.'), cache_control: HOUR }],
      messages: [
        { role: 'user', content: [text('Hi')] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'sig' },
            text('Look:'),
            { type: 'tool_use', id: 'toolu_1', name: 'find', input: { q: 'x' } },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'y', cache_control: EPHEMERAL }],
        },
      ],
      tools: [
        {
          name: 'find',
          input_schema: { type: 'object', properties: { q: { type: 'string' } } },
          cache_control: HOUR,
        },
      ],
      thinking: { type: 'enabled', budget_tokens: 2048 },
    },
    warnings: ['model_deprecated model', 'unknown_parameter drop_params'],
  },
  {
    name: '1.10 OpenRouter’s spellings: reasoning details and the wish to see reasoning',
    setting: { model: 'claude-haiku-5-5' },
    request: {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: 'Hello.',
          reasoning: 'hm',
          reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'sig', index: 0 }],
        },
        { role: 'user', content: 'Bye' },
      ],
      reasoning: { exclude: false },
      include_reasoning: true,
      max_tokens: 100,
    },
    body: {
      model: 'claude-haiku-5-5',
      max_tokens: 100,
      messages: [
        { role: 'user', content: [text('Hi')] },
        {
          role: 'assistant',
          content: [{ type: 'thinking', thinking: 'hm', signature: 'sig' }, text('Hello.')],
        },
        { role: 'user', content: [text('Bye')] },
      ],
      thinking: { type: 'adaptive', display: 'summarized' },
    },
    reading: { exposeReasoning: true },
  },
  {
    name: 'TL-4 TL-H6 names and ids of other hosts',
    request: {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: '', tool_calls: [call('functions.fs.read:0', 'fs.read', '{}')] },
        { role: 'tool', tool_call_id: 'functions.fs.read:0', content: 'x' },
      ],
      tools: [
        { type: 'function', function: { name: 'fs.read', description: '', parameters: null, strict: null } },
      ],
      tool_choice: { type: 'function', function: { name: 'fs.read' } },
      max_tokens: 100,
    },
    body: {
      model: 'claude-opus-4-8',
      max_tokens: 100,
      messages: [
        { role: 'user', content: [text('Hi')] },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool_use',
              id: `tu_${sha256Hex('functions.fs.read:0').slice(0, 40)}`,
              name: `fs_read_${sha256Hex('fs.read').slice(0, 8)}`,
              input: {},
            },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: `tu_${sha256Hex('functions.fs.read:0').slice(0, 40)}`,
              content: 'x',
            },
          ],
        },
      ],
      tools: [
        {
          name: `fs_read_${sha256Hex('fs.read').slice(0, 8)}`,
          input_schema: { type: 'object', properties: {} },
        },
      ],
      tool_choice: { type: 'tool', name: `fs_read_${sha256Hex('fs.read').slice(0, 8)}` },
    },
    warnings: ['tool_name_aliased tools[0].function.name'],
    reading: { toolNames: new Map([[`fs_read_${sha256Hex('fs.read').slice(0, 8)}`, 'fs.read']]) },
  },
]);
