import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BodyLimits, Incoming } from '../../src/http/incoming.ts';
import { readJsonBody } from '../../src/http/json-body.ts';
import { failureOf } from '../contexts.ts';

const json = { 'content-type': 'application/json' };

function incoming(body: Incoming['body'], more: Partial<Incoming> = {}): Incoming {
  return { method: 'POST', path: '/', headers: new Headers(json), signal: undefined, body, ...more };
}

/** Pieces as the network brings them, and whether they were taken. */
function pieces(...parts: readonly (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  const left = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const cancel = vi.fn();
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        const next = left.shift();
        if (next) controller.enqueue(next);
        else controller.close();
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  return { body, cancel, pulled: () => pulled };
}

const silent = (): ReadableStream<Uint8Array> => new ReadableStream({ pull: () => new Promise(() => {}) });

afterEach(() => vi.useRealTimers());

describe('readJsonBody', () => {
  it.each([
    ['{"a":[1,null,"é"]}', { a: [1, null, 'é'] }],
    [' 7 ', 7],
    ['"text"', 'text'],
  ])('reads %s from text and from a stream', async (text, value) => {
    expect(await readJsonBody(incoming(text))).toEqual(value);
    expect(await readJsonBody(incoming(pieces(text).body))).toEqual(value);
  });

  it('joins characters that were cut between two reads', async () => {
    const bytes = new TextEncoder().encode('{"a":"🐈"}');
    const split = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await readJsonBody(incoming(pieces(...split).body))).toEqual({ a: '🐈' });
  });

  it.each(['', '{', '{"a":1}}', 'undefined', '{a:1}', '\u0000'])(
    'refuses %j, without repeating it',
    async (text) => {
      const error = await failureOf(readJsonBody(incoming(text)));
      expect(error).toMatchObject({
        code: 'invalid_request',
        reason: 'invalid_json',
        message: 'the body is not valid JSON',
      });
    },
  );

  it('refuses no body at all, and what is no UTF-8', async () => {
    expect(await failureOf(readJsonBody(incoming(null)))).toMatchObject({ reason: 'invalid_json' });
    const latin = pieces(Uint8Array.of(0x22, 0xe9, 0x22));
    expect(await failureOf(readJsonBody(incoming(latin.body)))).toMatchObject({ reason: 'invalid_json' });
    const cut = pieces(Uint8Array.of(0x22, 0xf0, 0x9f));
    expect(await failureOf(readJsonBody(incoming(cut.body)))).toMatchObject({ reason: 'invalid_json' });
  });

  it('keeps `__proto__` as data (I1)', async () => {
    const value = await readJsonBody(incoming('{"__proto__":{"polluted":1}}'));
    expect(Object.keys(Object(value))).toEqual(['__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('reads 100,000 levels of nesting without a stack overflow (I3)', async () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(Array.isArray(await readJsonBody(incoming(text)))).toBe(true);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
    'application/vnd.api+json',
  ])('takes the content type %s (faults 5.23)', async (type) => {
    const headers = new Headers({ 'content-type': type });
    expect(await readJsonBody(incoming('{}', { headers }))).toEqual({});
  });

  it.each([
    [''],
    ['text/plain'],
    ['text/plain;charset=UTF-8'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/jsonp'],
    ['text/application/json'],
    ['x; application/json'],
  ])('refuses the content type %j unread, for a page may send it anywhere (faults 5.23)', async (type) => {
    const { body, pulled } = pieces('{}');
    const headers = new Headers(type ? { 'content-type': type } : {});
    expect(await failureOf(readJsonBody(incoming(body, { headers })))).toMatchObject({
      httpStatus: 415,
      reason: 'unsupported_media_type',
    });
    expect(pulled()).toBe(0);
  });

  it('refuses a packed body: nothing is unpacked here (faults 5.12)', async () => {
    const headers = new Headers({ ...json, 'content-encoding': 'gzip' });
    expect(await failureOf(readJsonBody(incoming('{}', { headers })))).toMatchObject({ httpStatus: 415 });
    const plain = new Headers({ ...json, 'content-encoding': 'identity' });
    expect(await readJsonBody(incoming('{}', { headers: plain }))).toEqual({});
  });

  describe('limits (faults 5.21)', () => {
    it('refuses an announced length unread', async () => {
      const { body, pulled } = pieces('{}');
      const headers = new Headers({ ...json, 'content-length': String(33 * 1024 * 1024) });
      const error = await failureOf(readJsonBody(incoming(body, { headers })));
      expect(error).toMatchObject({ httpStatus: 413, reason: 'request_too_large' });
      expect(pulled()).toBe(0);
    });

    it('stops reading where the limit is passed, and lets go of the rest', async () => {
      const { body, cancel, pulled } = pieces('"aaa', 'aaa', 'aaa', 'aaa"');
      const error = await failureOf(readJsonBody(incoming(body), { bodyLimitBytes: 8 }));
      expect(error).toMatchObject({ httpStatus: 413, message: 'the body is longer than 8 bytes' });
      expect([pulled(), cancel.mock.calls.length]).toEqual([3, 1]);
    });

    it('takes what is as long as the limit', async () => {
      expect(await readJsonBody(incoming(pieces('"aaaaaa"').body), { bodyLimitBytes: 8 })).toBe('aaaaaa');
    });

    it('does not hold against text in the process what is meant for the network', async () => {
      expect(await readJsonBody(incoming('"aaaaaa"'), { bodyLimitBytes: 2 })).toBe('aaaaaa');
    });

    it.each<readonly [BodyLimits, number]>([
      [{}, 60_000],
      [{ bodyTimeoutMs: 500 }, 500],
    ])('%o: gives up a body that does not come after %i ms', async (limits, ms) => {
      vi.useFakeTimers();
      const reading = failureOf(readJsonBody(incoming(silent()), limits));
      await vi.advanceTimersByTimeAsync(ms - 1);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await reading).toMatchObject({ httpStatus: 408, reason: 'request_timeout' });
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  describe('whose client leaves', () => {
    it('fails with the signal’s reason, and keeps no listener', async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const reading = failureOf(readJsonBody(incoming(silent(), { signal })));
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      controller.abort('enough');
      expect(await reading).toBe('enough');
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    it('fails as its body fails', async () => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.error(new TypeError('terminated'));
        },
      });
      expect(await failureOf(readJsonBody(incoming(body)))).toEqual(new TypeError('terminated'));
    });

    it('keeps neither timer nor listener of one that was read', async () => {
      vi.useFakeTimers();
      const { signal } = new AbortController();
      await readJsonBody(incoming(pieces('{}').body, { signal }));
      expect([vi.getTimerCount(), getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
    });
  });
});
