import { describe, expect, it } from 'vitest';
import { events, raw, status } from '../../../../src/testing/upstream/replies/bytes.ts';

const decode = (pieces: readonly Uint8Array[]): string[] =>
  pieces.map((piece) => new TextDecoder().decode(piece));

describe('status', () => {
  it('is a status and whatever is known of its body', () => {
    expect(status(529)).toEqual({ kind: 'status', status: 529 });
    expect(status(429, { headers: { 'retry-after': '3' }, details: { error_code: 'x' } })).toEqual({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '3' },
      details: { error_code: 'x' },
    });
  });
});

describe('raw', () => {
  it('takes text, bytes, or a mixture', () => {
    expect(decode(raw('abc').pieces)).toEqual(['abc']);
    expect(raw(Uint8Array.of(0xff)).pieces).toEqual([Uint8Array.of(0xff)]);
    expect(decode(raw(['é', Uint8Array.of(0x41)]).pieces)).toEqual(['é', 'A']);
    expect(raw([]).pieces).toEqual([]);
  });

  it('keeps how it is sent', () => {
    expect(raw('x', { status: 500, split: 1, how: 'reset', delayMs: 2 })).toMatchObject({
      status: 500,
      split: 1,
      how: 'reset',
      delayMs: 2,
    });
  });
});

describe('events', () => {
  const frames = [
    { event: 'a', data: { n: 1 } },
    { event: 'b', data: 'no json' },
  ];

  it('writes one piece for each event', () => {
    expect(decode(events(frames).pieces)).toEqual([
      'event: a\ndata: {"n":1}\n\n',
      'event: b\ndata: no json\n\n',
    ]);
    expect(events(frames).split).toBe('event');
  });

  it('writes in the style asked for', () => {
    const made = events(frames, { style: { bom: true, eol: '\r\n', split: 3 }, how: 'hang' });
    expect(made).toMatchObject({ kind: 'raw', split: 3, how: 'hang' });
    expect([...(made.pieces[0] ?? [])].slice(0, 3)).toEqual([0xef, 0xbb, 0xbf]);
    expect(decode(made.pieces)[1]).toBe('event: b\r\ndata: no json\r\n\r\n');
  });
});
