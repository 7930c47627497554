import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage, ChatRequest } from '../../src/chat/request.ts';
import { withoutQuotes } from '../../src/pipeline/quotation.ts';
import { ask } from '../contexts.ts';

const prompt = 'My password is hunter2-correct-horse and my cat is called Schrödinger.';

const withoutPrompt = (message: string, request: ChatRequest): string => withoutQuotes(message, request, []);

const saying = (...messages: ChatMessage[]): ChatRequest => ({ messages });

describe('withoutPrompt', () => {
  it.each([
    ['nothing in common', 'acme: rate limited (429); retry in 2 s', 'acme: rate limited (429); retry in 2 s'],
    ['the whole prompt', `acme: bad text: ${prompt}`, 'acme: bad text: […].'],
    ['a piece', 'acme: refused "hunter2-correct-horse" for input', 'acme: refused "[…]" for input'],
    ['two pieces', `a ${prompt.slice(0, 30)} b ${prompt.slice(30)} c`, 'a […] b -[…]. c'],
    ['a piece twice', '"hunter2-correct-horse", "hunter2-correct-horse"', '"[…]", "[…]"'],
    ['pieces that touch', prompt.slice(0, 20) + prompt.slice(0, 20), '[…]'],
    ['a prompt cut by the host', `bad: ${prompt.slice(0, 40)}…`, 'bad: […]…'],
    ['twelve letters', 'bad: "password is hu"', 'bad: "[…]"'],
    ['eleven, which may be chance', 'bad: "password is h"', 'bad: "password is h"'],
    ['other case and spacing', 'bad: HUNTER2 correct\nHORSE!', 'bad: […]!'],
    ['an empty message', '', ''],
  ])('masks what is quoted and leaves the rest: %s', (_, message, expected) => {
    expect(withoutPrompt(message, ask(prompt))).toBe(expected);
  });

  it.each([
    ['a short prompt', 'Tom Bombadil', 'no policy allows Tom Bombadil', 'no policy allows […]'],
    ['a short prompt, wherever it stands', 'Bombadil', 'Bombadil: Bombadil? Bombadil!', '[…]: […]? […]!'],
    ['a prompt of a word or two', 'model', 'no such model', 'no such model'],
  ])('masks %s as a whole or not at all', (_, content, message, expected) => {
    expect(withoutPrompt(message, ask(content))).toBe(expected);
  });

  const form = 'Patient: Max "Mäx" M\nDX: HIV\tC:\\new\nPIN: 12345';
  it.each([
    ['as it is', form],
    ['as JSON', JSON.stringify(form)],
    ['as JSON in JSON', JSON.stringify(JSON.stringify(form))],
    ['as JSON in ASCII', JSON.stringify(form).replace('ä', '\\u00e4')],
    ['in one line', form.replaceAll(/\s+/g, ' ')],
  ])('knows many short lines again, %s', (_, echo) => {
    const shown = withoutPrompt(`acme: bad: ${echo} (400)`, ask(form));
    expect(shown).toMatch(/^acme: bad: [^\p{L}\p{N}]*\[…\][^\p{L}\p{N}]*\(400\)$/u);
  });

  it('knows a single line of them again', () => {
    expect(withoutPrompt('bad: DX: HIV, C:\\new', ask(form))).toBe('bad: […]');
    expect(withoutPrompt('bad: PIN: 12345!', ask(form))).toBe('bad: […]!');
  });

  it('masks what has been answered, in whatever pieces it came', () => {
    const said = ['the priv', 'ate ans', 'wer text'];
    const shown = withoutQuotes('acme: blocked: the private answer text', ask('hi'), said);
    expect(shown).toBe('acme: blocked: […]');
  });

  it.each([
    [
      'a description of a tool',
      { tools: [{ type: 'function', function: { name: 'f', description: 'internal words' } }] },
    ],
    [
      'a schema',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'x', schema: { title: 'internal words' } },
        },
      },
    ],
    ['a stop sequence', { stop: ['internal words'] }],
    ['a person', { user: 'internal words' }],
    ['a label', { metadata: { note: 'internal words' } }],
    ['an extension', { anthropic: { deep: [['internal words']] } }],
  ] satisfies [string, Partial<ChatRequest>][])('masks %s', (_, more) => {
    expect(withoutPrompt('bad: "internal words"', { ...ask('hi'), ...more })).toBe('bad: "[…]"');
  });

  it('leaves names of tools, parameters and models, which an error must be able to say', () => {
    const parameters = { type: 'object', required: ['temperature_celsius'] };
    const tools = [{ type: 'function', function: { name: 'get_weather_report', parameters } }];
    const request: ChatRequest = { ...ask('hi'), model: 'claude-opus-5-5-or-so', tools };
    const message = 'get_weather_report: temperature_celsius is missing; claude-opus-5-5-or-so insists';
    expect(withoutPrompt(message, request)).toBe(message);
  });

  const needle = 'the needle in the haystack';
  it.each([
    ['a text part', { role: 'user', content: [{ type: 'text', text: needle }] }],
    ['an image', { role: 'user', content: [{ type: 'image_url', image_url: { url: needle } }] }],
    ['the system prompt', { role: 'system', content: needle }],
    ['a name', { role: 'user', content: 'hi', name: needle }],
    [
      'arguments of a tool call',
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: needle } }],
      },
    ],
    ['a tool result', { role: 'tool', tool_call_id: 'c', content: needle }],
    ['an extension', { role: 'user', content: null, mood: { deep: [[needle]] } }],
  ] satisfies [string, ChatMessage][])('finds a text in %s', (_, message) => {
    const found = withoutPrompt(`bad: ${needle}!`, saying({ role: 'user', content: 'first' }, message));
    expect(found).toBe('bad: […]!');
  });

  it('does not take words of the protocol for the words of a person', () => {
    const request = saying({
      role: 'assistant',
      tool_calls: [{ id: 'toolu_0123456789abcdef', type: 'a_type_with_a_long_name' }],
    });
    const message = 'no result for toolu_0123456789abcdef of a_type_with_a_long_name';
    expect(withoutPrompt(message, request)).toBe(message);
  });

  // Letters alone: a mask may not be taken for a part of the prompt.
  const words = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 80 });

  it('leaves no twelve letters of the conversation, and loses nothing else', async () => {
    await fc.assert(
      fc.property(fc.array(words, { maxLength: 3 }), fc.array(words, { maxLength: 3 }), (texts, said) => {
        const quotes = [...said, ...texts.map((text) => text.slice(5, 40))].join('"');
        const masked = withoutPrompt(
          quotes,
          saying(...texts.map((content) => ({ role: 'user', content }) as const)),
        );
        const left = masked.split('[…]').map((piece) => piece.replaceAll(/[^ab]/g, ''));
        for (const text of texts) {
          const letters = text.replaceAll(' ', '');
          for (let at = 0; at + 12 <= letters.length; at++) {
            for (const piece of left) expect(piece).not.toContain(letters.slice(at, at + 12));
          }
        }
        // What is left is the message with holes: its pieces stand in it in order.
        let from = 0;
        for (const piece of masked.split('[…]')) {
          const at = quotes.indexOf(piece, from);
          expect(at).toBeGreaterThanOrEqual(0);
          from = at + piece.length;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('masks the longest shared run exactly, wherever it starts in the conversation', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyzäöüßàéèçñ0123456789αβγδεζηθικλμνξοπρ';
    for (let from = 0; from < 24; from++) {
      for (const length of [12, 13, 24, 31]) {
        const message = `<${alphabet.slice(from, from + length)}>`;
        expect(withoutPrompt(message, ask(alphabet)), message).toBe('<[…]>');
      }
    }
  });

  it.each([
    ['nothing in common', 'x'.repeat(300), 'lorem ipsum '],
    ['much in common', 'lorem ipsum '.repeat(25), 'lorem ipsum '],
    ['rows of dashes', '-'.repeat(300), '-'.repeat(12)],
  ])('reads megabytes without stopping the process: %s', (_, message, line) => {
    const megabytes = saying({ role: 'user', content: line.repeat(400_000) });
    const begun = performance.now();
    withoutPrompt(message, megabytes);
    // It takes a tenth of a second; a pass for each piece of the message would take many.
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
