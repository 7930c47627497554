import { describe, expect, it } from 'vitest';
import { RecordHeaders } from '../../src/provider-kit/wire.ts';

const headers = new RecordHeaders({
  'retry-after': '2',
  'set-cookie': ['a=1', 'b=2'],
  empty: '',
  gone: undefined,
});

describe('RecordHeaders', () => {
  it.each([
    ['retry-after', '2'],
    ['Retry-After', '2'],
    ['RETRY-AFTER', '2'],
    ['set-cookie', 'a=1, b=2'],
    ['empty', ''],
    ['gone', null],
    ['absent', null],
    // Members of every object are no headers (V13).
    ['constructor', null],
    ['__proto__', null],
    ['toString', null],
  ])('get(%j) is %j', (name, value) => {
    expect(headers.get(name)).toBe(value);
  });

  it('lists what there is, as `Headers` would', () => {
    expect([...headers.entries()]).toEqual([
      ['retry-after', '2'],
      ['set-cookie', 'a=1, b=2'],
      ['empty', ''],
    ]);
    expect(new Headers([...headers.entries()]).get('retry-after')).toBe('2');
  });

  it('can be listed more than once', () => {
    expect([...headers.entries()]).toEqual([...headers.entries()]);
  });

  it('is empty for an empty record', () => {
    expect([...new RecordHeaders({}).entries()]).toEqual([]);
    expect(new RecordHeaders({}).get('any')).toBeNull();
  });

  it('knows a header that bears the name of an object member', () => {
    expect(new RecordHeaders({ constructor: 'x' } as Record<string, string>).get('constructor')).toBe('x');
  });
});
