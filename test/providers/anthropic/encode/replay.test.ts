import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireBlock } from '../../../../src/providers/anthropic/encode/claude-wire.ts';
import {
  assistant,
  call,
  encode,
  messagesOf,
  outline,
  type RawRequest,
  result,
  text,
  thought,
  user,
} from './encoding.ts';

const BOUND = { model: 'claude-sonnet-5-5' };
const UNBOUND = { model: 'claude-opus-4-8' };

/** An answer as we return it: content of ours, and Anthropic's own report. */
const native = (content: string | null, blocks: readonly WireBlock[], report: RawRequest = {}): RawRequest =>
  assistant(content, {
    provider_specific_fields: { anthropic: { content: blocks, model: 'claude-sonnet-5-5', ...report } },
  });
const thinking = (content: string, signature: string): RawRequest =>
  assistant(content, { thinking_blocks: [thought(signature)] });
/** A text answer that came without thinking, and says so. */
const natural = (content: string): RawRequest =>
  assistant(content, { provider_specific_fields: { anthropic: { model: 'claude-sonnet-5-5' } } });

/** Signatures that are sent, in order. */
function signatures(messages: readonly RawRequest[], setting: object = BOUND): unknown[] {
  return messagesOf(messages, setting)
    .flatMap(({ content }) => content)
    .filter(({ type }) => type === 'thinking')
    .map((block) => block['signature']);
}

const dialogue = (...answers: readonly RawRequest[]): RawRequest[] =>
  answers.flatMap((answer, index) => [user(`q${index}`), answer]).concat(user('end'));

describe('flat reasoning', () => {
  it('TH-12 BUG-16 goes first, verbatim', () => {
    const redacted = { type: 'redacted_thinking', data: 'd' };
    const messages = messagesOf([
      user('a'),
      assistant('b', { thinking_blocks: [thought('s', 'hm'), redacted], tool_calls: [call('1')] }),
      result('1'),
    ]);
    expect(messages[1]?.content).toEqual([
      thought('s', 'hm'),
      redacted,
      text('b'),
      { type: 'tool_use', id: '1', name: 'look', input: {} },
    ]);
  });

  it('TH-12 BUG-20 never becomes text', () => {
    const messages = dialogue(assistant('b', { reasoning_content: 'secret', reasoning: 'secret' }));
    expect(JSON.stringify(messagesOf(messages))).not.toContain('secret');
  });

  it('TH-12 BUG-19 prefers a signed form over an unsigned one', () => {
    const both = assistant('b', {
      thinking_blocks: [{ type: 'thinking', thinking: 'copy' }],
      reasoning_details: [{ type: 'reasoning.text', text: 'real', signature: 's' }],
    });
    expect(messagesOf(dialogue(both))[1]?.content).toEqual([thought('s', 'real'), text('b')]);
  });

  it('2.5 prefers blocks in the content over thinking_blocks, and these over details', () => {
    const details = { reasoning_details: [{ type: 'reasoning.text', text: '', signature: 'detail' }] };
    const all = assistant([thought('inside'), text('b')], { thinking_blocks: [thought('flat')], ...details });
    expect(signatures(dialogue(all), UNBOUND)).toEqual(['inside']);
    expect(signatures(dialogue(assistant('b', { thinking_blocks: [thought('flat')], ...details })))).toEqual([
      'flat',
    ]);
    expect(signatures(dialogue(assistant('b', details)))).toEqual(['detail']);
  });
});

describe('native replay', () => {
  const search: readonly WireBlock[] = [
    thought('s'),
    text('I look. '),
    { type: 'server_tool_use', id: 'srv', name: 'web_search', input: { query: 'q' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srv',
      content: [{ type: 'web_search_result', encrypted_content: 'e' }],
    },
    { ...text('Found.'), citations: [{ type: 'web_search_result_location' }] },
  ];

  it('TH-13 BUG-6 sends a consistent answer back verbatim', () => {
    expect(messagesOf(dialogue(native('I look. Found.', search)), BOUND)[1]?.content).toEqual(search);
  });

  it('TH-13 BUG-7 keeps a server tool’s call and result together', () => {
    const blocks: readonly WireBlock[] = [
      { type: 'server_tool_use', id: 'srv', name: 'code_execution', input: { code: '1' } },
      { type: 'code_execution_tool_result', tool_use_id: 'srv', content: { type: 'code_execution_result' } },
      text('1'),
    ];
    expect(messagesOf(dialogue(native('1', blocks)), BOUND)[1]?.content).toEqual(blocks);
  });

  it('TH-13 falls back to the flat form of an edited message, without its reasoning', () => {
    const edited = { ...native('I look. Found!', search), thinking_blocks: [thought('s')] };
    expect(messagesOf(dialogue(edited), BOUND)[1]?.content).toEqual([text('I look. Found!')]);
  });

  it('TH-13 leaves out what the API would refuse', () => {
    const blocks = [{ type: 'thinking', thinking: 'x', signature: '' }, text(''), text('a')];
    expect(messagesOf(dialogue(native('a', blocks)), BOUND)[1]?.content).toEqual([text('a')]);
  });

  it('STR-12d leaves out calls that a fallback made void', () => {
    const use = (id: string): WireBlock => ({ type: 'tool_use', id, name: 'look', input: {} });
    const fallback = { type: 'fallback', from: {}, to: {} };
    const answer = {
      ...native('a', [use('1'), fallback, text('a'), use('2')]),
      tool_calls: [call('1'), call('2')],
    };
    const encoded = encode({ messages: [user('q'), answer, result('1'), result('2')] }, BOUND);
    expect(outline(encoded.body.messages)).toEqual([
      ['user', 'q'],
      ['assistant', '<fallback>', 'a', '<tool_use 2>'],
      ['user', '<tool_result 2>'],
    ]);
    expect(encoded.betas).toEqual(['server-side-fallback-2026-07-01']);
  });
});

describe('TH-14: reasoning bound to its history', () => {
  it('keeps everything of an unbroken history', () => {
    expect(signatures(dialogue(thinking('a', '1'), thinking('b', '2')))).toEqual(['1', '2']);
  });

  it('TH-14a drops what came before a message that lost its reasoning', () => {
    const history = dialogue(thinking('a', '1'), assistant('b'), thinking('c', '3'));
    expect(signatures(history)).toEqual(['3']);
    expect(signatures(dialogue(thinking('a', '1'), assistant('b')))).toEqual([]);
    expect(signatures(dialogue(thinking('a', '1'), assistant([text('b')])))).toEqual([]);
    const unsigned = assistant('b', { thinking_blocks: [{ type: 'thinking', thinking: 'x' }] });
    expect(signatures(dialogue(thinking('a', '1'), unsigned))).toEqual([]);
  });

  it('TH-14a does not take a message for lost that never had reasoning', () => {
    expect(signatures(dialogue(thinking('a', '1'), natural('b'), thinking('c', '3')))).toEqual(['1', '3']);
    expect(signatures(dialogue(thinking('a', '1'), assistant(''), thinking('c', '3')))).toEqual(['1', '3']);
  });

  it('TH-14b BUG-89 drops what came at and after an edited message', () => {
    const edited = native('changed', [thought('2'), text('b')]);
    expect(signatures(dialogue(thinking('a', '1'), edited, thinking('c', '3')))).toEqual(['1']);
  });

  it('TH-14c drops all where both happened', () => {
    const edited = native('changed', [thought('2'), text('b')]);
    const history = dialogue(
      thinking('a', '1'),
      edited,
      thinking('c', '3'),
      assistant('d'),
      thinking('e', '5'),
    );
    expect(signatures(history)).toEqual([]);
  });

  it('keeps all blocks where models do not bind them', () => {
    const history = dialogue(thinking('a', '1'), assistant('b'), thinking('c', '3'));
    expect(signatures(history, UNBOUND)).toEqual(['1', '3']);
  });
});

describe('TH-15: another model’s reasoning', () => {
  const foreign = native('b', [thought('2'), text('b')], { model: 'claude-opus-5-5' });

  it('is dropped, and with it the older run where reasoning is bound', () => {
    expect(signatures(dialogue(thinking('a', '1'), foreign, thinking('c', '3')))).toEqual(['3']);
  });

  it('is dropped alone where it is not', () => {
    expect(signatures(dialogue(thinking('a', '1'), foreign, thinking('c', '3')), UNBOUND)).toEqual([
      '1',
      '3',
    ]);
  });

  it('is told by the resolved id, not by the spelling', () => {
    const same = native('b', [thought('2'), text('b')], { model: 'claude-opus-4-5-20251101' });
    expect(signatures(dialogue(same), { model: 'claude-opus-4.5' })).toEqual(['2']);
  });
});

describe('TC-10: reasoning about a prompt that is not repeated', () => {
  it('is dropped with everything before it', () => {
    const ephemeral = native('b', [thought('2'), text('b')], { ephemeral_prompt: true });
    expect(signatures(dialogue(thinking('a', '1'), ephemeral, thinking('c', '3')))).toEqual(['3']);
  });
});

describe('an answer of Anthropic’s, returned and sent again', () => {
  const piece = fc.constantFrom<WireBlock>(
    text('a'),
    text(' b\n'),
    { ...text('cited'), citations: [{ type: 'char_location', cited_text: 'x' }] },
    thought('s1'),
    thought('s2', 'hm'),
    { type: 'redacted_thinking', data: 'd' },
    { type: 'server_tool_use', id: 'srv', name: 'web_fetch', input: { url: 'u' } },
    { type: 'web_fetch_tool_result', tool_use_id: 'srv', content: { type: 'web_fetch_result' } },
    { type: 'container_upload', file_id: 'file_1' },
  );
  const use = fc
    .record({
      name: fc.constantFrom('look', 'find'),
      input: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
    })
    .map(({ name, input }) => ({ type: 'tool_use', name, input: JSON.parse(JSON.stringify(input)) }));

  it('TH-13 is the same content, whatever its blocks', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.array(use, { maxLength: 3 }),
        (pieces, uses) => {
          const blocks: WireBlock[] = [
            text('visible'),
            ...pieces,
            ...uses.map((block, at) => ({ ...block, id: `toolu_${at}` })),
          ];
          const words = blocks.map((block) => (block.type === 'text' ? String(block['text']) : '')).join('');
          const toolCalls = blocks
            .filter(({ type }) => type === 'tool_use')
            .map((block) => call(String(block['id']), String(block['name']), JSON.stringify(block['input'])));
          const answer = { ...native(words, blocks), ...(toolCalls.length > 0 && { tool_calls: toolCalls }) };
          const results = toolCalls.map(({ id }) => result(String(id)));
          const messages = messagesOf([user('q'), answer, ...results, user('end')], BOUND);
          expect(messages[1]?.content).toEqual(
            JSON.parse(JSON.stringify(blocks).replace(/\\ud[89a-f]../g, '\\ufffd')),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
