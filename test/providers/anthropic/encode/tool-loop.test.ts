import { describe, expect, it } from 'vitest';
import { lacksLoopThinking } from '../../../../src/providers/anthropic/encode/tool-loop.ts';
import type { Turn } from '../../../../src/providers/anthropic/encode/turns.ts';
import { assistant, call, encode, result, text, thought, user, warningsOf } from './encoding.ts';

const turn = (role: Turn['role'], ...types: readonly string[]): Turn => ({
  role,
  entries: types.map((type) => ({ block: { type }, from: 'x' })),
});
const ask = turn('user', 'text');
const use = turn('assistant', 'tool_use');
const answer = turn('user', 'tool_result');

describe('lacksLoopThinking', () => {
  it.each<[string, boolean, readonly Turn[]]>([
    ['outside a loop', false, [ask]],
    ['after an answer', false, [ask, use, answer, turn('assistant', 'text'), ask]],
    ['no thinking in the loop', true, [ask, use, answer]],
    ['thinking at its start', false, [ask, turn('assistant', 'thinking', 'tool_use'), answer, use, answer]],
    ['redacted thinking', false, [ask, turn('assistant', 'redacted_thinking', 'tool_use'), answer]],
    ['thinking before the loop only', true, [ask, turn('assistant', 'thinking', 'text'), ask, use, answer]],
    ['text beside the results', true, [ask, use, turn('user', 'tool_result', 'text')]],
    ['a system turn last', true, [ask, use, answer, turn('system', 'text')]],
    ['no user turn at all', true, [use, answer]],
  ])('TH-10 %s: %s', (_, expected, turns) => {
    expect(lacksLoopThinking(turns)).toBe(expected);
  });
});

describe('thinking by budget in a tool loop', () => {
  const loop = (extra: object): object => ({
    messages: [user('q'), assistant(null, { tool_calls: [call('1')], ...extra }), result('1')],
    reasoning_effort: 'medium',
  });

  it('TH-10 BUG-16 goes on where its reasoning is still there', () => {
    const encoded = encode({ ...loop({ thinking_blocks: [thought('s')] }) }, { model: 'claude-haiku-4-5' });
    expect(encoded.body['thinking']).toEqual({ type: 'enabled', budget_tokens: 4096 });
  });

  it('TH-10 BUG-16 is switched off where it is lost', () => {
    const encoded = encode({ ...loop({}) }, { model: 'claude-opus-4-5' });
    expect(encoded.body['thinking']).toEqual({ type: 'disabled' });
    expect(warningsOf(encoded)).toEqual(['thinking_disabled_missing_blocks messages']);
  });

  it('TH-10 stays on where thinking is adaptive', () => {
    const encoded = encode({ ...loop({}) }, { model: 'claude-opus-4-6' });
    expect(encoded.body['thinking']).toEqual({ type: 'adaptive' });
  });

  it.each(['claude-mythos-preview', 'claude-opus-4-6'])(
    'TH-10 becomes adaptive on %s, which takes both',
    (model) => {
      const thinking = { type: 'enabled', budget_tokens: 2000, display: 'omitted' };
      const encoded = encode({ ...loop({}), thinking }, { model });
      expect(encoded.body['thinking']).toEqual({ type: 'adaptive', display: 'omitted' });
      expect(warningsOf(encoded)).toContain('unsupported_value thinking.type');
    },
  );

  it('TH-10 is no matter outside a loop', () => {
    const request = { messages: [user('q'), assistant([text('a')]), user('b')], reasoning_effort: 'low' };
    expect(encode(request, { model: 'claude-haiku-4-5' }).body['thinking']).toMatchObject({
      type: 'enabled',
    });
  });
});
