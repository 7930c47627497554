import { brokenAnswers } from './broken-answers.ts';
import { earlyLeavers } from './early-leavers.ts';
import type { ConformanceCase, ConformanceFixtures, MakeProvider } from './fixtures.ts';
import { goodAnswers } from './good-answers.ts';
import { secrets } from './secrets.ts';
import { statusCodes } from './status-codes.ts';

/**
 * What a provider owes its pool, as cases for any test framework. Each starts a host of its own on loopback, and
 * talks to the provider as a pool does.
 *
 * @example
 * for (const { name, run } of providerConformance(acme, fixtures)) test(name, run);
 */
export function providerConformance(
  makeProvider: MakeProvider,
  fixtures: ConformanceFixtures,
): readonly ConformanceCase[] {
  const subject = { makeProvider, fixtures };
  return [goodAnswers, brokenAnswers, statusCodes, earlyLeavers, secrets].flatMap((cases) => cases(subject));
}
