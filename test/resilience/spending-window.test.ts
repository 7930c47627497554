import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, type SpendingSpan, SpendingWindow, startOf } from '../../src/resilience/spending-window.ts';
import { runs } from '../runs.ts';

const NOON = Date.UTC(2026, 10, 25, 12, 30);

function setUp(limit: number, span: SpendingSpan) {
  const clock = { now: 0, epoch: NOON };
  const window = new SpendingWindow(limit, span, { nowMs: () => clock.now, epochMs: () => clock.epoch });
  const pass = (ms: number): void => {
    clock.now += ms;
    clock.epoch += ms;
  };
  const spend = (amount: number): void => window.settle(window.reserve(amount), amount);
  return { window, clock, pass, spend };
}

describe('a spending window', () => {
  it('counts what is reserved as if it were spent', () => {
    const { window } = setUp(100, { rollingMs: 60_000 });
    window.reserve(60);
    expect([window.spent, window.reserved]).toEqual([0, 60]);
    expect(window.hasRoom(40)).toBe(true);
    expect(window.hasRoom(41)).toBe(false);
  });

  it('gives back what was not spent', () => {
    const { window } = setUp(100, { calendar: 'day' });
    window.settle(window.reserve(60), 25);
    expect([window.spent, window.reserved, window.hasRoom(75), window.hasRoom(76)]).toEqual([
      25,
      0,
      true,
      false,
    ]);
    window.settle(window.reserve(60), 0);
    expect([window.spent, window.reserved]).toEqual([25, 0]);
  });

  it('books what was spent beyond the reserve too', () => {
    const { window } = setUp(100, { calendar: 'day' });
    window.settle(window.reserve(60), 130);
    expect(window.spent).toBe(130);
    expect(window.hasRoom(0)).toBe(false);
  });

  it('forgets after a rolling span, at most a sixtieth late and never early', () => {
    const { window, pass, spend } = setUp(100, { rollingMs: 60_000 });
    pass(999);
    spend(100);
    pass(60_000);
    expect(window.spent).toBe(100);
    pass(1_001);
    expect(window.spent).toBe(0);
    expect(window.isAtRest).toBe(true);
  });

  it('says when there is room again: by slots where it rolls', () => {
    const { window, clock, pass, spend } = setUp(100, { rollingMs: 60_000 });
    spend(30);
    pass(10_000);
    spend(60);
    expect(window.resetsAtMs(10)).toBe(clock.epoch);
    const small = window.resetsAtMs(40) - clock.epoch;
    const large = window.resetsAtMs(41) - clock.epoch;
    expect([small, large]).toEqual([51_000, 61_000]);
    pass(small - 1);
    expect(window.hasRoom(40)).toBe(false);
    pass(1);
    expect(window.hasRoom(40)).toBe(true);
  });

  it('says when there is room again: at the boundary where it is of the calendar', () => {
    const { window, spend, pass } = setUp(100, { calendar: 'day' });
    spend(100);
    expect(window.resetsAtMs(1)).toBe(Date.UTC(2026, 10, 26));
    pass(Date.UTC(2026, 10, 26) - NOON - 1);
    expect(window.spent).toBe(100);
    pass(1);
    expect(window.spent).toBe(0);
  });

  it('H8: a rolling span does not look at the wall clock', () => {
    const { window, clock, spend } = setUp(100, { rollingMs: 60_000 });
    spend(100);
    clock.epoch += 10 * 366 * 86_400_000;
    expect(window.spent).toBe(100);
    clock.epoch = 0;
    expect(window.spent).toBe(100);
  });

  it('H8: a wall clock that steps back over a boundary resets nothing', () => {
    const { window, clock, spend } = setUp(100, { calendar: 'hour' });
    spend(70);
    clock.epoch -= 3_600_000;
    expect(window.spent).toBe(70);
    clock.epoch += 1_000;
    expect(window.hasRoom(31)).toBe(false);
  });

  it('keeps a hold over a boundary, and books it when it is settled', () => {
    const { window, pass } = setUp(100, { calendar: 'hour' });
    const hold = window.reserve(80);
    pass(3_600_000);
    expect(window.hasRoom(21)).toBe(false);
    window.settle(hold, 50);
    expect([window.spent, window.reserved]).toEqual([50, 0]);
  });

  it.each([
    ['hour', Date.UTC(2026, 10, 25, 12), Date.UTC(2026, 10, 25, 13)],
    ['day', Date.UTC(2026, 10, 25), Date.UTC(2026, 10, 26)],
    ['week', Date.UTC(2026, 10, 23), Date.UTC(2026, 10, 30)],
    ['month', Date.UTC(2026, 10), Date.UTC(2026, 11)],
  ] as const)('a %s begins and ends on a boundary in UTC', (unit, start, end) => {
    expect([startOf(unit, NOON), endOf(unit, NOON)]).toEqual([start, end]);
    expect([startOf(unit, start), endOf(unit, end - 1)]).toEqual([start, end]);
  });

  it('the last month of a year ends with it', () => {
    expect(endOf('month', Date.UTC(2026, 11, 31, 23, 59))).toBe(Date.UTC(2027, 0));
  });
});

type Step =
  | { readonly kind: 'reserve'; readonly amount: number }
  | { readonly kind: 'settle'; readonly which: number; readonly share: number }
  | { readonly kind: 'pass'; readonly ms: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('reserve' as const), amount: fc.integer({ min: 0, max: 60 }) }),
    fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(20),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  ),
  { maxLength: 80 },
);

it('29: reserved is settled or released, spent is the sum within the span, and neither passes the limit', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { window, clock, pass } = setUp(100, { rollingMs: 60_000 });
      const open: { amount: number }[] = [];
      const booked: { at: number; amount: number }[] = [];
      for (const step of all) {
        if (step.kind === 'pass') pass(step.ms);
        else if (step.kind === 'reserve' && window.hasRoom(step.amount))
          open.push(window.reserve(step.amount));
        else if (step.kind === 'settle') {
          const [hold] = open.splice(step.which % Math.max(1, open.length), 1);
          if (!hold) continue;
          const amount = Math.floor(hold.amount * step.share);
          window.settle(hold, amount);
          booked.push({ at: clock.now, amount });
        }
        const within = (ms: number): number =>
          booked.reduce((sum, { at, amount }) => sum + (at > clock.now - ms ? amount : 0), 0);
        expect(window.reserved).toBe(open.reduce((sum, { amount }) => sum + amount, 0));
        // Forgotten a slot late at most, and never early.
        expect(window.spent).toBeGreaterThanOrEqual(within(60_000));
        expect(window.spent).toBeLessThanOrEqual(within(61_000.001));
        expect(window.spent + window.reserved).toBeLessThanOrEqual(100);
      }
    }),
    runs(),
  );
});
