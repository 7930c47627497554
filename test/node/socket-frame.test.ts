import { describe, expect, it } from 'vitest';
import { readFrame, writeFrame } from '../../src/node/socket-frame.ts';

describe('readFrame', () => {
  it.each([
    ['{"event":"ping"}', { event: 'ping', ref: undefined, payload: undefined }],
    ['{"event":"ping","ref":null}', { event: 'ping', ref: undefined, payload: undefined }],
    [
      '{"event":"chat:stream","ref":"a","payload":{"model":"m"},"more":1}',
      { event: 'chat:stream', ref: 'a', payload: { model: 'm' } },
    ],
    ['{"event":"chat:cancel","ref":7}', { event: 'chat:cancel', ref: 7, payload: undefined }],
    ['{"event":"","ref":""}', { event: '', ref: '', payload: undefined }],
  ])('reads %s', (text, frame) => {
    expect(readFrame(text)).toEqual(frame);
  });

  it.each([
    ['', 'invalid_json'],
    ['{', 'invalid_json'],
    ['hello', 'invalid_json'],
    ['null', 'invalid_frame'],
    ['[]', 'invalid_frame'],
    ['"chat:stream"', 'invalid_frame'],
    ['{}', 'invalid_frame'],
    ['{"event":7}', 'invalid_frame'],
    ['{"event":"ping","ref":{}}', 'invalid_frame'],
    ['{"event":"ping","ref":true}', 'invalid_frame'],
    [`{"event":"ping","ref":"${'x'.repeat(129)}"}`, 'invalid_frame'],
  ])('refuses %s', (text, reason) => {
    expect(() => readFrame(text)).toThrow(expect.objectContaining({ code: 'invalid_request', reason }));
  });
});

describe('writeFrame', () => {
  it('repeats the ref, and has none where there was none', () => {
    expect(writeFrame('pong', { a: 1 }, 'r')).toBe('{"event":"pong","ref":"r","payload":{"a":1}}');
    expect(writeFrame('pong', { a: 1 }, undefined)).toBe('{"event":"pong","payload":{"a":1}}');
    expect(writeFrame('pong', undefined, 0)).toBe('{"event":"pong","ref":0}');
  });
});
