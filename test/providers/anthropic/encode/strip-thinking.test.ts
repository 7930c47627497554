import { describe, expect, it } from 'vitest';
import { stripThinking } from '../../../../src/providers/anthropic/encode/strip-thinking.ts';
import {
  assistant,
  call,
  contextOf,
  deepFreeze,
  encode,
  result,
  text,
  thought,
  user,
  warningsOf,
} from './encoding.ts';

const HISTORY = [
  user('q'),
  assistant('a', {
    thinking_blocks: [thought('1')],
    reasoning_details: [{ type: 'reasoning.text', signature: '2' }],
  }),
  user('q'),
  assistant([thought('3'), text('b')]),
  user('q'),
  assistant('c', {
    provider_specific_fields: { anthropic: { content: [thought('4'), text('c')] }, other: 1 },
  }),
  user('end'),
];

describe('stripThinking', () => {
  it('TH-16 leaves no reasoning to send', () => {
    const { request } = contextOf({ messages: HISTORY });
    expect(JSON.stringify(encode({ messages: HISTORY }).body)).toContain('signature');
    const { body } = encode({ ...stripThinking(request) });
    expect(JSON.stringify(body)).not.toContain('signature');
    expect(body.messages).toHaveLength(7);
  });

  it('TH-16 keeps native content native, and shares what needs no change', () => {
    const request = deepFreeze(contextOf({ messages: HISTORY }).request);
    const stripped = stripThinking(request);
    expect(stripped.messages[0]).toBe(request.messages[0]);
    expect(stripped.messages[5]?.['provider_specific_fields']).toEqual({
      anthropic: { content: [text('c')] },
      other: 1,
    });
  });

  it('TH-16 switches thinking by budget off in the middle of a tool loop', () => {
    const request = {
      messages: [
        user('q'),
        assistant(null, { thinking_blocks: [thought('1')], tool_calls: [call('x')] }),
        result('x'),
      ],
      reasoning_effort: 'low',
    };
    const setting = { model: 'claude-haiku-4-5' };
    expect(encode(request, setting).body['thinking']).toEqual({ type: 'enabled', budget_tokens: 1024 });
    const again = encode({ ...stripThinking(contextOf(request).request) }, setting);
    expect(again.body['thinking']).toEqual({ type: 'disabled' });
    expect(warningsOf(again)).toEqual(['thinking_disabled_missing_blocks messages']);
  });
});
