import { describe, expect, it } from 'vitest';
import { finishReasonOf, warningsOf } from '../../src/ai-sdk/end-parts.ts';

describe('the end of an answer', () => {
  it.each([
    ['stop', 'end_turn', { unified: 'stop', raw: 'end_turn' }],
    ['length', undefined, { unified: 'length', raw: 'length' }],
    ['tool_calls', 'tool_use', { unified: 'tool-calls', raw: 'tool_use' }],
    ['content_filter', 'refusal', { unified: 'content-filter', raw: 'refusal' }],
    ['function_call', undefined, { unified: 'other', raw: 'function_call' }],
    ['constructor', undefined, { unified: 'other', raw: 'constructor' }],
  ])('%s, which upstream calls %s', (reason, raw, expected) => {
    expect(finishReasonOf(reason, raw)).toEqual(expected);
  });

  it('warnings name their field', () => {
    const warnings = [
      { code: 'clamped', param: 'max_tokens', message: 'too many' },
      { code: 'model_retired', message: 'gone' },
    ];
    expect(warningsOf({ warnings } as never)).toEqual([
      { type: 'other', message: 'clamped: max_tokens: too many' },
      { type: 'other', message: 'model_retired: gone' },
    ]);
  });
});
