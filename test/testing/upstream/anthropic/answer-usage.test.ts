import { describe, expect, it } from 'vitest';
import {
  deltaUsage,
  messageUsage,
  startUsage,
} from '../../../../src/testing/upstream/anthropic/answer-usage.ts';
import type { Answer } from '../../../../src/testing/upstream/model-answer.ts';

const input = {
  input_tokens: 5,
  cache_creation_input_tokens: 2,
  cache_read_input_tokens: 3,
  cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 0 },
};
const text: Answer = { blocks: [{ type: 'text', pieces: ['12345678'] }] };
const thought: Answer = {
  blocks: [{ type: 'thinking', pieces: ['1234'], signature: 's' }, ...text.blocks],
};

describe('messageUsage', () => {
  it('counts what was written, thoughts included (USE-2)', () => {
    expect(messageUsage(text, input)).toMatchObject({
      ...input,
      output_tokens: 2,
      output_tokens_details: null,
    });
    expect(messageUsage(thought, input)).toMatchObject({
      output_tokens: 3,
      output_tokens_details: { thinking_tokens: 1 },
    });
  });

  it('lets the author of the answer replace single fields, nonsense included (U2)', () => {
    expect(messageUsage({ ...text, usage: { output_tokens: -5, extra: 1 } }, input)).toMatchObject({
      input_tokens: 5,
      output_tokens: -5,
      extra: 1,
    });
  });
});

describe('startUsage', () => {
  it('knows the input and only a placeholder of the output (USE-7)', () => {
    expect(startUsage(thought, input)).toMatchObject({
      ...input,
      output_tokens: 1,
      output_tokens_details: null,
    });
    expect(startUsage({ ...text, usage: { output_tokens: 99 } }, input)['output_tokens']).toBe(1);
  });
});

describe('deltaUsage', () => {
  it('repeats the totals (USE-6), without what `message_delta` does not carry', () => {
    const usage = deltaUsage(text, input);
    expect(usage).toMatchObject({ input_tokens: 5, cache_read_input_tokens: 3, output_tokens: 2 });
    expect(usage).not.toHaveProperty('cache_creation');
    expect(usage).not.toHaveProperty('service_tier');
  });
});
