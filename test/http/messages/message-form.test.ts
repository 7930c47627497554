import { describe, expect, it } from 'vitest';
import { messageForm, withNulls, withoutNulls } from '../../../src/http/messages/message-form.ts';

const fields = { a: 1, b: undefined, c: null, d: 0, e: '' };

describe('forms of a message', () => {
  it('2026-10-21 has every field, with null for nothing', () => {
    expect(withNulls.fields(fields)).toEqual({ a: 1, b: null, c: null, d: 0, e: '' });
    expect(withNulls.call).toEqual({ caller: { type: 'direct' } });
  });

  it('2023-06-01 leaves out what there is nothing to say of', () => {
    const written = withoutNulls.fields(fields);
    expect(written).toEqual({ a: 1, d: 0, e: '' });
    expect(Object.keys(written)).toEqual(['a', 'd', 'e']);
    expect(withoutNulls.call).toEqual({});
  });

  it.each([
    ['2026-10-21', withNulls],
    ['2027-01-01', withNulls],
    ['2023-06-01', withoutNulls],
    ['2023-01-01', withoutNulls],
    [undefined, withoutNulls],
  ])('of version %s', (version, expected) => {
    expect(messageForm(new Headers(version ? { 'anthropic-version': version } : {}))).toBe(expected);
  });
});
