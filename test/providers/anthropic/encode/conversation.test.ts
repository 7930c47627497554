import { describe, expect, it } from 'vitest';
import { readConversation } from '../../../../src/providers/anthropic/encode/conversation.ts';
import { createToolNames } from '../../../../src/providers/anthropic/encode/tool-names.ts';
import {
  assistant,
  call,
  calls,
  contextOf,
  encode,
  messagesOf,
  refusalOf,
  result,
  system,
  thought,
  user,
} from './encoding.ts';

const read = (messages: readonly unknown[]): ReturnType<typeof readConversation> => {
  const context = contextOf({ messages });
  return readConversation(context, createToolNames(context, new Set()));
};

describe('messages', () => {
  it.each([
    [undefined, 'missing_required_parameter messages'],
    [null, 'missing_required_parameter messages'],
    [[], 'missing_required_parameter messages'],
  ])('REQ-1 refuses %j', (messages, expected) => {
    expect(refusalOf(() => encode({ messages }))).toBe(expected);
  });

  it('MSG-13 refuses a role it does not know', () => {
    expect(refusalOf(() => messagesOf([user('a'), { role: 'critic', content: 'x' }]))).toBe(
      'invalid_value messages[1].role',
    );
    expect(refusalOf(() => messagesOf([{ role: 'constructor', content: 'x' }]))).toContain(
      'messages[0].role',
    );
  });

  it('MSG-14 refuses a conversation of system messages', () => {
    expect(refusalOf(() => messagesOf([system('a'), system('b')]))).toBe('invalid_value messages');
  });

  it('TL-R7 refuses a conversation that ends in open calls', () => {
    expect(refusalOf(() => messagesOf([user('a'), calls(call('1'))]))).toBe(
      'invalid_value messages[1].tool_calls',
    );
  });

  it('TL-R4 lets it end in some of the results', () => {
    expect(messagesOf([user('a'), calls(call('1'), call('2')), result('1')])[2]?.content).toHaveLength(2);
  });
});

describe('readConversation', () => {
  it('TL-H10 tells which tools were called, by wire name and in order', () => {
    const { calledTools } = read([
      user('a'),
      calls(call('1', 'z'), call('2', 'a.b')),
      result('1'),
      result('2'),
    ]);
    expect([...calledTools][0]).toBe('z');
    expect([...calledTools][1]).toMatch(/^a_b_/);
  });

  it('tells whether reasoning goes back', () => {
    expect(
      read([user('a'), assistant('b', { thinking_blocks: [thought('s')] }), user('c')]).replaysThinking,
    ).toBe(true);
    expect(read([user('a'), assistant('b'), user('c')]).replaysThinking).toBe(false);
  });

  it('MSG-19 tells a paused answer only at the end', () => {
    const report = { content: [{ type: 'server_tool_use', id: 's' }], stop_reason: 'pause_turn' };
    const paused = assistant(null, { provider_specific_fields: { anthropic: report } });
    expect(read([user('a'), paused]).isPaused).toBe(true);
    expect(read([user('a'), paused, user('b')]).isPaused).toBe(false);
  });
});
