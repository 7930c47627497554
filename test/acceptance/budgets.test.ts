import { type ChatCompletion, type ChatRequest, type PoolOptions, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { reply, startUpstream, type Upstream } from 'runestone/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';

let upstream: Upstream;

beforeEach(async () => {
  upstream = await startUpstream();
});

afterEach(() => upstream.close());

/** Claude Sonnet 4.5 at 3 USD for a million tokens read, 15 for a million written. */
const request: ChatRequest = {
  model: 'claude-sonnet-4-5',
  max_tokens: 1_000,
  messages: [{ role: 'user', content: 'Hello' }],
};

function poolOf(cost: PoolOptions['cost']): ProviderPool {
  const provider = anthropic({ apiKey: 'sk-ant-test', baseURL: upstream.url });
  return new ProviderPool({ providers: [provider], ...(cost && { cost }) });
}

const clamps = ({ runestone }: ChatCompletion) => runestone.warnings.filter(({ code }) => code === 'clamped');

const bodyOf = (index: number): Record<string, unknown> => Object(upstream.requests[index]?.body);

describe('a budget', () => {
  it('of 0.10 USD is not passed by 200 requests at once, and what is refused never reaches the host', async () => {
    const pool = poolOf({ budgets: [{ limitUsd: 0.1, window: 'day' }] });
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => pool.request(request)));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(190);
    for (const result of refused) expect(Object(result).reason).toMatchObject({ code: 'budget_exceeded' });
    expect(upstream.requests).toHaveLength(200 - refused.length);
    const [row] = pool.stats().budgets;
    expect(row).toMatchObject({ reservedUsd: 0, limitUsd: 0.1 });
    expect(row?.spentUsd).toBeLessThanOrEqual(0.1);
    expect(row?.spentUsd).toBeGreaterThan(0);
    await pool.close();
  });

  it('is spent by what answers cost: by many in turn far more come than at once', async () => {
    const pool = poolOf({ budgets: [{ limitUsd: 0.1, window: 'day' }] });
    let sum = 0;
    for (let index = 0; index < 30; index += 1)
      sum += (await pool.request(request)).runestone.costUsd ?? Number.NaN;
    expect(upstream.requests).toHaveLength(30);
    expect(pool.stats().budgets[0]?.spentUsd).toBeCloseTo(sum, 9);
    await pool.close();
  });

  it('is given back by a caller who leaves, but for what the host has done', async () => {
    upstream.script(reply.text('one two three four', { delayMs: 5_000 }));
    const pool = poolOf({ budgets: [{ limitUsd: 0.1, window: 'day' }] });
    const stream = await pool.streamRequest(request);
    expect(pool.stats().budgets[0]?.reservedUsd).toBeGreaterThan(0.015);
    await stream.cancel();
    const [row] = pool.stats().budgets;
    expect(row?.reservedUsd).toBe(0);
    expect(row?.spentUsd).toBeGreaterThan(0);
    expect(row?.spentUsd).toBeLessThan(0.001);
    await pool.close();
  });

  it('costs nothing where the host refuses', async () => {
    upstream.script(reply.status(400, { message: 'no' }));
    const pool = poolOf({ budgets: [{ limitUsd: 0.1, window: 'day' }] });
    expect(await failureOf(pool.request(request))).toMatchObject({ code: 'invalid_request' });
    expect(pool.stats().budgets).toMatchObject([{ spentUsd: 0, reservedUsd: 0 }]);
    await pool.close();
  });
});

describe('maxCostUsd', () => {
  it('lets a call pass as it is where it pays for all of it', async () => {
    const pool = poolOf(undefined);
    const answer = await pool.request(request, { maxCostUsd: 1 });
    expect(bodyOf(0)).toMatchObject({ max_tokens: 1_000 });
    expect(clamps(answer)).toEqual([]);
    await pool.close();
  });

  it('caps the answer to what is paid for, and says so', async () => {
    const pool = poolOf(undefined);
    const answer = await pool.request(request, { maxCostUsd: 0.006 });
    const cap = Number(bodyOf(0)['max_tokens']);
    expect(cap).toBeGreaterThan(100);
    expect(cap).toBeLessThanOrEqual(400);
    expect(clamps(answer)).toMatchObject([{ param: 'max_completion_tokens' }]);
    expect(answer.runestone.costUsd).toBeLessThanOrEqual(0.006);
    await pool.close();
  });

  it('refuses what not even the question is paid for by', async () => {
    const pool = poolOf(undefined);
    const error = await failureOf(pool.request(request, { maxCostUsd: 0.000_001 }));
    expect(error).toMatchObject({ code: 'budget_exceeded', limitUsd: 0.000_001 });
    expect(upstream.requests).toHaveLength(0);
    await pool.close();
  });

  it('is for all attempts together: what nobody knows the cost of is booked at its most', async () => {
    upstream.script(reply.status(500), reply.text('Hello'));
    const pool = poolOf(undefined);
    await pool.request(request, { maxCostUsd: 0.03 });
    const caps = [0, 1].map((index) => Number(bodyOf(index)['max_tokens']));
    expect(caps[0]).toBe(1_000);
    expect(caps[1]).toBeGreaterThan(100);
    expect(caps[1]).toBeLessThan(900);
    await pool.close();
  });
});
