import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readErrorText, readText, sniff } from '../../src/provider-kit/body.ts';
import { createTransport } from '../../src/provider-kit/transport.ts';
import { failureOf } from '../contexts.ts';
import { answer, CHUNKED, chunk, closeLoopbacks, post, startLoopback, until } from './loopback.ts';
import { cutAt, responseOf, utf8 } from './script-response.ts';

describe('sniff', () => {
  it.each([
    ['N4: an object', '{"id":1}', 'json'],
    ['an object after white space', ' \r\n\t {"id":1}', 'json'],
    ['an object after a byte order mark', '\uFEFF{"id":1}', 'json'],
    ["a list, as Google's errors", '[{"error":{}}]', 'json'],
    ['N1: a page', '<!doctype html><html>', 'html'],
    ['N2: a page after white space', '\n\n  <html>', 'html'],
    ['XML', '<?xml version="1.0"?>', 'html'],
    ['an event', 'data: {"id":1}\n\n', 'sse'],
    ['an event after a byte order mark', '\uFEFFdata: {}', 'sse'],
    ['an event with its name first', 'event: message_start\ndata: {}\n\n', 'sse'],
    ['E3: a comment', ': OPENROUTER PROCESSING\n\n', 'sse'],
    ['an event after blank lines', '\n\ndata: {}\n\n', 'sse'],
    ['words', 'upstream connect error', 'sse'],
    ['N7: nothing', '', 'empty'],
    ['nothing visible', ' \r\n\t\n', 'empty'],
    ['a byte order mark alone', '\uFEFF', 'empty'],
  ])('%s', (_, text, kind) => {
    expect(sniff([utf8(text)])).toBe(kind);
    expect(sniff(cutAt(utf8(text), [...utf8(text).keys()]))).toBe(kind);
  });

  it.each([
    ['a body that ended at once', undefined],
    ['no chunk', []],
    ['empty chunks', [new Uint8Array(), new Uint8Array()]],
  ])('%s is empty', (_, chunks) => {
    expect(sniff(chunks)).toBe('empty');
  });

  it('8: has an answer for any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 })), (chunks) => {
        expect(['sse', 'json', 'html', 'empty']).toContain(sniff(chunks));
      }),
      { numRuns: 200 },
    );
  });
});

describe('readText', () => {
  const limits = { provider: 'acme', maxBytes: 100 };

  it('joins all reads, and what was read before', async () => {
    expect(await readText(responseOf([['a', 'b'], ['c']]), limits)).toBe('abc');
    expect(await readText(responseOf([['b'], ['c']]), { ...limits, first: [utf8('a')] })).toBe('abc');
    expect(await readText(responseOf([]), limits)).toBe('');
  });

  it('E10: does not break code points apart', async () => {
    const bytes = utf8('aä€😀z');
    const reads = cutAt(bytes, [...bytes.keys()]).map((single) => [single]);
    expect(await readText(responseOf(reads), limits)).toBe('aä€😀z');
  });

  it('E13: shows half a code point at the end as what it is', async () => {
    expect(await readText(responseOf([[new Uint8Array([0x61, 0xe2, 0x82])]]), limits)).toBe('a\uFFFD');
  });

  it.each([
    ['exactly the limit', [['x'.repeat(60)], ['x'.repeat(40)]], undefined],
    ['one byte more', [['x'.repeat(60)], ['x'.repeat(41)]], 'bad_response'],
    ['all of it in one read', [['x'.repeat(101)]], 'bad_response'],
    ['fewer characters, but more bytes', [['€'.repeat(34)]], 'bad_response'],
  ])('10: takes up to `maxBytes`: %s', async (_, reads, code) => {
    const outcome = await readText(responseOf(reads), limits).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (code === undefined) expect(outcome).toBeUndefined();
    else expect(outcome).toMatchObject({ code, message: 'acme: the answer is larger than 100 bytes' });
  });

  it('stops reading at the limit', async () => {
    const response = responseOf(Array(10).fill(['x'.repeat(60)]));
    await failureOf(readText(response, limits));
    expect(response.pulls()).toBe(2);
  });

  it('rejects as the body does', async () => {
    const reset = new Error('reset');
    expect(await failureOf(readText(responseOf([['a']], reset), limits))).toBe(reset);
  });
});

describe('readErrorText', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is the body', async () => {
    expect(await readErrorText(responseOf([['{"err'], ['or":1}']]))).toBe('{"error":1}');
    expect(await readErrorText(responseOf([]))).toBe('');
  });

  it('S21: is what came within the time, when the body does not end', async () => {
    vi.useFakeTimers();
    const text = readErrorText(responseOf([['{"error":'], ['"slow']], 'silence'));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await text).toBe('{"error":"slow');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes another limit of time', async () => {
    vi.useFakeTimers();
    const text = readErrorText(responseOf([], 'silence'), 50);
    await vi.advanceTimersByTimeAsync(50);
    expect(await text).toBe('');
  });

  it('has no timer left after a body that ends', async () => {
    vi.useFakeTimers();
    await readErrorText(responseOf([['x']]));
    await readErrorText(responseOf([['x']], new Error('reset')));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('S22: is what came before a break', async () => {
    expect(await readErrorText(responseOf([['half'], [' a body']], new Error('reset')))).toBe('half a body');
  });

  it('S20: is 64 KiB at most, and the rest is not read', async () => {
    const response = responseOf(Array(100).fill(['x'.repeat(10_000)]));
    expect(await readErrorText(response)).toHaveLength(64 * 1024);
    expect(response.pulls()).toBe(7);
  });

  it('20: a body of one huge read is cut too', async () => {
    expect(await readErrorText(responseOf([['x'.repeat(1_000_000)]]))).toHaveLength(64 * 1024);
  });

  it('E13: takes any bytes', async () => {
    expect(await readErrorText(responseOf([[new Uint8Array([0xff, 0x41])]]))).toBe('\uFFFDA');
  });
});

describe('an error body over a real connection', () => {
  const transport = createTransport({ provider: 'acme' });
  afterEach(closeLoopbacks);

  it('that hangs is given up, and its connection cut', async () => {
    const server = await startLoopback({ serve: (socket) => socket.write(CHUNKED + chunk('{"error"')) });
    const response = await post(transport, server);
    expect(await readErrorText(response, 60)).toBe('{"error"');
    response.finish();
    await until(() => server.open === 0);
  });

  it('that is reset in the middle is what had come', async () => {
    const server = await startLoopback({
      serve: (socket) => {
        socket.write(CHUNKED + chunk('{"error"'));
        setTimeout(() => socket.resetAndDestroy(), 30);
      },
    });
    const response = await post(transport, server);
    expect(await readErrorText(response)).toBe('{"error"');
  });

  it('of 64 MB costs 64 KiB of it', async () => {
    const server = await startLoopback({
      serve: (socket) => socket.write(answer('x'.repeat(64 * 1024 * 1024), '500 Internal Server Error')),
    });
    const response = await post(transport, server);
    expect(await readErrorText(response)).toHaveLength(64 * 1024);
    response.finish();
    await until(() => server.open === 0);
  });
});
