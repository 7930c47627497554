import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../../../../src/provider-kit/index.ts';
import { only, thrownBy, told } from '../../anthropic/wire.ts';
import { chunk, completion, readWhole, reduce } from '../chat.ts';

const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 };

describe('a whole answer', () => {
  it('tells all of itself', () => {
    const message = {
      role: 'assistant',
      content: 'Hello',
      refusal: null,
      reasoning_content: 'hm',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        { id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
      ],
    };
    const events = readWhole(completion(message, 'tool_calls', { usage, system_fingerprint: 'fp_1' }));
    expect(events[0]).toMatchObject({ type: 'start', id: 'chatcmpl-AbCdEf0123456789', model: 'served-1' });
    expect(told(events)).toMatchObject({
      text: 'Hello',
      reasoning: 'hm',
      calls: [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
      usage: { inputTokens: 10, outputTokens: 4 },
      vendor: { system_fingerprint: 'fp_1' },
      finish: 'tool_calls',
    });
    expect(events.at(-1)?.type).toBe('finish');
  });

  it.each([
    ['content null', { content: null }, { text: '' }],
    [
      'content in parts',
      {
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'a' },
        ],
      },
      { text: 'a', reasoning: 'hm' },
    ],
    ['a refusal', { content: null, refusal: 'No.' }, { refusal: 'No.' }],
    [
      'the deprecated call',
      { content: null, function_call: { name: 'f', arguments: '{}' } },
      { calls: [{ name: 'f', arguments: '{}' }] },
    ],
    [
      'a free-form call',
      { tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls' } }] },
      { custom: [{ index: 0, id: 'a', name: 'sh', input: 'ls' }] },
    ],
    [
      'calls without ids',
      {
        tool_calls: [{ function: { name: 'f', arguments: {} } }, { function: { name: 'f', arguments: {} } }],
      },
      {
        calls: [
          { name: 'f', arguments: '{}' },
          { name: 'f', arguments: '{}' },
        ],
      },
    ],
    [
      'calls under one id',
      {
        tool_calls: [
          { id: 'a', function: { name: 'f', arguments: '{}' } },
          { id: 'a', function: { name: 'f', arguments: '{}' } },
        ],
      },
      { calls: [{ id: 'a' }, { id: expect.stringMatching(/^call_/) }] },
    ],
    ['no calls', { content: 'a', tool_calls: [] }, { text: 'a', calls: [] }],
    ['calls null', { content: 'a', tool_calls: null }, { text: 'a', calls: [] }],
  ])('is read with %s', (_, message, expected) => {
    expect(told(readWhole(completion(message)))).toMatchObject(expected);
  });

  it('is parted at `<think>` tags for a host that has them', () => {
    const events = readWhole(completion({ content: '<think>hm</think>\nYes.' }), { thinkTags: true });
    expect(told(events)).toMatchObject({ reasoning: 'hm', text: 'Yes.' });
  });

  it.each([
    ['FIN-11: without a finish reason', completion({ content: 'a' }, null)],
    ['FIN-11: with an empty one', completion({ content: 'a' }, '')],
    ['a text', 'Hello'],
    ['null', null],
    ['an empty object', {}],
    ['no choices', { ...completion({}), choices: [] }],
    ['choices of another kind', { ...completion({}), choices: 'none' }],
    ['a choice that is none', { ...completion({}), choices: [7] }],
  ])('is refused as no answer: %s', (_, body) => {
    expect(thrownBy(() => readWhole(body))).toMatchObject({
      name: 'ProviderError',
      code: 'bad_response',
      provider: 'acme',
      model: 'model-1',
    });
  });

  it.each([
    ['by its words', { error: { message: 'x', code: 'rate_limit_exceeded' } }, 'rate_limited', undefined],
    ['by its status as a code', { error: { message: 'x', code: 401 } }, 'authentication', undefined],
    [
      'by its message',
      { error: { message: 'API key not valid. Please pass one.', code: 400 } },
      'authentication',
      undefined,
    ],
    ['unknown', { error: { message: 'x' } }, 'bad_response', true],
    ['a text', { error: 'x' }, 'bad_response', true],
    ['a message', { message: 'x' }, 'bad_response', true],
    [
      'Google: in a list',
      [{ error: { code: 429, message: 'x', status: 'RESOURCE_EXHAUSTED' } }],
      'rate_limited',
      undefined,
    ],
  ])('ERR-55: is an error under a 200: %s', (_, body, code, retryable) => {
    const error = thrownBy(() => readWhole(body)) as ProviderError;
    expect(error).toMatchObject({ name: 'ProviderError', code });
    expect(error.retryable).toBe(retryable);
    if (code === 'bad_response') expect(error.reason).toBe('upstream_invalid_response');
  });
});

describe('stream and whole', () => {
  const word = fc.constantFrom('a', 'b ', '\n', '日本', '😀', '{"');
  const args = fc.constantFrom('{}', '{"x":1}', '{"city":"Par\\"is"}');
  const call = fc.record({ id: fc.uuid(), name: fc.constantFrom('f', 'g'), args });
  const answer = fc.record({
    words: fc.array(word, { maxLength: 5 }),
    thoughts: fc.array(word, { maxLength: 3 }),
    called: fc.uniqueArray(call, { maxLength: 3, selector: ({ id }) => id }),
    finish: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', 'eos'),
  });

  it('tell the same answer', () => {
    fc.assert(
      fc.property(answer, ({ words, thoughts, called, finish }) => {
        const whole = readWhole(
          completion(
            {
              content: words.join('') || null,
              reasoning_content: thoughts.join(''),
              tool_calls: called.map(({ id, name, args: text }) => ({
                id,
                type: 'function',
                function: { name, arguments: text },
              })),
            },
            finish,
            { usage, service_tier: 'flex' },
          ),
        );
        const streamed = reduce([
          ...thoughts.map((reasoning_content) => chunk({ reasoning_content })),
          ...words.map((content) => chunk({ content })),
          ...called.flatMap(({ id, name, args: text }, index) => [
            chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
            ...[...text].map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
          ]),
          chunk({}, finish, { service_tier: 'flex' }),
          { ...chunk({}), choices: [], usage },
        ]);
        expect(told(streamed)).toEqual(told(whole));
        expect(only(streamed, 'start')).toEqual(only(whole, 'start'));
      }),
      { numRuns: 200 },
    );
  });
});
