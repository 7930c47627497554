import { expect, it } from 'vitest';
import { judged } from '../../../scripts/load/goal.ts';

const lost = { what: 'lost', is: 0, atMost: 0 };

it('a goal is reached when every figure is', () => {
  expect(judged('load', [lost, { what: 'load', is: 1.1, atMost: 1.11 }], 2)).toEqual({
    text: 'load, 2.0 s\n  lost: 0 (at most 0)\n  load: 1.100 (at most 1.110)',
    passed: true,
  });
});

it('one figure that goes too far is marked, and is enough; so is one that is no number', () => {
  const { text, passed } = judged('load', [lost, { what: 'load', is: 1.2, atMost: 1.11 }], 2);
  expect([passed, text.split('\n').at(-1)]).toEqual([false, '! load: 1.200 (at most 1.110)']);
  expect(judged('load', [{ ...lost, is: Number.NaN }], 1).passed).toBe(false);
});
