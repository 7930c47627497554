import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../../src/provider-kit/index.ts';
import { AnswerSoFar } from '../../../../src/providers/anthropic/decode/answer-so-far.ts';
import { TextBlock } from '../../../../src/providers/anthropic/decode/text-block.ts';
import { fixture, reading, reduce, told, wire } from '../wire.ts';

function textBlock(start: Readonly<Record<string, unknown>> = {}) {
  const out: ChatEvent[] = [];
  const answer = new AnswerSoFar('anthropic', reading);
  return { out, answer, block: new TextBlock({ type: 'text', text: '', ...start }, answer, out) };
}

describe('text', () => {
  it('STR-5: is told delta by delta; empty ones and other kinds are skipped', () => {
    const { block, out } = textBlock();
    for (const text of ['a', '', 7, null, 'b']) block.delta({ type: 'text_delta', text }, out);
    block.delta({ type: 'thinking_delta', thinking: 'x' }, out);
    expect(out).toEqual([
      { type: 'text_delta', text: 'a' },
      { type: 'text_delta', text: 'b' },
    ]);
    expect(block.native()).toEqual({ type: 'text', text: 'ab' });
  });

  it('STR-22: a delta of a kind to come is not text, though it holds some', () => {
    const { block, out } = textBlock();
    block.delta({ type: 'aside_delta', text: 'not for people' }, out);
    expect(out).toEqual([]);
    expect(block.native()).toMatchObject({ text: '' });
  });

  it('E11 E12: halves of a surrogate pair pass as they are', () => {
    const { block, out } = textBlock();
    for (const text of ['\ud83d', '\ude00', '\ud83d']) block.delta({ type: 'text_delta', text }, out);
    expect(out.map((event) => 'text' in event && event.text).join('')).toBe('😀\ud83d');
  });

  it('RES-5 D-20: several blocks join without a separator', () => {
    const events = [wire.start(), ...wire.text(0, 'It is '), ...wire.text(1, 'so'), ...wire.end('end_turn')];
    expect(told(reduce(events)).text).toBe('It is so');
  });

  it('where one begins right behind another is told, for doors that speak the same wire', () => {
    const said = (...events: unknown[]) =>
      reduce([wire.start(), ...events, ...wire.end('end_turn')])
        .filter(({ type }) => type === 'text_delta' || type === 'vendor')
        .slice(0, -1);
    const ended = { type: 'vendor', provider: 'anthropic', data: { text_ended: true } };
    expect(said(...wire.text(0, 'It is '), ...wire.text(1, 'so'))).toEqual([
      { type: 'text_delta', text: 'It is ' },
      ended,
      { type: 'text_delta', text: 'so' },
    ]);
    expect(
      said(...wire.text(0, 'a'), ...wire.tool(1, 't', 'f', '{}'), ...wire.text(2, 'b')),
    ).not.toContainEqual(ended);
  });

  it('RES-9: plain text needs no native form, cited text does', () => {
    expect(textBlock().block.plain()).toBe(true);
    expect(textBlock({ citations: null }).block.plain()).toBe(true);
    expect(textBlock({ citations: [] }).block.plain()).toBe(true);
    expect(textBlock({ citations: [{ type: 'char_location' }] }).block.plain()).toBe(false);
  });

  it('keeps what the start event said beside the text', () => {
    expect(textBlock({ citations: null, extra: 1 }).block.native()).toEqual({
      type: 'text',
      text: '',
      citations: null,
      extra: 1,
    });
  });
});

describe('citations', () => {
  it('are told behind their text, for doors that speak the same wire', () => {
    const citation = { type: 'char_location', cited_text: 'so', document_index: 0 };
    const { block, out } = textBlock();
    block.delta({ type: 'text_delta', text: 'so' }, out);
    block.delta({ type: 'citations_delta', citation }, out);
    block.close(out);
    expect(out.at(-1)).toEqual({ type: 'vendor', provider: 'anthropic', data: { citations: [citation] } });
    const plain = textBlock();
    plain.block.close(plain.out);
    expect(plain.out).toEqual([]);
  });

  it('STR-6 RES-10: of the web become annotations over the block that carries them', () => {
    const answer = told(reduce(fixture('web-search')));
    expect(answer.text).toBe('Let me search. It is 828 m tall.');
    expect(answer.annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: {
          url: 'https://tower.example/height',
          title: 'Towers',
          start_index: 21,
          end_index: 31,
        },
      },
    ]);
    expect(answer.text.slice(21, 31)).toBe('828 m tall');
  });

  it('RES-10: offsets count UTF-16 units', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.example', title: null };
    const events = [
      wire.start(),
      ...wire.text(0, '😀 '),
      wire.block(1, { type: 'text', text: '', citations: [citation] }),
      wire.delta(1, { type: 'text_delta', text: 'é😀' }),
      wire.stopBlock(1),
      ...wire.end('end_turn'),
    ];
    expect(told(reduce(events)).annotations[0]?.url_citation).toMatchObject({ start_index: 3, end_index: 6 });
  });

  it('RES-10: the other kinds stay in the native content', () => {
    const citation = { type: 'page_location', cited_text: 'x', document_index: 0 };
    const events = [
      wire.start(),
      wire.block(0, { type: 'text', text: '' }),
      wire.delta(0, { type: 'citations_delta', citation }),
      wire.delta(0, { type: 'text_delta', text: 'cited' }),
      ...wire.end('end_turn'),
    ];
    const answer = told(reduce(events));
    expect(answer.annotations).toEqual([]);
    expect(answer.vendor['content']).toEqual([{ type: 'text', text: 'cited', citations: [citation] }]);
  });

  it('do not change the start event they were added to', () => {
    const citations = Object.freeze([{ type: 'char_location' }]);
    const { block, out } = textBlock({ citations });
    block.delta({ type: 'citations_delta', citation: { type: 'page_location' } }, out);
    expect(block.native()['citations']).toHaveLength(2);
    expect(citations).toHaveLength(1);
  });
});
