import { describe, expect, it } from 'vitest';
import { checkChatMessages } from '../../../../src/testing/upstream/openai/check-chat-messages.ts';

const user = { role: 'user', content: 'q' };
const calls = (...ids: string[]) => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
});
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'r' });

describe('checkChatMessages', () => {
  it.each<[string, unknown[]]>([
    ['a question', [user]],
    ['roles that do not take turns', [user, user, { role: 'system', content: 's' }]],
    ['results in any order', [user, calls('a', 'b'), result('b'), result('a'), user]],
    ['the same ids in a later turn', [user, calls('a'), result('a'), calls('a'), result('a')]],
    ['a call answered twice', [user, calls('a'), result('a'), result('a')]],
  ])('lets %s pass', (_, messages) => {
    expect(checkChatMessages(messages)).toBeUndefined();
  });

  it.each<[string, unknown, string, RegExp]>([
    ['nothing', undefined, 'messages', /Missing required/],
    ['no list', 'hello', 'messages', /expected an array/],
    ['an empty list', [], 'messages', /empty array/],
    ['a text for a message', ['hello'], 'messages[0]', /expected an object/],
    ['a fault in one message', [user, { role: 'user', content: null }], 'messages[1].content', /got null/],
    ['a result first', [result('a')], 'messages[0].role', /preceeding message/],
    ['a result for another call', [user, calls('a'), result('b')], 'messages[2].role', /preceeding message/],
    [
      'a result too late',
      [user, calls('a'), result('a'), user, result('a')],
      'messages[4].role',
      /preceeding/,
    ],
    [
      'a user between calls and results',
      [user, calls('a', 'b'), result('a'), user],
      'messages[3].role',
      /: b$/,
    ],
    ['calls at the end', [user, calls('a', 'b')], 'messages[1].role', /: a, b$/],
  ])('refuses %s', (_, messages, param, message) => {
    const found = checkChatMessages(messages);
    expect(found?.param).toBe(param);
    expect(found?.message).toMatch(message);
  });
});
