import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/errors/index.ts';
import {
  bytesOf,
  chunkOf,
  type Exchange,
  exchangesIn,
  headerLine,
  lineOf,
} from '../../../src/testing/cassette/tape.ts';

const exchange: Exchange = {
  request: {
    method: 'POST',
    path: '/v1/chat',
    headers: { accept: 'text/event-stream' },
    body: { a: 'two\nlines' },
  },
  response: { status: 200, headers: { 'content-type': 'text/event-stream' } },
  chunks: [[1.5, 'data: 1\n\n']],
  end: 'eof',
};

describe('a piece of a body', () => {
  it.each<[string, Uint8Array, unknown]>([
    ['text', new TextEncoder().encode('Grüße'), 'Grüße'],
    ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), '\uFEFFa'],
    ['half a character', new Uint8Array([0xc3]), { base64: 'ww==' }],
    ['nothing', new Uint8Array(), ''],
  ])('of %s is kept exactly', (_, bytes, data) => {
    const chunk = chunkOf(12.345, bytes);
    expect(chunk).toEqual([12.3, data]);
    expect(bytesOf(chunk)).toEqual(bytes);
  });

  it('is the same bytes again, whatever they are, also by way of a file', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const chunks = [chunkOf(0, bytes)];
        const [back] = exchangesIn(headerLine() + lineOf({ ...exchange, chunks }), 'a.jsonl');
        expect(back?.chunks.map(bytesOf)).toEqual([bytes]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a file', () => {
  it('is one line for each exchange, and gives them back', () => {
    const failed: Exchange = {
      request: { ...exchange.request, method: 'GET' },
      chunks: [],
      end: { failed: 'ECONNREFUSED' },
    };
    const text = headerLine() + lineOf(exchange) + lineOf(failed);
    expect(text.trim().split('\n')).toHaveLength(3);
    expect(exchangesIn(text, 'a.jsonl')).toEqual([exchange, failed]);
    expect(exchangesIn(text.replaceAll('\n', '\r\n'), 'a.jsonl')).toEqual([exchange, failed]);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'is no cassette of this version'],
    ['another version', '{"cassette":2}\n', 'is no cassette of this version'],
    ['a line that is no JSON', `${headerLine()}${lineOf(exchange)}{"request"`, 'line 3 is no exchange'],
    ['a line of something else', `${headerLine()}[]\n`, 'line 2 is no exchange'],
    [
      'a request without a path',
      headerLine() + lineOf(exchange).replace('"path"', '"way"'),
      'line 2 is no exchange',
    ],
    ['an unknown end', headerLine() + lineOf(exchange).replace('"eof"', '"fine"'), 'line 2 is no exchange'],
    [
      'a head without a status',
      headerLine() + lineOf(exchange).replace('"status"', '"state"'),
      'line 2 is no exchange',
    ],
  ])('with %s is refused, by its line', (_, text, problem) => {
    expect(() => exchangesIn(text, 'a.jsonl')).toThrow(new ConfigError(`cassette: a.jsonl: ${problem}`));
  });

  it('of today looks like this', () => {
    // An interface: a cassette of today is read tomorrow.
    const text = headerLine() + lineOf(exchange);
    expect(text).toBe(
      '{"cassette":1}\n{"request":{"method":"POST","path":"/v1/chat","headers":{"accept":"text/event-stream"},"body":{"a":"two\\nlines"}},"response":{"status":200,"headers":{"content-type":"text/event-stream"}},"chunks":[[1.5,"data: 1\\n\\n"]],"end":"eof"}\n',
    );
  });
});
