import { describe, expect, it } from 'vitest';
import { keyIn, maskKey, openEntry } from '../../../src/testing/upstream/request-log.ts';

const KEY = 'sk-ant-api03-a-long-secret';
const request = { method: 'POST', path: '/v1/messages', query: '', body: { a: 1 }, bodyBytes: 7 };

describe('keyIn', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['a bearer token', { authorization: `Bearer ${KEY}` }, KEY],
    ['a bearer token, lower case', { authorization: `bearer ${KEY}` }, KEY],
    ['an x-api-key', { 'x-api-key': KEY }, KEY],
    ['an api-key, as Azure has it', { 'api-key': KEY }, KEY],
    ['x-api-key before the bearer (T-4)', { 'x-api-key': 'first', authorization: 'Bearer second' }, 'first'],
    ['nothing', {}, undefined],
  ])('finds %s', (_, headers, expected) => {
    expect(keyIn(headers)).toBe(expected);
  });
});

describe('maskKey', () => {
  it('shows nothing of the key, and the same for the same key', () => {
    expect(maskKey(KEY)).toMatch(/^\[key [0-9a-f]{8}\]$/);
    expect(maskKey(KEY)).toBe(maskKey(KEY));
    expect(maskKey(KEY)).not.toBe(maskKey(`${KEY}2`));
  });
});

describe('openEntry', () => {
  it('starts with what is known and an open outcome', () => {
    expect(openEntry(request, { accept: '*/*' }, 12.5)).toEqual({
      ...request,
      prefix: '',
      headers: { accept: '*/*' },
      key: undefined,
      arrivedMs: 12.5,
      status: undefined,
      bytesSent: 0,
      endedMs: undefined,
      closedByClient: false,
      billed: undefined,
    });
  });

  it('masks the key where it belongs and wherever else it is', () => {
    const { headers, key } = openEntry(
      request,
      { authorization: `Bearer ${KEY}`, 'x-debug': `key=${KEY};`, host: 'upstream' },
      0,
    );
    expect(key).toBe(maskKey(KEY));
    expect(headers).toEqual({
      authorization: `Bearer ${maskKey(KEY)}`,
      'x-debug': `key=${maskKey(KEY)};`,
      host: 'upstream',
    });
  });

  it('masks the key of Azure', () => {
    expect(openEntry(request, { 'api-key': KEY }, 0)).toMatchObject({
      headers: { 'api-key': maskKey(KEY) },
      key: maskKey(KEY),
    });
  });

  it('masks both keys when there are two', () => {
    const { headers } = openEntry(request, { authorization: `Bearer ${KEY}`, 'x-api-key': `${KEY}-b` }, 0);
    expect(JSON.stringify(headers)).not.toContain('sk-ant');
  });

  it('does not take a very short key out of other words', () => {
    const { headers } = openEntry(request, { 'x-api-key': 'k', connection: 'keep-alive' }, 0);
    expect(headers).toEqual({ 'x-api-key': maskKey('k'), connection: 'keep-alive' });
  });

  it('does not choke on an empty key', () => {
    expect(openEntry(request, { 'x-api-key': '' }, 0).headers).toEqual({ 'x-api-key': '' });
  });
});
