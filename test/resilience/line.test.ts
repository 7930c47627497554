import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Line, type Place } from '../../src/resilience/line.ts';
import { runs } from '../runs.ts';

/** All in it, from the front. */
function itemsOf<Item>(line: Line<Item>): Item[] {
  const items: Item[] = [];
  for (let place = line.first; place; place = place.after) items.push(place.item);
  return items;
}

describe('Line', () => {
  it('is empty to begin with', () => {
    const line = new Line<string>();
    expect([line.size, line.first, line.last]).toEqual([0, undefined, undefined]);
  });

  it('knows its first and its last', () => {
    const line = new Line<string>();
    const only = line.push('a');
    expect([line.first, line.last]).toEqual([only, only]);
    line.push('b');
    expect([line.first?.item, line.last?.item]).toEqual(['a', 'b']);
  });

  it.each([
    ['in front of all', 'a', 'xabc'],
    ['in the middle', 'c', 'abxc'],
    ['at the end, where nobody is behind it', 'z', 'abcx'],
  ])('lets one stand %s', (_, behind, all) => {
    const line = new Line<string>();
    for (const item of 'abc') line.push(item);
    const place = line.pushBefore('x', (item) => item === behind);
    expect(itemsOf(line).join('')).toBe(all);
    expect([line.size, line.first?.item, line.last?.item]).toEqual([4, all[0], all[3]]);
    line.leave(place);
    expect(itemsOf(line).join('')).toBe('abc');
    expect(new Line<string>().pushBefore('x', () => true).item).toBe('x');
  });

  it.each([
    ['front', 0, 'bc'],
    ['middle', 1, 'ac'],
    ['end', 2, 'ab'],
  ])('lets one leave at the %s', (_, index, left) => {
    const line = new Line<string>();
    const places = ['a', 'b', 'c'].map((item) => line.push(item));
    const place = places[index];
    if (place) line.leave(place);
    expect(itemsOf(line).join('')).toBe(left);
    expect([line.first?.item, line.last?.item]).toEqual([left[0], left[1]]);
    expect(line.size).toBe(2);
  });

  it('agrees with an array', () => {
    const command = fc.oneof(fc.constant('push' as const), fc.nat());
    fc.assert(
      fc.property(fc.array(command, { maxLength: 100, size: 'max' }), (commands) => {
        const line = new Line<number>();
        let model: Place<number>[] = [];
        for (const [number, each] of commands.entries()) {
          const leaving = each === 'push' ? undefined : model[each % Math.max(1, model.length)];
          if (leaving) {
            line.leave(leaving);
            model = model.filter((place) => place !== leaving);
          } else model.push(line.push(number));
          expect(itemsOf(line)).toEqual(model.map(({ item }) => item));
          expect([line.size, line.first, line.last]).toEqual([model.length, model[0], model.at(-1)]);
        }
      }),
      runs(),
    );
  });
});
