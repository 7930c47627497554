import type { PresetName } from 'runestone/providers/openai-compatible';

/** What a recorded answer says, whatever its dialect. */
export interface Said {
  readonly content: string | null;
  readonly finish: 'stop' | 'length' | 'tool_calls' | 'content_filter';
  readonly reasoning?: string;
  readonly refusal?: string;
  /** Name and arguments of each call, in order. */
  readonly calls?: readonly (readonly [name: string, args: string])[];
  /** Ids of the calls, where the host gave ones that can be kept. */
  readonly ids?: readonly string[];
  /** Prompt and completion tokens, as OpenAI would count them; `undefined` where the host says nothing. */
  readonly usage: readonly [prompt: number, completion: number] | undefined;
  readonly cached?: number;
  readonly reasoned?: number;
  /** Stands in the host's own corner of the message. */
  readonly own?: Readonly<Record<string, unknown>>;
}

/** A fixture by its file name, `<host>-<case>`, and what it says. `.json` beside it says the same. */
export type Dialect = readonly [file: string, said: Said];

const weather = (city: string): readonly [string, string] => ['get_weather', `{"city":"${city}"}`];
const oslo = weather('Oslo');
const both = [oslo, weather('Bergen')];

/** Answers that are complete, however oddly they are written. */
export const complete: readonly Dialect[] = [
  ['openai-text', { content: 'Grüße aus Köln 🌧', finish: 'stop', usage: [19, 5], cached: 0, reasoned: 0 }],
  [
    'openai-parallel-tools',
    {
      content: null,
      finish: 'tool_calls',
      calls: [oslo, ['get_time', '{"zone":"Europe/Oslo"}']],
      ids: ['call_Zx4LmQ0tYb7RkPw2', 'call_Hs9VnD3uJc6FgTq8'],
      usage: [82, 51],
      cached: 64,
      reasoned: 16,
    },
  ],
  ['openai-refusal', { content: null, refusal: "I can't help with that.", finish: 'stop', usage: [19, 5] }],
  // Cut arguments stay cut: `{}` or a repair would be an invention (STR-12a, FIN-5).
  [
    'openai-length-in-call',
    { content: null, finish: 'length', calls: [['get_weather', '{"city":"Os']], usage: [19, 5] },
  ],
  ['azure-first-chunk-empty', { content: 'Good morning.', finish: 'stop', usage: [21, 4] }],
  ['azure-async-filter', { content: 'Good morning.', finish: 'stop', usage: [21, 4] }],
  ['azure-filtered', { content: 'First you', finish: 'content_filter', usage: [21, 4] }],
  [
    'groq-usage-in-x-groq',
    {
      content: 'Hello!',
      reasoning: 'They ask for a greeting.',
      finish: 'stop',
      usage: [77, 43],
      reasoned: 29,
    },
  ],
  [
    'groq-one-shot-call',
    { content: null, finish: 'tool_calls', calls: [oslo], ids: ['fc_8a1e7c42-5d0b'], usage: [77, 43] },
  ],
  [
    'mistral-content-parts',
    {
      content: 'The answer is 144.',
      reasoning: '12 times 12 is 144.',
      finish: 'stop',
      usage: [31, 44],
      cached: 16,
    },
  ],
  [
    'mistral-calls-with-finish',
    {
      content: null,
      finish: 'tool_calls',
      calls: [
        ['get_weather', '{"city": "Oslo"}'],
        ['get_weather', '{"city": "Bergen"}'],
      ],
      ids: ['Xk3Lm9QrT', 'Yp7Nw2VsB'],
      usage: [31, 44],
    },
  ],
  [
    'deepseek-reasoning',
    {
      content: '9.8 is larger.',
      reasoning: '9.11 is less than 9.8.',
      finish: 'stop',
      usage: [120, 58],
      cached: 64,
      reasoned: 41,
    },
  ],
  [
    'deepseek-no-arguments',
    { content: null, finish: 'tool_calls', calls: [['list_files', '{}']], usage: [120, 58] },
  ],
  [
    'xai-roles-in-every-chunk',
    {
      content: 'Let me look.',
      reasoning: 'Two cities to ask about.',
      finish: 'tool_calls',
      calls: both,
      ids: ['call_41827663', 'call_41827664'],
      // Reasoning counts beside the completion here, and only the total has both.
      usage: [41, 149],
      cached: 8,
      reasoned: 137,
    },
  ],
  ['together-text-beside-delta', { content: 'One two', finish: 'stop', usage: [12, 3] }],
  ['together-calls', { content: null, finish: 'tool_calls', calls: [oslo], usage: [12, 3] }],
  ['fireworks-content-with-finish', { content: 'All of it at the end.', finish: 'stop', usage: [18, 9] }],
  [
    'fireworks-tool-index-holes',
    {
      content: null,
      finish: 'tool_calls',
      calls: [oslo, ['get_time', '{}']],
      ids: ['call_Kd8sQ1wE3rT5yU7i', 'call_Lf9dW2eR4tY6uI8o'],
      usage: [18, 9],
    },
  ],
  [
    'openrouter-comments',
    {
      content: 'Hello there',
      reasoning: 'A greeting is due.',
      finish: 'stop',
      usage: [30, 22],
      cached: 10,
      reasoned: 14,
      own: { provider: 'Anthropic' },
    },
  ],
  [
    'perplexity-usage-in-every-chunk',
    {
      content: 'Rain in Oslo[1][2].',
      finish: 'stop',
      usage: [14, 8],
      own: { citations: ['https://example.com/oslo', 'https://example.org/weather'] },
    },
  ],
  [
    'perplexity-think-tags',
    { content: 'It will rain[1].', reasoning: '\nLook at the sky.\n', finish: 'stop', usage: [14, 16] },
  ],
  [
    'cohere-call',
    {
      content: 'I will look it up.',
      finish: 'tool_calls',
      calls: [['get_weather', '{"city": "Oslo"}']],
      ids: ['get_weather_k3v9x2b7'],
      usage: [64, 23],
    },
  ],
  [
    'gemini-calls-without-index',
    {
      content: null,
      finish: 'tool_calls',
      calls: both,
      ids: ['call_297140', 'call_297141'],
      usage: [73, 96],
      own: {
        tool_calls: { call_297140: { extra_content: { google: { thought_signature: 'CvcBAVSoXO4r' } } } },
      },
    },
  ],
  ['gemini-calls-without-id', { content: null, finish: 'tool_calls', calls: both, usage: [73, 34] }],
  [
    'gemini-split-arguments',
    {
      content: null,
      finish: 'tool_calls',
      calls: [oslo],
      ids: ['function-call-1'],
      usage: [73, 79],
      own: {
        tool_calls: {
          'function-call-1': { extra_content: { google: { thought_signature: 'CvcBAVSoXO4r' } } },
        },
      },
    },
  ],
  ['gemini-content-with-finish', { content: 'It rains in Oslo.', finish: 'stop', usage: [9, 6] }],
  [
    'cerebras-no-finish-key',
    {
      content: null,
      reasoning: 'The user wants the list.',
      finish: 'tool_calls',
      calls: [['list_files', '{}']],
      ids: ['e0ecf32e0'],
      usage: [433, 122],
      cached: 256,
      reasoned: 108,
    },
  ],
  [
    'ollama-calls',
    {
      content: null,
      reasoning: 'Ask twice.',
      finish: 'tool_calls',
      calls: both,
      ids: ['call_8vzq0x3k', 'call_1mfw7c2d'],
      usage: [158, 61],
    },
  ],
  [
    'ollama-think-tags',
    { content: 'Yes, <think> is text here.', reasoning: '\nShort.', finish: 'stop', usage: undefined },
  ],
  [
    'lmstudio-call',
    {
      content: null,
      reasoning: 'Ask.',
      finish: 'tool_calls',
      calls: [oslo],
      ids: ['538174982'],
      usage: [201, 44],
      reasoned: 7,
    },
  ],
  ['vllm-reasoning', { content: 'Then say.', reasoning: 'Think first.', finish: 'stop', usage: [25, 36] }],
  [
    'vllm-empty-arguments',
    { content: null, finish: 'tool_calls', calls: [['list_files', '{}']], usage: [25, 36] },
  ],
  ['vllm-repeated-ids', { content: null, finish: 'tool_calls', calls: both, usage: [25, 36] }],
  ['vllm-usage-in-every-chunk', { content: 'One two', finish: 'stop', usage: [25, 3] }],
];

/** Answers that break off with an error in their middle or in their place, and the code it comes to. */
export const broken: readonly (readonly [file: string, code: string, partial: string | undefined])[] = [
  ['deepseek-out-of-resources', 'overloaded', undefined],
  ['xai-error', 'overloaded', 'Half an'],
  ['openrouter-error', 'server_error', 'Half an'],
  ['openrouter-error-first', 'rate_limited', undefined],
  ['lmstudio-error', 'server_error', 'Half an'],
  ['vllm-error', 'server_error', undefined],
  ['vllm-abort', 'server_error', 'Half an'],
];

/** Refusals in the host's own words, `<host>-<status>-<case>` in `errors/`, and the code they come to. */
export const refused: readonly (readonly [file: string, code: string])[] = [
  ['azure-400-content-filter', 'content_filtered'],
  ['azure-404-deployment', 'model_not_found'],
  ['cerebras-429-tokens', 'rate_limited'],
  ['cohere-401-key', 'authentication'],
  ['cohere-404-model', 'model_not_found'],
  ['deepseek-400-model', 'model_not_found'],
  ['deepseek-402-balance', 'quota_exhausted'],
  ['fireworks-404-model', 'model_not_found'],
  ['gemini-400-key', 'authentication'],
  ['gemini-400-unknown-name', 'invalid_request'],
  ['gemini-503-overloaded', 'overloaded'],
  ['groq-413-tokens-per-minute', 'rate_limited'],
  ['lmstudio-404-model', 'model_not_found'],
  ['mistral-400-model', 'model_not_found'],
  ['mistral-401-key', 'authentication'],
  ['mistral-422-extra-field', 'invalid_request'],
  ['ollama-404-model', 'model_not_found'],
  ['openai-400-context', 'context_overflow'],
  ['openai-400-parameter', 'invalid_request'],
  ['openai-404-model', 'model_not_found'],
  ['openai-429-quota', 'quota_exhausted'],
  ['openai-429-requests', 'rate_limited'],
  ['openrouter-400-model', 'model_not_found'],
  ['openrouter-402-credits', 'quota_exhausted'],
  ['perplexity-400-roles', 'invalid_request'],
  ['together-503-overloaded', 'overloaded'],
  ['vllm-400-context', 'context_overflow'],
  ['vllm-404-model', 'model_not_found'],
  ['xai-400-key', 'authentication'],
  ['xai-400-parameter', 'invalid_request'],
];

/** The host whose dialect a fixture is. */
export function hostOf(file: string): PresetName {
  return file.slice(0, file.indexOf('-')) as PresetName;
}
