import { describe, expect, it } from 'vitest';
import { gainsOf } from '../../../src/cli/doctor/gains.ts';
import type { Trial } from '../../../src/cli/doctor/try-route.ts';

const anthropic = { target: 'anthropic/a', provider: 'anthropic' };
const sibling = { target: 'anthropic/b', provider: 'anthropic' };
const groq = { target: 'groq/c', provider: 'groq' };

const trial = (fault: string, ended: Trial['ended'], waitedMs = 0): Trial => ({
  route: 'smart',
  fault,
  ended,
  waitedMs,
});

/** What is said of a route on which these faults end in errors. */
function said(targets: readonly (typeof groq)[], faults: readonly string[], options = {}): string[] {
  const trials = faults.map((fault) => trial(fault, 'error'));
  return gainsOf({ name: 'smart', targets }, trials, { env: {}, ...options }).map(({ message }) => message);
}

describe('what a route would gain', () => {
  it.each([
    [
      [anthropic],
      ['first target down', 'first provider down'],
      'no second target: a full outage of anthropic',
    ],
    [[anthropic, sibling], ['first provider down'], 'all targets are at anthropic'],
    [[anthropic, groq], ['first target down'], 'although there are others'],
    [[anthropic], ['503, once'], 'one 503 ends in an error'],
    [[anthropic], ['cut after the first words'], "midStream: 'continue'"],
  ])('%j, %j', (targets, faults, words) => {
    const messages = said(targets, faults);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(words);
  });

  it.each([
    [{}, 3],
    [{ retry: false }, 1],
    [{ retry: { attempts: 2 } }, 2],
  ])('names the attempts of %j', (options, attempts) => {
    expect(said([anthropic], ['503, once'], options)[0]).toContain(`is ${attempts})`);
  });

  it('speaks of long waits, and of short ones not', () => {
    const silence = (waitedMs: number, ended: Trial['ended'] = 'answered') =>
      gainsOf(
        { name: 'smart', targets: [anthropic, groq] },
        [trial('silence instead of an answer', ended, waitedMs)],
        { env: {} },
      ).map(({ message }) => message);
    expect(silence(29_000)).toEqual([]);
    expect(silence(60_000)[0]).toContain('wait 60 s before another host answers');
    expect(silence(60_000, 'error')[0]).toContain('wait 60 s for an error');
  });

  it('is nothing where all is answered, or nobody is there', () => {
    expect(
      gainsOf({ name: 'smart', targets: [anthropic] }, [trial('503, once', 'answered')], { env: {} }),
    ).toEqual([]);
    expect(said([], ['first target down'])).toEqual([]);
  });
});
