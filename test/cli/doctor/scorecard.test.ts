import * as testing from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { scoreRoutes } from '../../../src/cli/doctor/scorecard.ts';
import { trialFaults } from '../../../src/cli/doctor/trial-faults.ts';
import { type UserOptions, userHosts } from '../../../src/cli/doctor/user-hosts.ts';

const env = { ANTHROPIC_API_KEY: 'k' };

function score(options: Partial<UserOptions>, only?: string) {
  const whole = { env, ...options };
  const registered = userHosts(whole).filter(({ variables }) => variables.length > 0);
  return scoreRoutes({ options: whole, registered, testing }, only);
}

describe('a scorecard', () => {
  it('has every alias and the default, each against every fault, in that order', async () => {
    const card = await score({ models: { fast: ['anthropic/claude-haiku-4-5'] } });
    expect(card.trials.map(({ route, fault }) => `${route} ${fault}`)).toEqual(
      ['fast', '(default)'].flatMap((route) => trialFaults.map(({ name }) => `${route} ${name}`)),
    );
    expect(card).toMatchObject({ passed: card.total, total: 2 * trialFaults.length, notTried: 0 });
    expect(card.answered).toBeLessThan(card.passed);
    expect(card.gains.map(({ message }) => message)).toContain(
      'no second target: a full outage of anthropic ends in error; add one at another provider',
    );
  });

  it('does not count a default twice that is an alias', async () => {
    const models = { fast: ['anthropic/claude-haiku-4-5'] };
    const { trials } = await score({ models, defaultModel: 'fast' });
    expect(new Set(trials.map(({ route }) => route))).toEqual(new Set(['fast']));
  });

  it('of one route alone; one that leads nowhere fails', async () => {
    const card = await score({}, 'nonsense');
    expect(card.total).toBe(trialFaults.length);
    expect(card.passed).toBeLessThan(card.total);
    expect(card.trials[0]).toMatchObject({ route: 'nonsense', ended: 'failed', code: 'no_route' });
  });
});
