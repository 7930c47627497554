import { expect, it } from 'vitest';
import { CancelledError, verdictOf } from '../../src/errors/index.ts';
import { hasLost, lostRace } from '../../src/pipeline/lost-race.ts';

it('is an end from outside, and nothing that a target is to blame for', () => {
  const error = lostRace();
  expect(error).toMatchObject({ code: 'cancelled', reason: 'hedge_lost' });
  expect(verdictOf(error)).toMatchObject({ retry: false, failover: false, breaker: 'none' });
});

it('is told from every other end', () => {
  expect(hasLost(lostRace())).toBe(true);
  expect(hasLost(new CancelledError('the caller left'))).toBe(false);
  expect(hasLost(undefined)).toBe(false);
});
