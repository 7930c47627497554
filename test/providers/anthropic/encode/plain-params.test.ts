import { describe, expect, it } from 'vitest';
import { encode, refusalOf, warningsOf } from './encoding.ts';

/** All 37 parameters of Chat Completions, in values that lose nothing. */
const HARMLESS = {
  messages: [{ role: 'user', content: 'hi' }],
  model: 'claude-opus-4-8',
  audio: null,
  frequency_penalty: 0,
  function_call: null,
  functions: null,
  logit_bias: {},
  logprobs: false,
  max_completion_tokens: null,
  max_tokens: 10,
  metadata: { team: 'a' },
  modalities: ['text'],
  moderation: null,
  n: 1,
  parallel_tool_calls: null,
  prediction: null,
  presence_penalty: 0,
  prompt_cache_key: 'k',
  prompt_cache_options: { mode: 'implicit' },
  prompt_cache_retention: '24h',
  reasoning_effort: null,
  response_format: { type: 'text' },
  safety_identifier: null,
  seed: null,
  service_tier: 'auto',
  stop: null,
  store: false,
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: true },
  temperature: 1,
  tool_choice: null,
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  user: null,
  verbosity: 'medium',
  web_search_options: null,
};

describe('parameters without a counterpart', () => {
  it('REQ-12 REQ-13 REQ-14 REQ-27 REQ-34 REQ-35 REQ-38 leave no trace in their defaults', () => {
    const encoded = encode(HARMLESS);
    expect(encoded.warnings).toEqual([]);
    expect(encoded.betas).toEqual([]);
    expect(encoded.headers).toEqual({});
    expect(encoded.body).toEqual({
      model: 'claude-opus-4-8',
      max_tokens: 10,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      stream: true,
    });
  });

  it.each([
    ['REQ-20', 'verbosity', 'high'],
    ['REQ-22', 'logprobs', true],
    ['REQ-22', 'top_logprobs', 3],
    ['REQ-23', 'logit_bias', { 50256: -100 }],
    ['REQ-24', 'frequency_penalty', 0.5],
    ['REQ-24', 'presence_penalty', -1],
    ['REQ-25', 'seed', 0],
    ['REQ-28', 'store', true],
    ['REQ-30', 'prediction', { type: 'content', content: 'x' }],
    ['REQ-32', 'audio', { voice: 'alloy', format: 'mp3' }],
    ['TH-11', 'reasoning', { effort: 'high' }],
  ])('%s drops %s with a warning, and refuses it when strict', (_, key, value) => {
    const encoded = encode({ [key]: value });
    expect(warningsOf(encoded)).toEqual([`unsupported_parameter ${key}`]);
    expect(encoded.body).not.toHaveProperty(key);
    expect(refusalOf(() => encode({ [key]: value }, { strict: true }))).toBe(`unsupported_parameter ${key}`);
  });

  it('REQ-37 T-1 warns of unknown keys and never sends them', () => {
    const encoded = encode({ best_of: 2, enable_thinking: true, gone: null });
    expect(warningsOf(encoded)).toEqual(['unknown_parameter best_of', 'unknown_parameter enable_thinking']);
    expect(Object.keys(encoded.body).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream']);
  });
});

describe('parameters that are refused', () => {
  it('REQ-21 has one answer', () => {
    expect(refusalOf(() => encode({ n: 2 }))).toBe('unsupported_value n');
  });

  it('REQ-31 REQ-32 answers in text', () => {
    const spoken = { modalities: ['text', 'audio'], audio: { voice: 'alloy' } };
    expect(refusalOf(() => encode(spoken))).toBe('unsupported_value modalities');
  });

  it('REQ-36 does not ignore a safety control', () => {
    expect(refusalOf(() => encode({ moderation: { model: 'm' } }))).toBe('unsupported_parameter moderation');
  });
});

describe('stop', () => {
  const stops = (stop: unknown): unknown => encode({ stop }).body['stop_sequences'];

  it('REQ-10 takes one text or a list, in order and without duplicates', () => {
    expect(stops('END')).toEqual(['END']);
    expect(stops(['b', 'a', 'b'])).toEqual(['b', 'a']);
    expect(encode({ stop: [] }).body).not.toHaveProperty('stop_sequences');
  });

  it('REQ-10 takes more than four in the bag, which is Claude’s alone', () => {
    const own = ['a', 'b', 'c', 'd', 'e'];
    expect(encode({ stop: own, anthropic: { stop_sequences: own } }).body['stop_sequences']).toEqual(own);
    expect(encode({ stop: ['a'], anthropic: { stop_sequences: 'odd' } }).body['stop_sequences']).toEqual([
      'a',
    ]);
  });

  it('REQ-10 BUG-67 removes empty stop sequences, with a warning', () => {
    const encoded = encode({ stop: ['', '\n', ' \t', 'END'] });
    expect(encoded.body['stop_sequences']).toEqual(['END']);
    expect(warningsOf(encoded)).toEqual(['unsupported_value stop']);
    expect(encode({ stop: '\n' }).body).not.toHaveProperty('stop_sequences');
  });

  it('REQ-10 never trims what it keeps', () => {
    expect(stops('\nHuman:')).toEqual(['\nHuman:']);
  });

  it('REQ-10 refuses more than four', () => {
    expect(refusalOf(() => encode({ stop: ['a', 'b', 'c', 'd', 'e'] }))).toBe('array_above_max_length stop');
  });
});
