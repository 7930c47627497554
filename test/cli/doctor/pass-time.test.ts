import { virtualClock } from 'runestone/testing';
import { expect, it } from 'vitest';
import { passTime } from '../../../src/cli/doctor/pass-time.ts';

const still = (): string => '';

it('whoever waits for an hour gets it in a blink', async () => {
  const clock = virtualClock();
  const waiting = clock.wait(3_600_000).then(() => clock.wait(60_000));
  expect(await passTime(waiting, clock, still, { quietTurns: 2 })).toBe('ended');
  expect(clock.nowMs()).toBe(3_660_000);
});

it('what fails has ended too', async () => {
  const clock = virtualClock();
  const failing = clock.wait(5).then(() => Promise.reject(new Error('no')));
  expect(await passTime(failing, clock, still, { quietTurns: 2 })).toBe('ended');
});

it('does not pass while something goes on beside the clock', async () => {
  const clock = virtualClock();
  let bytes = 0;
  const reading = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (++bytes < 20) return;
      clearInterval(timer);
      resolve();
    }, 2);
  });
  void clock.wait(50);
  await passTime(reading, clock, () => String(bytes), { quietTurns: 20 });
  expect(clock.nowMs()).toBe(0);
});

it('what waits for nothing hangs', async () => {
  const never = new Promise(() => undefined);
  expect(await passTime(never, virtualClock(), still)).toBe('hung');
});

it('and so does what arms timers for ever', async () => {
  const clock = virtualClock();
  const again = (): Promise<void> => clock.wait(1).then(again);
  void again();
  const never = new Promise(() => undefined);
  expect(await passTime(never, clock, still, { quietTurns: 1, limitMs: 200 })).toBe('hung');
});
