import { describe, expect, it } from 'vitest';
import { readResponses } from '../../../src/http/responses/read-responses.ts';
import { refusalOf } from '../frames.ts';

const read = (more: object = {}) => readResponses({ model: 'm', input: 'hi', ...more }).request;
const least = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const schema = { type: 'object', properties: {} };

describe('readResponses', () => {
  it('reads the least there is, and keeps the body for the answer', () => {
    const body = { model: 'm', input: 'hi' };
    expect(readResponses(body)).toEqual({ request: least, asked: body });
  });

  it.each<[string, object, object]>([
    [
      'instructions',
      { instructions: 'Be.' },
      { messages: [{ role: 'system', content: 'Be.' }, ...least.messages] },
    ],
    ['the cap', { max_output_tokens: 9 }, { max_completion_tokens: 9 }],
    ['sampling', { temperature: 0.5, top_p: 0.9 }, { temperature: 0.5, top_p: 0.9 }],
    ['parallel calls', { parallel_tool_calls: false }, { parallel_tool_calls: false }],
    ['effort', { reasoning: { effort: 'low' } }, { reasoning_effort: 'low' }],
    ['verbosity', { text: { verbosity: 'low' } }, { verbosity: 'low' }],
    [
      'RF-2 JSON',
      { text: { format: { type: 'json_object' } } },
      { response_format: { type: 'json_object' } },
    ],
    [
      'RF-3 a schema',
      { text: { format: { type: 'json_schema', name: 'a', schema, strict: true, description: 'd' } } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', schema, strict: true, description: 'd' },
        },
      },
    ],
    ['the end user', { user: 'u', safety_identifier: 's' }, { user: 'u', safety_identifier: 's' }],
    [
      'hints',
      { prompt_cache_key: 'k', service_tier: 'flex' },
      { prompt_cache_key: 'k', service_tier: 'flex' },
    ],
    ['probabilities', { top_logprobs: 2 }, { logprobs: true, top_logprobs: 2 }],
    [
      'tools',
      { tools: [{ type: 'function', name: 'f' }] },
      { tools: [{ type: 'function', function: { name: 'f' } }] },
    ],
    ['fields that nobody here knows', { hologram: 1 }, { hologram: 1 }],
    [
      'TH-11 a wish to read along',
      { reasoning: { summary: 'auto' } },
      { anthropic: { include_reasoning: true } },
    ],
    [
      'beside other words to Claude',
      { reasoning: { generate_summary: 'auto' }, anthropic: { top_k: 4 } },
      { anthropic: { include_reasoning: true, top_k: 4 } },
    ],
  ])('says %s', (_, more, expected) => {
    expect(read(more)).toEqual({ ...least, ...expected });
  });

  it.each<[string, object]>([
    [
      'what is about a store',
      { store: true, metadata: { a: 'b' }, include: ['reasoning.encrypted_content'] },
    ],
    ['the stream, which is the door’s', { stream: true, stream_options: { include_obfuscation: false } }],
    ['text', { text: { format: { type: 'text' } } }],
    ['the client’s affair', { truncation: 'auto', max_tool_calls: 3, top_logprobs: 0 }],
    ['nulls', { temperature: null, reasoning: null, tools: null, max_output_tokens: null, user: null }],
    ['no wish', { reasoning: { effort: null, summary: null } }],
  ])('says nothing of %s', (_, more) => {
    expect(read(more)).toEqual(least);
  });

  it('names the client’s field', () => {
    expect(refusalOf(() => read({ input: 7 }))).toBe('invalid_type input');
    expect(refusalOf(() => read({ previous_response_id: 'r' }))).toBe(
      'unsupported_parameter previous_response_id',
    );
    expect(refusalOf(() => readResponses([]))).toBe('invalid_type null');
  });
});
