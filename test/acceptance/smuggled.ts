/** A request as bytes, and how often the pool may be asked for it when it is well-formed after all. */
export interface Corpus {
  /** 400, and the connection is closed. */
  readonly malformed: Readonly<Record<string, string>>;
  /** The same, but for the parser of Node before 20.20, which reads them as the next server would. */
  readonly malformedToday: Readonly<Record<string, string>>;
  /** Odd, and yet as the RFCs allow it. */
  readonly legal: Readonly<Record<string, string>>;
}

const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }] });
const length = body.length;
const size = length.toString(16);
const start = 'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const chunks = `${size}\r\n${body}\r\n0\r\n\r\n`;
const second = 'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n\r\n';

const plain = (headers: string): string => `${start}${headers}\r\n${body}`;
const sized = (headers: string): string => plain(`${headers}Content-Length: ${length}\r\n`);
const chunked = (coding: string, text = chunks): string => `${start}${coding}\r\n${text}`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** What two servers in a row may read as two different requests, and some that nobody can read. */
export const corpus: Corpus = {
  malformed: {
    'both lengths, CL.TE': `${start}Content-Length: ${length}\r\n${CHUNKED}\r\n0\r\n\r\n${second}`,
    'both lengths, TE.CL': `${start}${CHUNKED}Content-Length: 4\r\n\r\n${chunks}`,
    'the same length twice': sized(`Content-Length: ${length}\r\n`),
    'two lengths': sized('Content-Length: 0\r\n'),
    'a list of lengths': plain(`Content-Length: ${length}, ${length}\r\n`),
    'a length with a sign': plain(`Content-Length: +${length}\r\n`),
    'a negative length': plain('Content-Length: -1\r\n'),
    'a hexadecimal length': plain('Content-Length: 0x10\r\n'),
    'a length with a space in it': plain('Content-Length: 1 0\r\n'),
    'an empty length': plain('Content-Length: \r\n'),
    'a length beyond all numbers': plain('Content-Length: 99999999999999999999999\r\n'),
    'a length with a space before the colon': plain(`Content-Length : ${length}\r\n`),
    'an unknown coding': chunked('Transfer-Encoding: xchunked\r\n'),
    'a coding after chunks': chunked('Transfer-Encoding: chunked, identity\r\n'),
    'a coding before chunks': chunked('Transfer-Encoding: gzip, chunked\r\n'),
    'two codings': chunked(`${CHUNKED}Transfer-Encoding: identity\r\n`),
    'chunks twice': chunked(CHUNKED + CHUNKED),
    'identity with a length': sized('Transfer-Encoding: identity\r\n'),
    'a coding with a space before the colon': chunked('Transfer-Encoding : chunked\r\n'),
    'a coding behind a vertical tab': chunked('Transfer-Encoding: \x0bchunked\r\n'),
    'a coding with two carriage returns': chunked('Transfer-Encoding: chunked\r\r\n'),
    'a coding on a folded line': chunked('Transfer-Encoding:\r\n chunked\r\n'),
    'a folded line': sized('X-A: 1\r\n 2\r\n'),
    'a folded first line': 'POST /v1/chat/completions HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n',
    'bare line feeds': sized('').replaceAll('\r\n', '\n'),
    'one bare line feed': sized('X-A: 1\n'),
    'a bare carriage return': sized('X-A: 1\r'),
    'a NUL': sized('X-A: a\0b\r\n'),
    'a line without a colon': sized('NoColon\r\n'),
    'a header without a name': sized(': x\r\n'),
    'a chunk with a line feed in its extension': chunked(CHUNKED, `${size};a=\nb\r\n${body}\r\n0\r\n\r\n`),
    'a chunk with an endless extension': chunked(
      CHUNKED,
      `${size};a=${'b'.repeat(20_000)}\r\n${body}\r\n0\r\n\r\n`,
    ),
    'a chunk of no size': chunked(CHUNKED, `zz\r\n${body}\r\n0\r\n\r\n`),
    'a chunk of negative size': chunked(CHUNKED, `-1\r\n${body}\r\n0\r\n\r\n`),
    'a chunk size with 0x': chunked(CHUNKED, `0x${size}\r\n${body}\r\n0\r\n\r\n`),
    'a chunk size with a space': chunked(CHUNKED, `${size} \r\n${body}\r\n0\r\n\r\n`),
    'chunks with bare line feeds': chunked(CHUNKED, chunks.replaceAll('\r\n', '\n')),
    'a chunk longer than its size': chunked(CHUNKED, `${(length - 2).toString(16)}\r\n${body}\r\n0\r\n\r\n`),
    'a chunk beyond all numbers': chunked(CHUNKED, `${'f'.repeat(17)}\r\n${body}\r\n0\r\n\r\n`),
    'chunks in HTTP/1.0': chunked(CHUNKED).replace('HTTP/1.1', 'HTTP/1.0'),
    'HTTP/2 without asking': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HTTP/0.9': 'GET /v1/models\r\n\r\n',
    'HTTP/1.2': 'GET /v1/models HTTP/1.2\r\nhost: localhost\r\n\r\n',
    'a method in lower case': 'get /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'no host': 'GET /v1/models HTTP/1.1\r\n\r\n',
    'two hosts': 'GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n',
    'a host with a space': 'GET /v1/models HTTP/1.1\r\nHost: local host\r\n\r\n',
    'a host with a path': 'GET /v1/models HTTP/1.1\r\nHost: localhost/evil\r\n\r\n',
    'a host with a user': 'GET /v1/models HTTP/1.1\r\nHost: a@localhost\r\n\r\n',
    'another host in the target': 'GET http://evil/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'another host beside the target': 'GET http://localhost/v1/models HTTP/1.1\r\nHost: evil\r\n\r\n',
    'a space in the target': 'GET /v1/mod els HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'a tunnel': 'CONNECT evil:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    garbage: '\x00\x01\x02\xff\r\n\r\n',
  },
  malformedToday: {
    'a bare line feed at the end of the head': `${start}Content-Length: ${length}\r\n\n${body}`,
    'a length behind the chunks': chunked(CHUNKED, `${size}\r\n${body}\r\n0\r\nContent-Length: 5\r\n\r\n`),
  },
  legal: {
    'a tab before a value': chunked('Transfer-Encoding:\tchunked\r\n'),
    // RFC 9112, 7.1.1: whoever does not know an extension must ignore it.
    'a chunk with an extension': chunked(CHUNKED, `${size};a=b\r\n${body}\r\n0\r\n\r\n`),
    'the target in full': sized('').replace('POST /v1', 'POST http://localhost/v1'),
    'empty lines before': `\r\n\r\n${sized('')}`,
  },
};
