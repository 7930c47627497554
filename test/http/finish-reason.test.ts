import { describe, expect, it } from 'vitest';
import type { WireFinishReason } from '../../src/chat/completion.ts';
import { finishReasonOf } from '../../src/http/finish-reason.ts';

describe('finishReasonOf', () => {
  it.each<[WireFinishReason | undefined, string]>([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['function_call', 'tool_calls'],
    [undefined, 'stop'],
  ])('%s is %s', (reason, expected) => {
    expect(finishReasonOf(reason)).toBe(expected);
  });
});
