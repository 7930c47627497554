import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmless, MAX_UPSTREAM_CHARS, redact } from '../../src/provider-kit/redact.ts';

const KEY = 'canary-key/with+odd=chars_0123456789';

describe('our own keys (S22)', () => {
  const encodings: readonly (readonly [string, string])[] = [
    ['as it is', KEY],
    ['URL-encoded', encodeURIComponent(KEY)],
    ['URL-encoded in lower case', encodeURIComponent(KEY).toLowerCase()],
    ['in base64', btoa(KEY)],
    ['in base64url', btoa(KEY).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
    ['in base64 after one byte', btoa(`:${KEY}`)],
    ['in base64 after two bytes', btoa(`u:${KEY}`)],
    ['in base64 as basic credentials', btoa(`user:${KEY}:x`)],
    ['split by an invisible character', `${KEY.slice(0, 9)}\u200b${KEY.slice(9)}`],
  ];

  it.each(encodings)('are masked %s', (_, form) => {
    const shown = redact(`before ${form} after`, [KEY]);
    expect(shown).toMatch(/^before .*\[redacted\].* after$/);
    for (const [, other] of encodings) expect(shown).not.toContain(other.slice(4, -6));
  });

  it('are masked wherever they stand and however often', () => {
    expect(redact(`${KEY}${KEY} x${KEY}y`, [KEY])).toBe('[redacted][redacted] x[redacted]y');
  });

  it('are masked before the text is cut, so that no half of one is left at the cut', () => {
    for (let before = MAX_UPSTREAM_CHARS - 45; before <= MAX_UPSTREAM_CHARS; before++) {
      expect(redact('x '.repeat(before).slice(0, before) + KEY, [KEY])).not.toContain(KEY.slice(0, 10));
    }
  });

  it('are masked at the end of what is read of a huge text', () => {
    for (const before of [64 * 1024 - 12, 56 * 1024 - 12, 0, 7]) {
      expect(redact(' '.repeat(before) + KEY.repeat(3_000), [KEY])).not.toContain('canary');
    }
    expect(redact(`early ${'word '.repeat(30_000)}`)).toMatch(/^early word/);
  });

  it('leave placeholders such as `ollama` alone', () => {
    expect(redact('ollama: no such model', ['ollama', '', 'x'])).toBe('ollama: no such model');
  });

  it('may hold anything', () => {
    expect(redact('a \ud800secret-ä😀 b', ['\ud800secret-ä😀'])).toBe('a [redacted] b');
  });
});

describe('harmless', () => {
  it.each(['req_011CQ', 'chatcmpl-1:2', 'messages[3].content', 'a'])('passes a word: %s', (word) => {
    expect(harmless(word, [KEY])).toBe(word);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty one', ''],
    ['several words', 'two words'],
    ['markup', '<b>'],
    ['a long one', 'x'.repeat(129)],
    ['a key of ours', 'canary-key-0123'],
    ['a key of ours inside', 'req_canary-key-0123_1'],
    ['a key of ours in base64', btoa('canary-key-0123').replaceAll('=', '')],
    ['the key of somebody', 'sk-ant-api03-abcdef'],
  ])('stops %s', (_, word) => {
    expect(harmless(word, ['canary-key-0123'])).toBeUndefined();
  });
});

describe('shapes of credentials (ERR-61)', () => {
  it.each([
    ['sk-ant-api03-abcDEF_123-xyz is invalid', '[redacted] is invalid'],
    ['Incorrect API key provided: sk-proj-****************abcd.', 'Incorrect API key provided: [redacted].'],
    ['key gsk_abcdefgh12 and xai-abcdefgh', 'key [redacted] and [redacted]'],
    ['AIzaSyA1234567890abcdefgh used', '[redacted] used'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: [redacted]'],
    ['{"x-api-key":"abc","b":1}', '{"x-api-key":"[redacted]","b":1}'],
    ['sent Bearer abcdefghijkl', 'sent Bearer [redacted]'],
    ['GET https://h.example/v1?key=abc&x=1', 'GET https://h.example/v1?key=[redacted]&x=1'],
    ['GET /v1?x=1&access_token=abc', 'GET /v1?x=1&access_token=[redacted]'],
    ['at https://user:pass@h.example/v1', 'at https://[redacted]@h.example/v1'],
  ])('%s', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it.each([
    'the task-force-one tool is unknown',
    'a risk-based answer',
    'see https://docs.example/errors?page=2',
    'messages.0: use user@host.example',
  ])('%s stays', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('what is left', () => {
  it.each([
    ['<!DOCTYPE html><html><body>502 Bad Gateway</body></html>'],
    ['\n<html>\n<head><title>503</title></head></html>'],
    ['<?xml version="1.0"?><Error/>'],
    ['<center><h1>502</h1></center>'],
  ])('S19: is nothing of a web page: %s', (page) => {
    expect(redact(page)).toBe('');
  });

  it('S19: has no tags', () => {
    expect(redact('see <a href="x">the docs</a> <b>now</b>')).toBe('see the docs now');
    expect(redact('expected a < b and b > c')).toBe('expected a c');
  });

  it('is one line without control characters', () => {
    expect(redact('a\r\nb\u0000\u001b[31mc\u2028d\t\te')).toBe('a b [31mc d e');
    expect(redact('evil\u202eturn')).toBe('evilturn');
    expect(redact('  \n ')).toBe('');
  });

  it('is at most 200 characters', () => {
    const long = redact('word '.repeat(100));
    expect(long).toHaveLength(MAX_UPSTREAM_CHARS);
    expect(long.endsWith('…')).toBe(true);
    expect(redact('x'.repeat(MAX_UPSTREAM_CHARS))).toBe('x'.repeat(MAX_UPSTREAM_CHARS));
  });

  it('ends with a whole character', () => {
    for (const pad of ['', 'x'])
      expect(redact(pad + '😀'.repeat(150)).slice(-2, -1)).not.toMatch(/[\ud800-\udbff]/);
  });
});

describe('any text', () => {
  it('is safe, short and stays the same when redacted again', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(KEY, btoa(KEY), 'sk-', '?key=', '<', '//', '@'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const shown = redact(pieces.join(''), [KEY]);
        expect(shown.length).toBeLessThanOrEqual(MAX_UPSTREAM_CHARS);
        expect(shown).not.toContain(KEY);
        expect(shown).not.toContain(btoa(KEY).slice(0, -4));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ...['<', '<a', '//', '////a', 'sk-', '?key=', '&token=', 'authorization', 'authorization: ', 'bearer '],
    ...[' ', '\u200b', '\u0000', KEY.slice(0, -1), '<html', 'AIza', '@', '://'],
  ])('I5: 100 KB of %j take less than 50 ms', (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length));
    const times = [1, 2, 3].map(() => {
      const started = performance.now();
      redact(text, [KEY]);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
