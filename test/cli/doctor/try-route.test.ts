import * as testing from 'runestone/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreRoutes } from '../../../src/cli/doctor/scorecard.ts';
import { trialFaults } from '../../../src/cli/doctor/trial-faults.ts';
import { type TrialStand, tryRoute } from '../../../src/cli/doctor/try-route.ts';
import { type UserOptions, userHosts } from '../../../src/cli/doctor/user-hosts.ts';

const env = { ANTHROPIC_API_KEY: 'k', GROQ_API_KEY: 'k' };
const models = {
  both: ['anthropic/claude-haiku-4-5', 'groq/openai/gpt-oss-120b'],
  one: ['anthropic/claude-haiku-4-5'],
};

function stand(options: Partial<UserOptions> = {}): TrialStand {
  const whole = { env, models, ...options };
  const registered = userHosts(whole).filter(({ variables }) => variables.length > 0);
  return { options: whole, registered, testing };
}

/** How a route meets a fault. */
function meets(route: string, fault: string, options?: Partial<UserOptions>) {
  const found = trialFaults.find(({ name }) => name === fault);
  if (!found) throw new Error(fault);
  return tryRoute(stand(options), { name: route, model: route }, found);
}

// The first request of a process loads an SDK, which a clock takes for silence.
beforeAll(() => scoreRoutes(stand({ models: {} })));

describe('a route that meets a fault', () => {
  it.each([
    ['both', 'nothing', 'anthropic'],
    ['both', '503, once', 'groq'],
    ['one', '429 with retry-after, once', 'anthropic'],
    ['one', 'overloaded inside a 200, once', 'anthropic'],
    ['both', 'a web page for an answer', 'groq'],
    ['both', 'key refused', 'groq'],
    ['both', 'first target down', 'groq'],
    ['both', 'first provider down', 'groq'],
  ])('%s, %s: answered by %s', async (route, fault, provider) => {
    const trial = await meets(route, fault);
    expect(trial).toMatchObject({ ended: 'answered', route, fault });
    expect(trial.target).toMatch(new RegExp(`^${provider}/`));
  });

  it.each([
    ['one', 'first target down', 'overloaded'],
    ['one', 'key refused', 'authentication'],
    ['both', 'cut after the first words', 'stream_truncated'],
    ['both', 'broken JSON after the first words', 'bad_response'],
    ['both', 'silence after the first words', 'timeout'],
  ])('%s, %s: a typed error, %s', async (route, fault, code) => {
    expect(await meets(route, fault)).toMatchObject({ ended: 'error', code });
  });

  it("waits as long as the user's own timers say, and takes no time for it", async () => {
    const began = performance.now();
    const options = { timeouts: { firstTokenMs: 45_000, reasoningFirstTokenMs: 45_000 } };
    const { ended, waitedMs } = await meets('both', 'silence instead of an answer', options);
    expect(ended).toBe('answered');
    expect(waitedMs).toBeGreaterThanOrEqual(45_000);
    expect(waitedMs).toBeLessThan(46_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('waits as long as a host asks for, and no longer', async () => {
    const { ended, waitedMs } = await meets('one', '429 with retry-after, once');
    expect(ended).toBe('answered');
    expect(waitedMs).toBeGreaterThanOrEqual(1_000);
    expect(waitedMs).toBeLessThan(2_000);
  });

  it('keeps retries and what becomes of broken streams', async () => {
    expect(await meets('one', '503, once', { retry: false })).toMatchObject({ code: 'overloaded' });
    const cut = await meets('both', 'cut after the first words', { midStream: 'continue' });
    expect(cut).toMatchObject({ ended: 'answered' });
  });

  it('fails where even a good host gives no answer', async () => {
    const budget = { cost: { budgets: [{ limitUsd: 0.000_000_1, window: 'day' as const }] } };
    expect(await meets('one', 'nothing', budget)).toMatchObject({ ended: 'failed', code: 'budget_exceeded' });
  });
});
