import { describe, expect, it } from 'vitest';
import {
  assistant,
  call,
  calls,
  encode,
  messagesOf,
  outline,
  refusalOf,
  result,
  text,
  thought,
  user,
  warningsOf,
} from './encoding.ts';

const between = (message: Readonly<Record<string, unknown>>): unknown =>
  outline(messagesOf([user('a'), message, user('z')]));
const DROPPED = [['user', 'a', 'z']];

describe('an assistant message', () => {
  it('MSG-9 is reasoning, text, calls', () => {
    const message = assistant('b', { tool_calls: [call('1')], thinking_blocks: [thought('s')] });
    expect(outline(messagesOf([user('a'), message, result('1')]))[1]).toEqual([
      'assistant',
      '<thinking>',
      'b',
      '<tool_use 1>',
    ]);
  });

  it.each([[''], [null], [undefined], [[]]])(
    'MSG-24 BUG-35 with content %j and no calls is dropped',
    (content) => {
      expect(between(assistant(content))).toEqual(DROPPED);
    },
  );

  it('MSG-25 BUG-34 of white space is dropped', () => {
    expect(between(assistant(' \n'))).toEqual(DROPPED);
    expect(between(assistant([text(' '), text('')]))).toEqual(DROPPED);
  });

  it('MSG-24 is dropped when only its reasoning is left', () => {
    expect(between(assistant('', { thinking_blocks: [thought('s')] }))).toEqual(DROPPED);
  });

  it('MSG-26 TL-H1 BUG-33 BUG-35 with calls and no text is its calls', () => {
    for (const content of ['', null, [text('')]]) {
      const messages = messagesOf([user('a'), assistant(content, { tool_calls: [call('1')] }), result('1')]);
      expect(outline(messages)[1]).toEqual(['assistant', '<tool_use 1>']);
    }
  });

  it('MSG-27 MSG-29 keeps white space beside other blocks, to the letter', () => {
    const messages = messagesOf([user('a'), assistant('\n\n', { tool_calls: [call('1')] }), result('1')]);
    expect(messages[1]?.content[0]).toEqual(text('\n\n'));
    expect(between(assistant([text(' '), text('ok \n')]))).toEqual([
      ['user', 'a'],
      ['assistant', ' ', 'ok \n'],
      ['user', 'z'],
    ]);
  });

  it('PRT-17 BUG-47 sends a call once that stands in content and in tool_calls', () => {
    const use = { type: 'tool_use', id: '1', name: 'look', input: { a: 1 } };
    const message = assistant([text('b'), use], { tool_calls: [call('1'), call('2')] });
    const messages = messagesOf([user('a'), message, result('2'), result('1')]);
    expect(outline(messages)).toEqual([
      ['user', 'a'],
      ['assistant', 'b', '<tool_use 1>', '<tool_use 2>'],
      ['user', '<tool_result 1>', '<tool_result 2>'],
    ]);
    expect(messages[1]?.content[1]).toEqual(use);
  });

  it('TL-H7 gives a native call another id where its own is taken', () => {
    const use = { type: 'tool_use', id: '1', name: 'look', input: {} };
    const messages = messagesOf([user('a'), calls(call('1')), result('1'), assistant([use]), result('1')]);
    expect(outline(messages)[3]).toEqual(['assistant', '<tool_use 1-2>']);
    expect(outline(messages)[4]).toEqual(['user', '<tool_result 1-2>']);
  });
});

describe('a refusal in history', () => {
  it('PRT-14 is the text where there is no other', () => {
    expect(between(assistant(null, { refusal: 'No.' }))).toEqual([
      ['user', 'a'],
      ['assistant', 'No.'],
      ['user', 'z'],
    ]);
    expect(between(assistant([{ type: 'refusal', refusal: 'No.' }]))).toEqual([
      ['user', 'a'],
      ['assistant', 'No.'],
      ['user', 'z'],
    ]);
  });

  it('PRT-14 is left out beside a text', () => {
    expect(between(assistant('Well', { refusal: 'No.' }))).toEqual([
      ['user', 'a'],
      ['assistant', 'Well'],
      ['user', 'z'],
    ]);
  });

  it('PRT-14 FIN-6 of our own making is left out with its turn', () => {
    const own = {
      provider_specific_fields: { anthropic: { stop_reason: 'refusal' } },
      refusal: 'The model declined.',
    };
    expect(between(assistant(null, own))).toEqual(DROPPED);
  });
});

describe('a spoken answer in history', () => {
  it('PRT-16 is sent as its text, with a warning, or refused', () => {
    const audio = { audio: { id: 'a1' } };
    const encoded = encode({ messages: [user('a'), assistant('said', audio), user('z')] });
    expect(outline(encoded.body.messages)[1]).toEqual(['assistant', 'said']);
    expect(warningsOf(encoded)).toEqual(['unsupported_parameter messages[1].audio']);
    expect(refusalOf(() => between(assistant(null, audio)))).toBe(
      'unsupported_content_part messages[1].audio',
    );
  });
});
