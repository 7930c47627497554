import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../src/errors/index.ts';
import {
  assistant,
  call,
  calls,
  encode,
  type RawRequest,
  type Setting,
  text,
  tool,
  user,
} from './encoding.ts';

/** Requests that are refused, and the sentence their sender reads. */
const REFUSED: readonly (readonly [sentence: string, request: RawRequest, setting?: Setting])[] = [
  ['n: Claude gives one answer; ask several times', { n: 3 }],
  ['modalities: Claude answers in text only', { modalities: ['audio'] }],
  ['moderation: Claude cannot honour it; remove it', { moderation: {} }],
  ['stop: at most 4 stop sequences', { stop: ['1', '2', '3', '4', '5'] }],
  ['max_tokens: expected a whole number of at least 1', { max_tokens: 0 }],
  ['anthropic: expected an object', { anthropic: [] }],
  ['thinking: expected an object', { thinking: 'hard' }],
  ['inference_geo: models before 4.6 do not take it', { inference_geo: 'eu' }, { model: 'claude-haiku-4-5' }],
  ['messages: expected at least one message', { messages: [] }],
  [
    'messages: expected a user message besides the system prompt',
    { messages: [{ role: 'system', content: 'a' }] },
  ],
  ['messages[0].content: a user message needs visible content', { messages: [user(' ')] }],
  ['messages[1].role: unknown role', { messages: [user('a'), { role: 'judge', content: 'b' }] }],
  [
    'messages[1].tool_calls: every tool call needs a result before the next turn',
    { messages: [user('a'), calls(call('1'))] },
  ],
  [
    'messages[1]: this model cannot continue an assistant message; end with a user message',
    { messages: [user('a'), assistant('b')] },
  ],
  [
    'messages[1]: an assistant message cannot be continued while thinking is on; end with a user message',
    { messages: [user('a'), assistant('b')], reasoning_effort: 'low' },
    { model: 'claude-opus-4-5' },
  ],
  [
    'messages[0].content[0]: a part of this type cannot be sent to Claude in a user message',
    { messages: [user([{ type: 'input_audio', input_audio: { data: 'x', format: 'mp3' } }])] },
  ],
  [
    'messages[1].content[0]: a part of this type cannot be sent to Claude in an assistant message',
    { messages: [user('a'), assistant([{ type: 'image_url' }]), user('b')] },
  ],
  [
    'messages[0].content[0]: a system message holds text only',
    { messages: [{ role: 'system', content: [{ type: 'image_url' }] }, user('a')] },
  ],
  [
    'messages[0].content[0].image_url.url: only https: and data: URLs can be sent',
    { messages: [user([{ type: 'image_url', image_url: { url: 'http://x/y' } }])] },
  ],
  [
    'messages[0].content[0].image_url.url: the data URL cannot be read; expected base64 data',
    { messages: [user([{ type: 'image_url', image_url: { url: 'data:,' } }])] },
  ],
  [
    'messages[0].content[0].image_url.url: Claude reads JPEG, PNG, GIF, WebP and PDF only',
    { messages: [user([{ type: 'image_url', image_url: { url: 'data:image/avif;base64,AAAA' } }])] },
  ],
  [
    'messages[0].content[0].file.file_id: not an Anthropic file id; upload the file to Anthropic first',
    { messages: [user([{ type: 'file', file: { file_id: 'file-1' } }])] },
  ],
  ['functions: send either `functions` or `tools`', { functions: [{ name: 'a' }], tools: [tool('b')] }],
  ['tools[1].function.name: tool names must be unique', { tools: [tool('a'), tool('a')] }],
  ['tools[0].type: neither a function nor a tool Anthropic offers', { tools: [{ type: 'retrieval' }] }],
  [
    'tools[0].function.parameters: the root of a tool schema must be an object',
    { tools: [tool('a', { type: 'string' })] },
  ],
  [
    'tools[0].function.parameters: anyOf at the root cannot be sent; use one object',
    { tools: [tool('a', { anyOf: [{ type: 'null' }] })] },
  ],
  [
    'tools[0].custom.format: a grammar cannot be enforced; use a function tool',
    { tools: [{ type: 'custom', custom: { name: 'a', format: { type: 'grammar' } } }] },
  ],
  ['tool_choice: a tool is demanded, but there are no tools', { tool_choice: 'required' }],
  [
    'tool_choice: no tool of this name is declared',
    { tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'b' } } },
  ],
  [
    'response_format.json_schema.schema: the root of the schema must be an object',
    { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'array' } } } },
  ],
  [
    'response_format.json_schema.schema: the schema describes a map with free keys; not possible with strict',
    {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'n',
          strict: true,
          schema: { type: 'object', additionalProperties: { type: 'null' } },
        },
      },
    },
  ],
  [
    'temperature: not part of the API for this model and version; not sent',
    { temperature: 0 },
    { strict: true },
  ],
  [
    'top_k: expected a whole number of at least 1',
    { top_k: -1 },
    { apiVersion: '2023-06-01', model: 'claude-3-opus', retiredModels: 'warn' },
  ],
];

describe('what a sender reads', () => {
  const cases = REFUSED.map(([sentence, request, setting]) => ({ sentence, request, setting }));

  it.each(cases)('0.3 anthropic: $sentence', ({ sentence, request, setting }) => {
    let caught: unknown;
    try {
      encode(request, setting);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ProviderError);
    const error = caught as ProviderError;
    expect(error.message).toBe(`anthropic: ${sentence}`);
    expect(error.toOpenAI().error).toMatchObject({
      type: 'invalid_request_error',
      param: sentence.slice(0, sentence.indexOf(': ')),
    });
  });

  it('0.3 never quotes what was said', () => {
    const secret = 'my secret prompt';
    const requests: readonly RawRequest[] = [
      { messages: [user([text(secret), { type: secret }])] },
      { messages: [user(secret), assistant(secret)] },
      { messages: [user(secret)], tool_choice: 'required' },
      { messages: [user([{ type: 'image_url', image_url: { url: `http://${secret}` } }])] },
    ];
    for (const request of requests) {
      expect(() => encode(request)).toThrow();
      expect(() => encode(request)).not.toThrow(secret);
    }
  });
});
