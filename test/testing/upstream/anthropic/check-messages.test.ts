import { describe, expect, it } from 'vitest';
import { checkMessages } from '../../../../src/testing/upstream/anthropic/check-messages.ts';

const user = (content: unknown = 'hi') => ({ role: 'user', content });
const assistant = (content: unknown = 'ho') => ({ role: 'assistant', content });
const call = (id: string) => ({ type: 'tool_use', id, name: 't', input: {} });
const result = (id: string, content?: unknown) => ({ type: 'tool_result', tool_use_id: id, content });
const text = (said: string) => ({ type: 'text', text: said });

describe('checkMessages', () => {
  it.each<[string, unknown[]]>([
    ['a question', [user()]],
    ['a conversation', [user(), assistant(), user()]],
    ['an assistant first (MSG-15)', [assistant(), user()]],
    ['two of one role', [user(), user()]],
    ['an empty assistant (MSG-24)', [user(), assistant(''), user()]],
    [
      'a system turn in the middle (MSG-2)',
      [user(), { role: 'system', content: 'rules' }, assistant(), user()],
    ],
    ['a call and its result', [user(), assistant([call('a')]), user([result('a')])]],
    [
      'two calls, two results, then words (TL-R1, TL-R2)',
      [
        user(),
        assistant([text('ok'), call('a'), call('b')]),
        user([result('b'), result('a'), text('and now?')]),
      ],
    ],
    [
      'a second round of calls',
      [user(), assistant([call('a')]), user([result('a')]), assistant([call('b')]), user([result('b')])],
    ],
  ])('has nothing against %s', (_, messages) => {
    expect(checkMessages(messages)).toBeUndefined();
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /^messages: Field required/],
    ['no list', 'hi', /^messages: Field required/],
    ['an empty list', [], /at least one message/],
    ['no object', [user(), 'hi'], /^messages\.1: Input should be an object/],
    ['an unknown role (MSG-13)', [{ role: 'tool', content: 'x' }], /^messages\.0\.role/],
    ['OpenAI’s keys', [{ ...user(), name: 'bob' }], /^messages\.0\.name: Extra inputs/],
    ['tool_calls', [user(), { ...assistant(), tool_calls: [] }], /^messages\.1\.tool_calls: Extra inputs/],
    ['a system turn first', [{ role: 'system', content: 'x' }, user()], /^messages\.0\.role/],
    ['an empty user string (MSG-20)', [user('')], /^messages\.0: user messages must have non-empty content/],
    ['an empty user list (MSG-20)', [user([])], /non-empty content/],
    ['a user without content', [{ role: 'user' }], /non-empty content/],
    ['an empty text block (MSG-23)', [user([text(''), text('x')])], /^messages\.0\.content\.0: text content/],
    ['a stray result (TL-R5)', [user([result('zz')])], /unexpected `tool_use_id`.*zz/],
    [
      'a result of an older turn (TL-R5)',
      [user(), assistant([call('a')]), user([result('a')]), assistant(), user([result('a')])],
      /^messages\.4.*unexpected/,
    ],
    [
      'a missing result (TL-R4)',
      [user(), assistant([call('a'), call('b')]), user([result('a')])],
      /^messages\.1: .*without.*: b\./,
    ],
    ['a call at the end (TL-R7)', [user(), assistant([call('a')])], /^messages\.1: .*without/],
    [
      'words before results (TL-R2)',
      [user(), assistant([call('a')]), user([text('x'), result('a')])],
      /must come first/,
    ],
    [
      'two results for one call (TL-R6)',
      [user(), assistant([call('a')]), user([result('a'), result('a')])],
      /single result/,
    ],
    [
      'a call id used twice (TL-H7)',
      [user(), assistant([call('a')]), user([result('a')]), assistant([call('a')]), user([result('a')])],
      /^messages\.3: .*unique/,
    ],
    ['a bad call id (TL-H6)', [user(), assistant([call('a.b')]), user([result('a.b')])], /tool_use\.id/],
  ])('complains about %s', (_, messages, expected) => {
    expect(checkMessages(messages)).toMatch(expected);
  });
});
