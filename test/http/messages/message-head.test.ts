import { describe, expect, it } from 'vitest';
import { withNulls, withoutNulls } from '../../../src/http/messages/message-form.ts';
import { messageHead, messageId } from '../../../src/http/messages/message-head.ts';

describe('messageId', () => {
  it.each([
    ['msg_01ABC', 'msg_01ABC'],
    ['chatcmpl-123', 'msg_r1'],
    ['', 'msg_r1'],
    [undefined, 'msg_r1'],
  ])('of %s is %s: unique, whatever the host says', (id, expected) => {
    expect(messageId(id, 'r1')).toBe(expected);
  });
});

describe('messageHead', () => {
  const head = { id: 'msg_1', model: 'm' };
  const always = {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [] },
    ...{ stop_reason: null, stop_sequence: null },
  };

  it('has nulls in the newer version', () => {
    expect(messageHead(head, { inputTokens: 3 }, withNulls)).toMatchObject({
      ...always,
      ...{ stop_details: null, container: null, diagnostics: null },
      usage: { input_tokens: 3, output_tokens: 0, service_tier: null },
    });
  });

  it('has two of them in the older one', () => {
    expect(messageHead(head, undefined, withoutNulls)).toEqual({
      ...always,
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  });
});
