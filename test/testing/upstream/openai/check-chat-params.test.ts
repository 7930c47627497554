import { describe, expect, it } from 'vitest';
import { checkChatParams } from '../../../../src/testing/upstream/openai/check-chat-params.ts';

describe('checkChatParams', () => {
  it.each<[object]>([
    [{}],
    [{ stream: true, stream_options: { include_usage: true, include_obfuscation: false } }],
    [{ stream_options: null, temperature: null, stop: null }],
    [{ temperature: 0, top_p: 1, presence_penalty: -2, frequency_penalty: 2, top_logprobs: 20 }],
    [{ stop: 'one' }],
    [{ stop: ['1', '2', '3', '4'] }],
    [{ model: 'gpt-4o', max_tokens: 5, logprobs: true }],
    [{ model: 'gpt-5-chat-latest', temperature: 0.5, max_tokens: 5 }],
    [{ model: 'o3', max_completion_tokens: 5, temperature: 1, top_p: 1 }],
    [{ model: 'gpt-6-luna', reasoning_effort: 'none', temperature: 0.2, logprobs: true }],
  ])('lets %j pass', (body) => {
    expect(checkChatParams({ model: 'gpt-test', ...body })).toBeUndefined();
  });

  it.each<[object, string, string | null]>([
    [{ stream_options: { include_usage: true } }, 'stream_options', null],
    [{ stream: false, stream_options: {} }, 'stream_options', null],
    [{ stream: true, stream_options: { odd: 1 } }, 'stream_options.odd', 'unknown_parameter'],
    [{ temperature: -0.1 }, 'temperature', 'integer_below_min_value'],
    [{ temperature: 2.1 }, 'temperature', 'integer_above_max_value'],
    [{ temperature: '1' }, 'temperature', 'invalid_type'],
    [{ top_p: 1.5 }, 'top_p', 'integer_above_max_value'],
    [{ max_tokens: 0 }, 'max_tokens', 'integer_below_min_value'],
    [{ stop: ['1', '2', '3', '4', '5'] }, 'stop', 'array_above_max_length'],
    [{ max_tokens: 5, max_completion_tokens: 5 }, 'max_tokens', 'invalid_parameter_combination'],
    [{ model: 'o3', max_tokens: 5 }, 'max_tokens', 'unsupported_parameter'],
    [
      { model: 'gpt-6.1-sol', max_tokens: 5, reasoning_effort: 'none' },
      'max_tokens',
      'unsupported_parameter',
    ],
    [{ model: 'gpt-5.5', temperature: 0.5 }, 'temperature', 'unsupported_value'],
    [{ model: 'gpt-5.5', top_p: 0.5 }, 'top_p', 'unsupported_value'],
    [{ model: 'o4-mini', logprobs: true }, 'logprobs', 'unsupported_parameter'],
    [{ model: 'o4-mini', logit_bias: { 1: 2 } }, 'logit_bias', 'unsupported_parameter'],
  ])('refuses %j for %s', (body, param, code) => {
    expect(checkChatParams({ model: 'gpt-test', ...body })).toMatchObject({ param, code });
  });
});
