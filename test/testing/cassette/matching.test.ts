import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/errors/index.ts';
import { differencesOf, Unplayed } from '../../../src/testing/cassette/matching.ts';
import type { Exchange, TapedRequest } from '../../../src/testing/cassette/tape.ts';

const asks = (body: unknown, path = '/v1/chat', method = 'POST'): TapedRequest => ({
  method,
  path,
  headers: {},
  body,
});
const taped = (...requests: TapedRequest[]): Exchange[] =>
  requests.map((request, n) => ({ request, chunks: [[n, 'x']], end: 'eof' }));

const nth = ({ chunks }: Exchange): number | undefined => chunks[0]?.[0];

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error('expected a ConfigError');
}

describe('what is played', () => {
  it('is the first that is the same, once each', () => {
    const unplayed = new Unplayed('a.jsonl', taped(asks(1), asks(2), asks(1)));
    expect([2, 1, 1].map((body) => nth(unplayed.take(asks(body), 'request')))).toEqual([1, 0, 2]);
    expect(unplayed.left).toBe(0);
    expect(refusal(() => unplayed.take(asks(1), 'request'))).toBe(
      'cassette: a.jsonl: POST /v1/chat: all of its 3 exchanges have been played; record it anew',
    );
  });

  it('is the next in order, if it fits', () => {
    const unplayed = new Unplayed('a.jsonl', taped(asks(1), asks(2)));
    expect(refusal(() => unplayed.take(asks(2), 'order'))).toContain(
      'unlike the nearest (no. 1): body differs',
    );
    expect(unplayed.left).toBe(2);
    expect([1, 2].map((body) => nth(unplayed.take(asks(body), 'order')))).toEqual([0, 1]);
  });

  it('does not depend on the order of keys', () => {
    const unplayed = new Unplayed('a.jsonl', taped(asks({ a: 1, b: { c: 2, d: 3 } })));
    expect(nth(unplayed.take(asks({ b: { d: 3, c: 2 }, a: 1 }), 'request'))).toBe(0);
  });
});

describe('what fits nothing', () => {
  it('is told by what differs from the nearest, and never by a value', () => {
    const unplayed = new Unplayed(
      'a.jsonl',
      taped(
        asks({ model: 'a', messages: [{ role: 'user', content: 'canary one' }], max_tokens: 5 }),
        asks({ model: 'a', messages: [{ role: 'user', content: 'canary two' }] }),
        asks({ model: 'a', messages: [{ role: 'user', content: 'canary three' }] }, '/v1/other'),
      ),
    );
    const message = refusal(() =>
      unplayed.take(
        asks({ model: 'a', messages: [{ role: 'user', content: 'canary three' }], top_p: 1 }),
        'request',
      ),
    );
    expect(message).toBe(
      'cassette: a.jsonl: POST /v1/chat: matches none of the 3 left; unlike the nearest (no. 2): body.messages[0].content differs; body.top_p is new; record it anew',
    );
  });

  it('counts exchanges as they stand in the file', () => {
    const unplayed = new Unplayed('a.jsonl', taped(asks(1), asks(2)));
    unplayed.take(asks(1), 'request');
    expect(refusal(() => unplayed.take(asks(3), 'request'))).toContain(
      'none of the 1 left; unlike the nearest (no. 2)',
    );
  });

  it('lists a few differences and counts the rest', () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`f${n}`, n]));
    const unplayed = new Unplayed('a.jsonl', taped(asks({})));
    const message = refusal(() => unplayed.take(asks(many), 'request'));
    expect(message).toContain('body.f5 is new; and 4 more; record');
    expect(message).not.toContain('f6');
  });
});

describe('differences', () => {
  it.each<[string, TapedRequest, TapedRequest, string[]]>([
    ['none', asks({ a: [1, { b: null }] }), asks({ a: [1, { b: null }] }), []],
    ['method', asks(1), asks(1, '/v1/chat', 'GET'), ['method differs']],
    ['path', asks(1, '/a'), asks(1, '/b'), ['path was /a']],
    ['length', asks([1, 2]), asks([1]), ['body had 2 elements, now 1']],
    ['kind', asks([1]), asks({ 0: 1 }), ['body differs']],
    ['null', asks({ a: null }), asks({ a: {} }), ['body.a differs']],
    ['body', asks(undefined), asks({ a: 1 }), ['body differs']],
    ['`__proto__`', asks(JSON.parse('{"__proto__":1}')), asks({}), ['body.__proto__ is missing']],
  ])('of %s', (_, one, other, differences) => {
    expect(differencesOf(one, other)).toEqual(differences);
  });

  it('are none exactly where two values are the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(differencesOf(asks(one), asks(structuredClone(one)))).toEqual([]);
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(differencesOf(asks(one), asks(other)).length === 0).toBe(same);
      }),
      { numRuns: 200 },
    );
  });

  function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return { members: members.map(([key, member]) => [key, sorted(member)]) };
  }
});
