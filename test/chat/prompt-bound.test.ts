import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/chat/estimate-tokens.ts';
import { inputBound, promptBound, textBound } from '../../src/chat/prompt-bound.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { ask } from '../contexts.ts';

const part = (content: object): ChatRequest => ({
  messages: [{ role: 'user', content: [content as { type: 'text'; text: string }] }],
});
const tokens = (request: ChatRequest): number => promptBound(request).tokens ?? Number.NaN;
const empty = tokens(ask(''));

describe('textBound', () => {
  it.each([
    ['', 0],
    ['abcd', 2],
    ['a', 0.5],
    // Every byte of a rare character may be a token of its own.
    ['鿕', 2],
    ['Привет', 12],
    ['🦩', 4],
    ['naïve', 4],
  ])('of %j is %d tokens', (text, expected) => {
    expect(textBound(text)).toBe(expected);
  });

  it('is at least a third more than dense code takes by the tokenizers that are known', () => {
    // 23 tokens by cl100k_base; newer Claude models make a third more of a text.
    const code = 'for (let i = 0; i < xs.length; i++) { sum += xs[i]?.n ?? 0; }';
    expect(textBound(code)).toBeGreaterThan(23 * 1.3);
  });
});

describe('inputBound', () => {
  it.each<[string, Parameters<typeof inputBound>[0], number]>([
    ['a text', 'x'.repeat(30), 15],
    ['texts of any script', ['x'.repeat(30), '鿕'], 17],
    ['tokens, which are counted', [[5, 6, 7], [8]], 4],
  ])('of %s', (_, input, expected) => {
    expect(inputBound(input)).toEqual({ tokens: expected, hasSound: false, asksForHourCache: false });
  });
});

describe('promptBound', () => {
  it('leaves room for what hosts add themselves', () => {
    expect(empty).toBeGreaterThanOrEqual(1_000);
    expect(empty).toBeLessThan(1_100);
  });

  it('counts texts, tools, schemas and native fields, and nothing that is not read', () => {
    const text = 'x'.repeat(1_000);
    const tools = [{ type: 'function' as const, function: { name: 'f', description: text } }];
    expect(tokens(ask(text)) - empty).toBe(500);
    expect(tokens({ ...ask(''), tools }) - empty).toBeGreaterThanOrEqual(500);
    expect(tokens({ ...ask(''), system: text }) - empty).toBe(500);
    expect(tokens({ ...ask(''), anthropic: { system: text } }) - empty).toBeGreaterThanOrEqual(500);
    expect(tokens({ ...ask(''), metadata: { note: text }, user: text })).toBe(empty);
  });

  it.each([
    ['image_url', { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(90_000)}` } }],
    ['image', { type: 'image', source: { type: 'url', url: 'https://x.example/cat.png' } }],
  ])('counts an %s as one of the largest, whatever its bytes', (_, picture) => {
    expect(tokens(part(picture)) - empty).toBeGreaterThanOrEqual(10_000);
    expect(tokens(part(picture)) - empty).toBeLessThan(10_100);
  });

  it.each([
    ['a file by its id', { type: 'file', file: { file_id: 'file-1' } }],
    ['a file by its address', { type: 'file', file: { file_data: 'https://x.example/a.pdf' } }],
    [
      'a document by its address',
      { type: 'document', source: { type: 'url', url: 'https://x.example/a.pdf' } },
    ],
    ['a document by its id', { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
  ])('has no end for %s', (_, document) => {
    expect(promptBound(part(document)).tokens).toBeUndefined();
  });

  it.each([
    ['file', { type: 'file', file: { file_data: `data:application/pdf;base64,${'A'.repeat(50_000)}` } }],
    ['document', { type: 'document', source: { type: 'base64', data: 'A'.repeat(50_000) } }],
    ['text document', { type: 'document', source: { type: 'text', data: 'word '.repeat(10_000) } }],
  ])('counts an inline %s by its length', (_, document) => {
    expect(tokens(part(document)) - empty).toBeGreaterThanOrEqual(25_000);
  });

  it('tells of sound', () => {
    const sound = { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } };
    expect(promptBound(part(sound)).hasSound).toBe(true);
    expect(promptBound(ask('input_audio')).hasSound).toBe(false);
  });

  it.each<[string, ChatRequest, boolean]>([
    ['nothing', ask('hi'), false],
    ['a mark', part({ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }), false],
    [
      'a mark of 5 minutes',
      part({ type: 'text', text: 'hi', cache_control: { type: 'ephemeral', ttl: '5m' } }),
      false,
    ],
    [
      'a mark of an hour',
      part({ type: 'text', text: 'hi', cache_control: { type: 'ephemeral', ttl: '1h' } }),
      true,
    ],
    ['a field of an hour', { ...ask('hi'), cache_control: { type: 'ephemeral', ttl: '1h' } }, true],
    [
      'a native field',
      { ...ask('hi'), anthropic: { cache_control: { type: 'ephemeral', ttl: '1h' } } },
      true,
    ],
    ['the words alone', ask('ttl: 1h'), false],
  ])('with %s: a cache of an hour is asked for: %s', (_, request, expected) => {
    expect(promptBound(request).asksForHourCache).toBe(expected);
  });

  it('is never below the estimate', () => {
    const content = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(
        fc.oneof(
          fc.record({ type: fc.constant('text'), text: fc.string() }),
          fc.record({ type: fc.constant('image_url'), image_url: fc.record({ url: fc.webUrl() }) }),
          fc.record({ type: fc.constant('document'), source: fc.record({ data: fc.string() }) }),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(content, { maxLength: 8 }), (contents) => {
        const request = {
          messages: contents.map((each) => ({ role: 'user', content: each })),
        } as ChatRequest;
        expect(tokens(request)).toBeGreaterThanOrEqual(estimateTokens(request));
      }),
      { numRuns: 200 },
    );
  });
});
