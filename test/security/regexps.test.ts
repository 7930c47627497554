import { describe, expect, it } from 'vitest';
import { attacksOn, type Found, regexpsIn } from './regexps.ts';

const found = regexpsIn('src');

/** An attack of this length that takes no longer than so many milliseconds takes less than 50 when it is 100 KB long. */
const SHORT = { length: 8_000, ms: 0.3 } as const;

/** Attacks of 100 KB that may take long: whatever grows with the square of the length shows early. */
function suspectsOf({ pattern }: Found): string[] {
  const short = attacksOn(pattern, SHORT.length);
  return attacksOn(pattern, 100_000).filter(
    (_, index) => leastMs(pattern, short[index] ?? '', SHORT.ms) > SHORT.ms,
  );
}

/** A busy machine is no fault of a pattern: what is fast once is fast. */
function leastMs(pattern: RegExp, attack: string, enoughMs: number): number {
  let ms = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 4 && ms > enoughMs && !(tries === 1 && ms > 20 * enoughMs); tries++) {
    ms = Math.min(ms, tookMs(pattern, attack));
  }
  return ms;
}

/** All the ways in which a pattern is used: found everywhere, and replaced. */
function tookMs(pattern: RegExp, attack: string): number {
  const everywhere = pattern.global ? pattern : new RegExp(pattern, `${pattern.flags}g`);
  const began = performance.now();
  pattern.lastIndex = 0;
  pattern.test(attack);
  everywhere.lastIndex = 0;
  attack.replaceAll(everywhere, '');
  return performance.now() - began;
}

describe('I5: the regular expressions of the package', () => {
  it('are all found', () => {
    expect(found.length).toBeGreaterThan(100);
    expect(found.some(({ where }) => where.startsWith('src/provider-kit/redact.ts'))).toBe(true);
  });

  it('take less than 50 ms for any text of 100 KB', () => {
    const slow = found.filter((each) =>
      suspectsOf(each).some((attack) => leastMs(each.pattern, attack, 50) >= 50),
    );
    expect(slow.map(({ where, pattern }) => `${where} ${pattern}`)).toEqual([]);
  }, 120_000);

  it.each([/\s+$/, /=+$/, /\\+n/g, /(?:\/(?:v1)?)+$/, /\/+$/])(
    'would be suspect if they did not: %s',
    (pattern) => {
      expect(suspectsOf({ where: 'here', pattern })).not.toEqual([]);
    },
  );
});
