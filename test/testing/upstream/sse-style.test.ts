import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, type SseStyle } from '../../../src/testing/upstream/sse-style.ts';

const frame = { event: 'ping', data: { type: 'ping', n: 1 } };
const text = (style?: SseStyle, first?: boolean): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(encodeFrame(frame, style, first));

describe('encodeFrame', () => {
  it.each<{ name: string; style: SseStyle; expected: string }>([
    { name: 'plain', style: {}, expected: 'event: ping\ndata: {"type":"ping","n":1}\n\n' },
    {
      name: 'CRLF (E1)',
      style: { eol: '\r\n' },
      expected: 'event: ping\r\ndata: {"type":"ping","n":1}\r\n\r\n',
    },
    { name: 'CR (E1)', style: { eol: '\r' }, expected: 'event: ping\rdata: {"type":"ping","n":1}\r\r' },
    { name: 'no names (E5)', style: { eventNames: false }, expected: 'data: {"type":"ping","n":1}\n\n' },
    {
      name: 'no space (E5)',
      style: { space: false },
      expected: 'event:ping\ndata:{"type":"ping","n":1}\n\n',
    },
    {
      name: 'comments, id and retry (E3)',
      style: { comments: true },
      expected: ': a comment\nid: 7\nretry: 1000\nevent: ping\ndata: {"type":"ping","n":1}\n\n',
    },
    {
      name: 'several data lines (E4)',
      style: { multiline: true },
      expected: 'event: ping\ndata: {\ndata:  "type": "ping",\ndata:  "n": 1\ndata: }\n\n',
    },
  ])('writes $name', ({ style, expected }) => {
    expect(text(style)).toBe(expected);
  });

  it('puts a byte order mark on the first event only (E2)', () => {
    expect(text({ bom: true }, true).startsWith('\uFEFFevent')).toBe(true);
    expect(text({ bom: true }, false).startsWith('event')).toBe(true);
    expect(text({}, true).startsWith('event')).toBe(true);
  });

  it('writes text as it is, so that an event may be anything', () => {
    const bytes = encodeFrame({ event: 'x', data: '[DONE]' });
    expect(new TextDecoder().decode(bytes)).toBe('event: x\ndata: [DONE]\n\n');
  });

  it('writes no name where there is none, as on OpenAI’s wire', () => {
    expect(new TextDecoder().decode(encodeFrame({ data: { a: 1 } }))).toBe('data: {"a":1}\n\n');
  });

  it('writes a comment alone, in any style', () => {
    const written = (style: SseStyle) => new TextDecoder().decode(encodeFrame({ comment: 'wait' }, style));
    expect(written({})).toBe(': wait\n\n');
    expect(written({ eol: '\r\n', eventNames: true, multiline: true })).toBe(': wait\r\n\r\n');
  });

  it('means the same to a parser in every style (property)', () => {
    const style = fc.record({
      eol: fc.constantFrom<'\n' | '\r\n' | '\r'>('\n', '\r\n', '\r'),
      bom: fc.boolean(),
      comments: fc.boolean(),
      space: fc.boolean(),
      multiline: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.record({ value: fc.jsonValue() }), style, (data, how) => {
        const seen: unknown[] = [];
        const parser = createParser({ onEvent: (event) => seen.push([event.event, JSON.parse(event.data)]) });
        // A lone CR at the very end is only a line end once something follows it.
        parser.feed(`${new TextDecoder().decode(encodeFrame({ event: 'e', data }, how, true))}: end\n\n`);
        expect(seen).toEqual([['e', JSON.parse(JSON.stringify(data))]]);
      }),
      { numRuns: 200 },
    );
  });
});
