import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage, ChatRequest } from '../../../../src/provider-kit/index.ts';
import type { Quirks } from '../../../../src/providers/openai-compatible/index.ts';
import { encode, encodeMessages } from '../chat.ts';

const everything: ChatRequest = {
  model: 'acme/model-1',
  messages: [
    { role: 'developer', content: 'Be kind.' },
    {
      role: 'user',
      name: 'ann',
      content: [
        { type: 'text', text: 'Look.' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: '42' },
  ],
  temperature: 0.5,
  top_p: 0.9,
  seed: 7,
  stop: ['a', 'b'],
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } }],
  tool_choice: 'required',
  parallel_tool_calls: false,
  response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
  reasoning_effort: 'low',
  max_completion_tokens: 100,
  metadata: { a: 'b' },
  user: 'u',
  prompt_cache_key: 'k',
  unknown_field: { deep: [1, { x: null }] },
};

describe('a request', () => {
  it('goes out as the caller wrote it, but for model and stream', () => {
    const { body, warnings } = encode(everything, { developerRole: true });
    expect(body).toEqual({
      ...everything,
      model: 'model-1',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(warnings).toEqual([]);
  });

  it('is never changed, whatever the host wants', () => {
    const copy = structuredClone(everything);
    const frozen = deepFreeze(everything);
    const quirks: Quirks = {
      maxTokensField: 'max_tokens',
      usageInStream: 'none',
      reasoningModels: ['*'],
      unsupportedParams: ['user', 'metadata'],
      noMessageNames: true,
      stopLimit: 1,
      systemFirst: true,
      mergeSystem: true,
      alternateRoles: true,
      assistantAfterTool: true,
      noForcedToolChoice: true,
      jsonSchema: 'none',
      noStrictTools: true,
      toolIdFormat: 'nine_alphanumerics',
      emptyContentForCalls: true,
      toolResultName: true,
      replayReasoning: 'reasoning',
    };
    const { warnings } = encode(frozen, quirks);
    expect(everything).toEqual(copy);
    expect(warnings.map(({ param }) => param)).toEqual([
      'user',
      'metadata',
      'temperature',
      'top_p',
      'stop',
      'tools[0].function.strict',
      'tool_choice',
      'response_format',
      'messages[1].name',
    ]);
  });

  it('shares what needs no change', () => {
    const { body } = encode(everything, { developerRole: true });
    expect((body['messages'] as unknown[])[1]).toBe(everything.messages[1]);
  });

  it('keeps the name of a system message that became a user’s, also behind an instruction', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'a' },
      { role: 'user', content: 'b' },
      { role: 'system', content: 'c' },
    ];
    const quirks: Quirks = { systemFirst: true, jsonSchema: 'none' };
    const plain = encode({ messages }, quirks).warnings;
    const instructed = encode({ messages, response_format: { type: 'json_object' } }, quirks).warnings;
    expect(plain).toMatchObject([{ code: 'system_downgraded', param: 'messages[2]' }]);
    expect(instructed.at(-1)).toMatchObject({ code: 'system_downgraded', param: 'messages[2]' });
  });

  it('puts the instruction for JSON into the one system message there may be', () => {
    const { body } = encode(
      {
        messages: [
          { role: 'system', content: 'a' },
          { role: 'user', content: 'b' },
        ],
        response_format: { type: 'json_object' },
      },
      { jsonSchema: 'none', mergeSystem: true },
    );
    expect(body['messages']).toMatchObject([
      { role: 'system', content: expect.stringMatching(/^a\n\nAnswer with JSON/) },
      { role: 'user', content: 'b' },
    ]);
  });

  it('V13: keeps keys of a prototype as data', () => {
    const request = JSON.parse('{"__proto__":{"polluted":true}}');
    const { body } = encode(request);
    expect(Object.keys(body)).toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('T-10: of n+1 turns begins with the request of n turns', () => {
    const text = fc.constantFrom('a', 'b', 'c d');
    const id = fc.constantFrom('call_1', 'toolu_x.y', 'AbC123xyZ');
    const turn = fc.oneof(
      fc.tuple(text, text).map(([q, a]): ChatMessage[] => [
        { role: 'user', content: q },
        { role: 'assistant', content: a, reasoning_content: 'hm' },
      ]),
      fc.tuple(text, id, text).map(([q, call, a]): ChatMessage[] => [
        { role: 'user', content: [{ type: 'text', text: q }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: call, type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: call, content: '42' },
        { role: 'assistant', content: a },
      ]),
    );
    const flag = fc.boolean();
    const quirks = fc.record({
      systemFirst: flag,
      mergeSystem: flag,
      alternateRoles: flag,
      assistantAfterTool: flag,
      emptyContentForCalls: flag,
      toolResultName: flag,
      noMessageNames: flag,
      toolIdFormat: fc.constantFrom('any' as const, 'nine_alphanumerics' as const),
    });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 4 }), turn, quirks, (turns, next, host) => {
        const before: ChatMessage[] = [{ role: 'system', content: 's' }, ...turns.flat()];
        const shorter = encodeMessages(before, host) as unknown[];
        const longer = encodeMessages([...before, ...next], host) as unknown[];
        expect(longer.slice(0, shorter.length)).toEqual(shorter);
      }),
      { numRuns: 200 },
    );
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
