import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors/index.ts';
import { readSse, SseDecoder } from '../../src/provider-kit/sse.ts';
import { collect, failureOf } from '../contexts.ts';
import { cutAt, type Read, responseOf, utf8 } from './script-response.ts';

/** The data in order, of a body that came in these pieces, one read each. */
async function dataOf(...pieces: readonly (string | Uint8Array)[]): Promise<string[]> {
  return (await readsOf(pieces.map((piece) => [piece]))).flat();
}

async function readsOf(reads: readonly Read[]): Promise<string[][]> {
  return (await collect(readSse(responseOf(reads), 'acme'))).map((data) => [...data]);
}

describe('lines', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['E1: CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['E1: CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['E1: mixed', 'data: a\n\r\ndata: b\r\ndata: c\r\r\ndata: d\r\n\n', ['a', 'b\nc', 'd']],
    ['E2: a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['a byte order mark that comes later is data', 'data: \uFEFFa\n\n', ['\uFEFFa']],
    ['E3: comments', ': hello\ndata: a\n:\n: data: x\n\n:\n\ndata: b\n\n', ['a', 'b']],
    ['E3: id and retry', 'id: 7\nretry: 100\ndata: a\nid\nretry: soon\n\n', ['a']],
    ['E3: unknown fields', 'dat: x\nfoo: y\ndata: a\nDATA: z\n data: w\n\n', ['a']],
    ['E4: several lines', 'data: a\ndata: b\ndata: c\n\n', ['a\nb\nc']],
    ['E4: empty lines among them', 'data: a\ndata:\ndata\ndata: b\n\n', ['a\n\n\nb']],
    ['E5: no space', 'data:a\n\ndata:{"x":1}\n\n', ['a', '{"x":1}']],
    ['one space is removed, not two', 'data:  a\n\n', [' a']],
    ['other white space is data', 'data:\ta \n\n', ['\ta ']],
    ['colons are data', 'data: a: b:c\n\n', ['a: b:c']],
    ['E5: no event names', 'data: a\n\n', ['a']],
    ['E6: event names of any kind', 'event: ping\ndata: a\n\nevent:\ndata: b\n\n', ['a', 'b']],
    ['an event without data is none', 'event: ping\n\nid: 1\n\n\n\ndata: a\n\n', ['a']],
    ['a field name alone is an empty value', 'data\n\n', ['']],
    ['an empty value is one', 'data:\n\ndata: \n\n', ['', '']],
    ['V10: [DONE] is data like any other', 'data: [DONE]\n\ndata: after\n\n', ['[DONE]', 'after']],
    ['E13: NUL', 'data: a\u0000b\n\nid: \u0000\ndata: c\n\n', ['a\u0000b', 'c']],
    ['nothing', '', []],
    ['nothing but blank lines', '\n\r\n\r\n\n', []],
  ])('%s', async (_, body, data) => {
    expect(await dataOf(body)).toEqual(data);
    // The same, a byte at a time.
    const bytes = utf8(body);
    expect(await dataOf(...cutAt(bytes, [...bytes.keys()]))).toEqual(data);
  });
});

/** From the Web Platform Tests for EventSource, `format-*`. */
describe('the format, as browsers are tested for it', () => {
  it.each([
    [
      'format-comments',
      'data:1\r:\u0000\n:\r\ndata:2\n:x\rdata:3\n:data:fail\r:x\ndata:4\n\n',
      ['1\n2\n3\n4'],
    ],
    ['format-data-before-final-empty-line', 'retry:1000\ndata:test1\n\nid:test\ndata:test2', ['test1']],
    ['format-field-data', 'data:\n\ndata\ndata\n\ndata:test\n\n', ['', '\n', 'test']],
    ['format-field-event-empty', 'event: \ndata:data\n\n', ['data']],
    [
      'format-field-parsing',
      'data:\u0000\ndata:  2\rData:1\ndata\u0000:2\ndata:1\r\u0000data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n',
      ['\u0000\n 2\n1\n3\n\n4'],
    ],
    [
      'format-field-unknown',
      'data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n',
      ['test\n\ntest'],
    ],
    ['format-leading-space', 'data:\ttest\rdata: \ndata:test\n\n', ['\ttest\n\ntest']],
    ['format-newlines', 'data:test\r\ndata\ndata:test\r\n\r', ['test\n\ntest']],
    ['format-null-character', 'data:\u0000\n\n\n\n', ['\u0000']],
    ['format-utf-8', 'data:ok\u2026\n\n', ['ok\u2026']],
    ['format-bom', '\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n', ['1', '2', '3']],
    ['format-bom-2', '\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n', ['2', '3']],
  ])('%s', async (_, body, data) => {
    expect(await dataOf(body)).toEqual(data);
  });
});

describe('the end', () => {
  it.each([
    ['E7: no blank line', 'data: a\n\ndata: cut\n', ['a']],
    ['not even a line end', 'data: a\n\ndata: cut', ['a']],
    ['T31: half a line', 'data: a\n\nda', ['a']],
    ['half a CRLF counts as a line end', 'data: a\r\n\r\ndata: b\r\n\r', ['a', 'b']],
    ['a CR that ends the last line is no blank line', 'data: a\r\rdata: cut\r', ['a']],
    ['half a code point', new Uint8Array([...utf8('data: a\n\ndata: '), 0xe2, 0x82]), ['a']],
  ])('%s', async (_, body, data) => {
    expect(await dataOf(body)).toEqual(data);
  });

  it('a host that ends lines with CR alone is not heard one event late', async () => {
    const reads = await readsOf([['data: a\r\r'], ['data: b\r\r'], ['\r'], ['data: c\r'], ['\r']]);
    expect(reads).toEqual([['a'], ['b'], [], [], ['c']]);
  });

  it('an LF that follows in the next read belongs to the CR before it', async () => {
    const reads = await readsOf([['data: a\r'], ['\ndata: b\r'], ['\n\r'], ['\ndata: c\n'], ['\n']]);
    expect(reads).toEqual([[], [], ['a\nb'], [], ['c']]);
    // Two LF after a CR are the rest of a CRLF and a line end of their own.
    expect(await dataOf('data: a\r', '\n', '\n')).toEqual(['a']);
    expect(await dataOf('data: a\r', '', '\n', 'data: b\r', '\n', '\r', '\n')).toEqual(['a\nb']);
  });
});

describe('bytes', () => {
  it('E10: code points may be split anywhere', async () => {
    const bytes = utf8('data: aä€😀z\n\n');
    for (let first = 1; first < bytes.length; first++)
      for (let second = first; second < bytes.length; second++)
        expect(await dataOf(...cutAt(bytes, [first, second]))).toEqual(['aä€😀z']);
  });

  it('E2: a byte order mark may be split too', async () => {
    const bytes = utf8('\uFEFFdata: a\n\n');
    expect(await dataOf(...cutAt(bytes, [1, 2, 3]))).toEqual(['a']);
  });

  it.each([
    ['a lone continuation byte', [0x80], '\uFFFD'],
    ['a byte that never occurs', [0xff], '\uFFFD'],
    ['half a code point', [0xe2, 0x82], '\uFFFD'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD'],
    ['an overlong slash', [0xc0, 0xaf], '\uFFFD\uFFFD'],
  ])('E13: %s becomes U+FFFD', async (_, wrong, shown) => {
    const bytes = new Uint8Array([...utf8('data: <'), ...wrong, ...utf8('>\n\n')]);
    expect(await dataOf(bytes)).toEqual([`<${shown}>`]);
    expect(await dataOf(...cutAt(bytes, [...bytes.keys()]))).toEqual([`<${shown}>`]);
  });
});

describe('reads', () => {
  it('come out one array for each, empty when they completed nothing', async () => {
    expect(await readsOf([['data: a\n\ndata: b\n\nda'], ['ta: '], ['c\n'], ['\ndata: d\n\n']])).toEqual([
      ['a', 'b'],
      [],
      [],
      ['c', 'd'],
    ]);
  });

  it('of many small chunks are one', async () => {
    const bytes = utf8('data: a\n\ndata: ä\n\n');
    const singles = [...bytes].map((byte) => new Uint8Array([byte]));
    expect(await readsOf([singles, ['data: c\n\n']])).toEqual([['a', 'ä'], ['c']]);
  });

  it('that brought no chunk, or empty ones, complete nothing', async () => {
    expect(await readsOf([[], [''], ['data: a\n', '', '\n'], []])).toEqual([[], [], ['a'], []]);
  });

  it('may be kept by whoever reads: an array once handed out does not change', async () => {
    const kept = await collect(readSse(responseOf([['da'], ['ta: a\n\n'], [''], ['data: b\n\n']]), 'acme'));
    expect(kept).toEqual([[], ['a'], [], ['b']]);
  });

  it('begin with the chunks that were looked at already', async () => {
    const response = responseOf([['ta: a\n\n'], ['data: b\n\n']]);
    const reads = await collect(readSse(response, 'acme', [utf8('da')]));
    expect(reads).toEqual([[], ['a'], ['b']]);
  });

  it('are not made ahead of the reader (E9)', async () => {
    const response = responseOf([['data: a\n\n'], ['data: b\n\n'], ['data: c\n\n']]);
    const reader = readSse(response, 'acme');
    await reader.next();
    expect(response.pulls()).toBe(1);
    await reader.return(undefined);
    expect(response.pulls()).toBe(1);
  });

  it('T30: what came before a break is delivered, then the break as it is', async () => {
    const cut = new ProviderError({ provider: 'acme', code: 'connection', message: 'reset' });
    const reader = readSse(responseOf([['data: a\n\ndata: b']], cut), 'acme');
    expect(await reader.next()).toEqual({ done: false, value: ['a'] });
    expect(await failureOf(reader.next())).toBe(cut);
  });
});

describe('an event that is named error', () => {
  const decoded = (body: string): readonly [data: readonly string[], errorAt: number] => {
    const decoder = new SseDecoder('acme');
    const data = decoder.decode([utf8(body)]);
    return [data, decoder.errorAt];
  };

  it.each([
    ['alone', 'event: error\ndata: a\n\n', 0],
    ['after others', 'data: a\n\nevent: error\ndata: b\n\ndata: c\n\n', 1],
    ['the first of two', 'event: error\ndata: a\n\nevent: error\ndata: b\n\n', 0],
    ['no space after the colon', 'event:error\ndata:a\n\n', 0],
    ['its name behind its data', 'data: a\nevent: error\n\n', 0],
    ['another name', 'event: errors\ndata: a\n\n', -1],
    ['none', 'data: error\n\n', -1],
    ['without data it is no event', 'event: error\n\n', -1],
  ])('is known by its place: %s', (_, body, errorAt) => {
    const [data, at] = decoded(body);
    expect(at).toBe(errorAt);
    if (errorAt >= 0) expect(data.length).toBeGreaterThan(errorAt);
  });

  it('is known of one read alone', () => {
    const decoder = new SseDecoder('acme');
    decoder.decode([utf8('event: error\ndata: a\n\n')]);
    expect(decoder.errorAt).toBe(0);
    decoder.decode([utf8('data: b\n\n')]);
    expect(decoder.errorAt).toBe(-1);
  });
});

describe('size', () => {
  it('E14: an event of 10 MB in reads of 64 KB is one event, in linear time', async () => {
    const text = 'x'.repeat(10 * 1024 * 1024);
    const bytes = utf8(`data: ${text}\n\n`);
    const places = Array.from({ length: bytes.length / 65_536 }, (_, index) => index * 65_536);
    const startMs = performance.now();
    const data = await dataOf(...cutAt(bytes, places));
    expect(data).toHaveLength(1);
    expect(data[0] === text).toBe(true);
    // Quadratic work on this body takes more than ten times as long.
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  const limited = (reads: readonly Read[], maxEventChars: number) =>
    readSse(responseOf(reads), 'acme', undefined, maxEventChars);

  it.each([
    ['E15: a line without an end', ['data: ', 'x'.repeat(40), 'x'.repeat(40), 'x'.repeat(40)]],
    ['a comment without an end', [': ', 'x'.repeat(60), 'x'.repeat(60)]],
    ['lines without an end', Array(40).fill('data: xxxx\n')],
  ])('%s ends at the limit', async (_, pieces: readonly string[]) => {
    const response = responseOf([...pieces.map((piece) => [piece]), ['never read']]);
    const error = await failureOf(collect(readSse(response, 'acme', undefined, 100)));
    expect(error).toMatchObject({
      code: 'bad_response',
      provider: 'acme',
      message: 'acme: one event is larger than 100 characters',
    });
    expect(response.pulls()).toBeLessThan(pieces.length + 1);
  });

  it('what was complete before the limit is delivered first', async () => {
    const reader = limited([['data: a\n\n'], [`data: b\n\ndata: ${'x'.repeat(200)}`], ['x']], 100);
    expect((await reader.next()).value).toEqual(['a']);
    expect((await reader.next()).value).toEqual(['b']);
    expect(await failureOf(reader.next())).toMatchObject({ code: 'bad_response' });
    expect((await reader.next()).done).toBe(true);
  });

  it('events under the limit never add up to it', async () => {
    const reads = Array.from({ length: 100 }, (_, nth): Read => [`data: ${nth}${'x'.repeat(50)}`, '\n\n']);
    expect((await collect(limited(reads, 100))).flat()).toHaveLength(100);
  });

  it('E16: 100,000 tiny events in one read', async () => {
    const body = 'data: x\n\n'.repeat(100_000);
    const startMs = performance.now();
    expect(await dataOf(body)).toHaveLength(100_000);
    expect(performance.now() - startMs).toBeLessThan(1_500);
  });
});

describe('SseDecoder', () => {
  it('decodes the chunks of one read after another', () => {
    const decoder = new SseDecoder('acme');
    expect(decoder.decode([utf8('data: a\n\nda'), utf8('ta: b')])).toEqual(['a']);
    expect(decoder.decode([])).toEqual([]);
    expect(decoder.decode([utf8('\n\n')])).toEqual(['b']);
    expect(decoder.failure).toBeUndefined();
  });

  it('hands out arrays that stay as they are', () => {
    const decoder = new SseDecoder('acme');
    const reads = ['', 'data: a\n\n', 'data: b\n\n'].map((text) => decoder.decode([utf8(text)]));
    expect(reads).toEqual([[], ['a'], ['b']]);
  });

  it('E15: tells an event beyond the limit in `failure`, beside what was complete before it', () => {
    const decoder = new SseDecoder('acme', 20);
    expect(decoder.decode([utf8(`data: a\n\ndata: ${'x'.repeat(30)}`)])).toEqual(['a']);
    expect(decoder.failure).toMatchObject({ code: 'bad_response', provider: 'acme' });
  });

  it('8: has nothing more to say after that, and does not throw', () => {
    const decoder = new SseDecoder('acme', 20);
    decoder.decode([utf8('x'.repeat(30))]);
    const { failure } = decoder;
    expect(decoder.decode([utf8('\n\ndata: a\n\n')])).toEqual([]);
    expect(decoder.failure).toBe(failure);
  });
});
