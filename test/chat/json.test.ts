import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyJson, isRecord, JsonCopyError, MAX_JSON_DEPTH } from '../../src/chat/json.ts';

/** The path and the problem of a value that is refused. */
function refusal(value: unknown): [path: string, problem: string] {
  try {
    copyJson(value);
  } catch (error) {
    if (error instanceof JsonCopyError) return [error.path, error.message];
    throw error;
  }
  return expect.unreachable('was copied');
}

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
}

const boom = (): never => {
  throw new Error('the getter’s own words');
};

describe('isRecord', () => {
  it.each([{}, { a: 1 }, Object.create(null), new Date()])('takes %o', (value) => {
    expect(isRecord(value)).toBe(true);
  });

  it.each([null, undefined, [], 'x', 1, true, () => {}])('does not take %o', (value) => {
    expect(isRecord(value)).toBe(false);
  });
});

describe('copyJson', () => {
  it('equals what it copies and shares none of its objects', () => {
    const objectsIn = (value: unknown): object[] =>
      typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = copyJson(value);
        expect(copy).toEqual(value);
        const originals = new Set(objectsIn(value));
        expect(objectsIn(copy).filter((each) => originals.has(each))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('agrees with a round through JSON text, also about undefined members and holes', () => {
    const odd = {
      a: undefined,
      b: [undefined, 1],
      c: { d: undefined },
      e: Object.assign(new Array(2), { 1: 2 }),
      f: null,
      g: '',
      h: 0,
      i: false,
    };
    expect(copyJson(odd)).toStrictEqual(JSON.parse(JSON.stringify(odd)));
  });

  it('does not change when the caller changes the original', () => {
    const original = { messages: [{ content: [{ text: 'before' }] }] };
    const copy = copyJson(original);
    original.messages[0]?.content.push({ text: 'more' });
    original.messages.length = 0;
    expect(copy).toEqual({ messages: [{ content: [{ text: 'before' }] }] });
  });

  it('copies frozen data into data that can be used', () => {
    expect(Object.isFrozen(copyJson(Object.freeze({ a: Object.freeze([1]) })))).toBe(false);
  });

  it('takes objects without a prototype and of another realm', () => {
    expect(copyJson(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
    expect(copyJson(runInNewContext('({ a: [{ b: 1 }] })'))).toEqual({ a: [{ b: 1 }] });
  });

  it('reads every getter once', () => {
    let reads = 0;
    const value = {
      get text(): string {
        return `read ${++reads}`;
      },
    };
    expect(copyJson(value)).toEqual({ text: 'read 1' });
  });

  it('ignores symbols and what is not enumerable, as JSON does', () => {
    const value = Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'hidden', { value: 3 });
    expect(Reflect.ownKeys(copyJson(value) ?? {})).toEqual(['a']);
  });
});

describe('keys that name a prototype (I1)', () => {
  const hostile =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":null}}';
  const copy = copyJson(JSON.parse(hostile));

  it('are copied as data', () => {
    expect(JSON.stringify(copy)).toBe(hostile);
  });

  it('reach no prototype', () => {
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });

  it('stay writable members like any other', () => {
    const descriptor = Object.getOwnPropertyDescriptor(copy, '__proto__');
    expect(descriptor).toMatchObject({ enumerable: true, writable: true, configurable: true });
  });
});

describe('what JSON cannot carry', () => {
  class Money {
    readonly amount = 1;
  }

  it.each<[string, unknown, string, string]>([
    ['a bigint', { a: { b: 1n } }, 'a.b', 'is a bigint, which JSON cannot carry'],
    ['a function', { a: () => {} }, 'a', 'is a function, which JSON cannot carry'],
    ['a toJSON', { a: { toJSON: boom } }, 'a.toJSON', 'is a function, which JSON cannot carry'],
    ['a symbol', { a: [0, Symbol('x')] }, 'a[1]', 'is a symbol, which JSON cannot carry'],
    ['NaN', { a: Number.NaN }, 'a', 'is not a finite number'],
    ['infinity', [[Number.POSITIVE_INFINITY]], '[0][0]', 'is not a finite number'],
    ['a Date', { when: new Date(0) }, 'when', 'is a Date instance, not plain data'],
    ['a Map', { a: [new Map()] }, 'a[0]', 'is a Map instance, not plain data'],
    ['a Buffer', { file: Buffer.from('x') }, 'file', 'is a Buffer instance, not plain data'],
    ['an own class', { a: new Money() }, 'a', 'is a Money instance, not plain data'],
    ['undefined itself', undefined, '', 'is a undefined, which JSON cannot carry'],
    [
      'a throwing getter',
      {
        a: {
          get b() {
            return boom();
          },
        },
      },
      'a.b',
      'could not be read',
    ],
    [
      'a throwing getter at the top',
      {
        get b() {
          return boom();
        },
      },
      'b',
      'could not be read',
    ],
    ['a throwing element', { a: Object.defineProperty([1], 0, { get: boom }) }, 'a[0]', 'could not be read'],
  ])('%s is refused at its path (I4)', (_, value, path, problem) => {
    expect(refusal(value)).toEqual([path, problem]);
  });

  it('is an instance of a class without a usable name, too', () => {
    const nameless = Object.create(Object.create({}, { constructor: { value: null } }));
    expect(refusal({ a: nameless })).toEqual(['a', 'is a class instance, not plain data']);
  });
});

describe('depth', () => {
  const objects = (inner: unknown): unknown => ({ d: inner });
  const arrays = (inner: unknown): unknown => [inner];

  it.each([
    ['objects', objects],
    ['arrays', arrays],
  ])('of %s is allowed up to the limit', (_, wrap) => {
    const value = nested(MAX_JSON_DEPTH, wrap);
    expect(copyJson(value)).toEqual(value);
    expect(refusal(nested(MAX_JSON_DEPTH + 1, wrap))[1]).toBe(
      `is nested deeper than ${MAX_JSON_DEPTH} levels`,
    );
  });

  it.each([
    ['objects', objects],
    ['arrays', arrays],
  ])('of 100,000 %s is refused without a RangeError (I3)', (_, wrap) => {
    expect(refusal(nested(100_000, wrap))[1]).toContain('nested deeper');
  });

  it('ends cycles (I4)', () => {
    const cycle: Record<string, unknown> = { a: [] };
    cycle['a'] = [cycle];
    expect(refusal(cycle)[1]).toContain('nested deeper');
  });

  it('does not refuse the same object at two places', () => {
    const shared = { text: 'x' };
    expect(copyJson([shared, shared])).toEqual([{ text: 'x' }, { text: 'x' }]);
  });
});

describe('size', () => {
  it('is no matter: of 10,000 messages every member is read once (I2)', () => {
    let reads = 0;
    const counted = (role: string): object =>
      new Proxy(
        { role, content: 'x' },
        {
          get(target, key) {
            reads++;
            return Reflect.get(target, key);
          },
        },
      );
    const copy = copyJson(Array.from({ length: 10_000 }, () => counted('user')));
    expect(copy).toHaveLength(10_000);
    expect(reads).toBe(20_000);
  });
});
