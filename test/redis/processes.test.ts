import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { reply, startUpstream, type Upstream } from 'runestone/testing';
import { describe, expect, inject, it } from 'vitest';
import type { MemberReport, MemberTask } from './member.ts';

const path = inject('redis');

const program = fileURLToPath(new URL('member.ts', import.meta.url));

interface Member {
  readonly process: ChildProcess;
  /** `undefined` for one that was killed. */
  readonly report: Promise<MemberReport | undefined>;
}

function member(upstream: Upstream, task: Omit<MemberTask, 'redis' | 'upstream'>): Member {
  const argument = JSON.stringify({ ...task, redis: path, upstream: upstream.url });
  const child = spawn(process.execPath, ['--import', 'tsx', program, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.on('data', (bytes) => (said += bytes));
  const report = new Promise<MemberReport | undefined>((resolve) => {
    child.once('close', (code) => resolve(code === 0 ? JSON.parse(said) : undefined));
  });
  return { process: child, report };
}

/** What the store has booked to the one account of a test. */
async function bookedOf(prefix: string): Promise<number> {
  const client = new Redis(path);
  const [key = ''] = await client.keys(`${prefix}:*:a`);
  const { memory: _, ...slots } = await client.hgetall(key);
  await client.quit();
  return Object.values(slots).reduce((total, amount) => total + Number(amount), 0);
}

describe.skipIf(path === '')('processes that share a store', () => {
  it.concurrent('R6: two that ask 500 times a second are granted 600 a minute, no more and hardly less', async () => {
    await using upstream = await startUpstream();
    const task = {
      prefix: 'r6',
      requestsPerMinute: 600,
      processes: 2,
      requests: 1_000,
      forMs: 2_000,
      maxTokens: 50,
    };
    const reports = await Promise.all([member(upstream, task).report, member(upstream, task).report]);
    const granted = reports.reduce((sum, report) => sum + (report?.answered ?? 0), 0);
    expect(granted).toBe(600);
    expect(upstream.requests).toHaveLength(600);
    const refused = reports.reduce((sum, report) => sum + (report?.refused['limit_exceeded'] ?? 0), 0);
    expect(refused).toBe(1_400);
    expect(reports.map((report) => report?.lost)).toEqual([0, 0]);
  });

  it.concurrent('R7: one that is killed with reservations in hand takes them along, and not a request more', async () => {
    await using upstream = await startUpstream();
    upstream.script(...Array.from({ length: 1_000 }, () => reply.text('Hello there', { delayMs: 50 })));
    const task = {
      prefix: 'r7',
      requestsPerMinute: 300,
      processes: 2,
      requests: 600,
      forMs: 2_000,
      maxTokens: 50,
    };
    const [killed, other] = [member(upstream, task), member(upstream, task)];
    while (upstream.requests.length < 60) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.process.kill('SIGKILL');
    expect(await killed.report).toBeUndefined();
    const report = await other.report;
    // What it had taken and not sent is spent for this minute.
    expect(upstream.requests.length).toBeLessThanOrEqual(300);
    expect(report?.refused['limit_exceeded']).toBeGreaterThan(200);
    expect(await bookedOf('r7')).toBe(300);
  });

  it.concurrent('a budget of 10 USD is not passed by four of them with 1,000 requests at once, a third left in the middle', async () => {
    await using upstream = await startUpstream();
    upstream.script(...Array.from({ length: 2_000 }, () => reply.text('word '.repeat(40), { delayMs: 2 })));
    const task = {
      prefix: 'money',
      budgetUsd: 10,
      processes: 4,
      requests: 250,
      forMs: 0,
      leaves: true,
      // Up to 0.06 USD each, so that 166 at once are all there is money for.
      maxTokens: 4_000,
    };
    const reports = await Promise.all([1, 2, 3, 4].map(() => member(upstream, task).report));
    const sum = (of: (report: MemberReport) => number): number =>
      reports.reduce((total, report) => total + (report ? of(report) : Number.NaN), 0);
    const costNanoUsd = sum((report) => report.costNanoUsd);
    expect(sum(({ refused }) => refused['budget_exceeded'] ?? 0)).toBeGreaterThan(0);
    expect(sum(({ left }) => left)).toBeGreaterThan(0);
    expect(sum(({ answered, left, refused }) => answered + left + (refused['budget_exceeded'] ?? 0))).toBe(
      1_000,
    );
    expect(costNanoUsd).toBeGreaterThan(0);
    expect(costNanoUsd).toBeLessThanOrEqual(10e9);
    // To the nanodollar: what the ledgers of all say, and nothing that is still reserved.
    expect(await bookedOf('money')).toBe(costNanoUsd);
  });
});
