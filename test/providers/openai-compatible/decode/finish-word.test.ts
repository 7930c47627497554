import { describe, expect, it } from 'vitest';
import {
  finishReasonFor,
  meaningOf,
} from '../../../../src/providers/openai-compatible/decode/finish-word.ts';

describe('a finish reason', () => {
  it.each([
    ['stop', 'stop', 'tool_calls'],
    ['eos', 'stop', 'tool_calls'],
    ['eos_token', 'stop', 'tool_calls'],
    ['end_turn', 'stop', 'tool_calls'],
    ['stop_sequence', 'stop', 'tool_calls'],
    ['STOP', 'stop', 'tool_calls'],
    ['COMPLETE', 'stop', 'tool_calls'],
    ['tool_calls', 'stop', 'tool_calls'],
    ['tool_use', 'stop', 'tool_calls'],
    ['function_call', 'stop', 'tool_calls'],
    ['length', 'length', 'length'],
    ['MAX_TOKENS', 'length', 'length'],
    ['model_length', 'length', 'length'],
    ['content_filter', 'content_filter', 'content_filter'],
    ['SAFETY', 'content_filter', 'content_filter'],
    ['something_new', 'stop', 'tool_calls'],
  ])('FIN-4, FIN-5, FIN-10, FIN-12: %s is %s, and %s when there are calls', (word, plain, withCalls) => {
    expect(finishReasonFor(word, false)).toBe(plain);
    expect(finishReasonFor(word, true)).toBe(withCalls);
  });

  it.each([
    ['error', 'failed'],
    ['abort', 'failed'],
    ['insufficient_system_resource', 'overloaded'],
    ['Error', 'failed'],
  ])('that tells of a failure is none: %s', (word, meaning) => {
    expect(meaningOf(word)).toBe(meaning);
  });

  it.each(['something_new', '', 'constructor', '__proto__', 'toString'])(
    'has no meaning when unknown: %j',
    (word) => {
      expect(meaningOf(word)).toBeUndefined();
    },
  );
});
