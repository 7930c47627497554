import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OverflowFinished } from 'runestone/bullmq';
import { anthropic } from 'runestone/providers/anthropic';
import { fails, replies, reply, scriptedProvider, startUpstream } from 'runestone/testing';
import { describe, expect, inject, it, vi } from 'vitest';
import { backoffOf } from '../../src/bullmq/overflow-worker.ts';
import { JobEnd } from '../../src/bullmq/run-job.ts';
import { asking, type Bench, openBench } from './bench.ts';

const path = inject('redis');
const ready = { timeout: 15_000, interval: 10 };

/** Queues requests and tells their ids. */
async function queued(bench: Bench, ...calls: [text: string, call?: object][]): Promise<string[]> {
  const ids: string[] = [];
  for (const [text, call] of calls) {
    const outcome = await bench.spill.request(asking(text), call);
    if (outcome.status !== 'queued') throw new Error('not queued');
    ids.push(outcome.id);
  }
  return ids;
}

const textOf = (result: OverflowFinished | undefined): string | null | undefined =>
  result?.status === 'answered' ? result.completion.choices[0]?.message.content : undefined;

describe.skipIf(path === '')('a worker', () => {
  it('tells each result, with all that was said of the call', async () => {
    await using bench = await openBench(path);
    const seen: unknown[] = [];
    const told = new Map<string, OverflowFinished>();
    const pool = bench.pool(scriptedProvider('later', [replies('one'), replies('two')]));
    pool.on('request.start', ({ requestId, tenant }) => void seen.push([requestId, tenant]));
    const ids = await queued(
      bench,
      ['Hello?', { tenant: 'acme', requestId: 'r-1', sessionId: 's', metadata: { a: 'b' } }],
      ['Hello?', { requestId: 'r-2' }],
    );
    bench.work(pool, { concurrency: 1, onResult: (id, result) => void told.set(id, result) });
    await vi.waitFor(() => expect(told.size).toBe(2), ready);
    expect([...told.keys()]).toEqual(ids);
    expect([...told.values()].map(textOf)).toEqual(['one', 'two']);
    expect(seen).toEqual([
      ['r-1', 'acme'],
      ['r-2', undefined],
    ]);
  });

  it('takes the high before the normal before the low, and each in order of arrival', async () => {
    await using bench = await openBench(path);
    const provider = scriptedProvider('later', [replies('x')]);
    await queued(
      bench,
      ['low 1', { priority: 'low' }],
      ['normal 1'],
      ['high 1', { priority: 'high' }],
      ['low 2', { priority: 'low' }],
      ['normal 2', { priority: 'normal' }],
      ['high 2', { priority: 'high' }],
    );
    bench.work(bench.pool(provider), { concurrency: 1 });
    await vi.waitFor(() => expect(provider.calls).toHaveLength(6), ready);
    const order = provider.calls.map(({ request }) => request.messages[0]?.content);
    expect(order).toEqual(['high 1', 'high 2', 'normal 1', 'normal 2', 'low 1', 'low 2']);
  });

  it('holds to the limits of its pool: what has no room comes back, and that is no attempt', async () => {
    await using bench = await openBench(path);
    const provider = scriptedProvider('later', [replies(['a', 'b', 'c'], { delayMs: 40 })]);
    const pool = bench.pool(provider, { perTenant: { concurrency: 1 }, queue: { size: 0 } });
    const open: string[] = [];
    let most = 0;
    pool.on('provider.request.start', ({ requestId }) => {
      open.push(requestId);
      most = Math.max(most, open.filter((id) => id.startsWith('a')).length);
    });
    pool.on('provider.request.stop', ({ requestId }) => void open.splice(open.indexOf(requestId), 1));
    const call = (requestId: string) => ({ requestId, tenant: requestId.slice(0, 1) });
    const ids = await queued(bench, ['1', call('a1')], ['2', call('a2')], ['3', call('b1')]);
    bench.work(pool);
    await vi.waitFor(async () => expect(await bench.queue.getCompletedCount()).toBe(3), ready);
    expect([most, open]).toEqual([1, []]);
    const jobs = await Promise.all(ids.map((id) => bench.queue.getJob(id)));
    expect(jobs.map((job) => job?.attemptsMade)).toEqual([1, 1, 1]);
    // The test is one: somebody was refused.
    expect(Math.max(...jobs.map((job) => job?.attemptsStarted ?? 0))).toBeGreaterThan(1);
  });

  it.each([
    ['answered', [fails('overloaded'), replies('Better now.')]],
    ['failed', [fails('overloaded')]],
  ])('asks a further round for what may pass, and no more than that: %s', async (status, steps) => {
    await using bench = await openBench(path);
    const flaky = scriptedProvider('flaky', steps);
    const [id = ''] = await queued(bench, ['Hello?']);
    const told: string[] = [];
    bench.work(bench.pool(flaky), { onResult: (_, result) => void told.push(result.status) });
    await vi.waitFor(async () => expect((await bench.spill.result(id))?.status).toBe(status), ready);
    await vi.waitFor(async () => expect(await bench.queue.getActiveCount()).toBe(0), ready);
    expect(flaky.calls).toHaveLength(2);
    expect(told).toEqual([status]);
  });

  it('refuses options that make no sense', async () => {
    await using bench = await openBench(path);
    expect(() => bench.work(bench.front, { concurrency: 0 })).toThrow(/overflowWorker: .*concurrency/s);
  });
});

describe.skipIf(path === '')('a worker that is killed', () => {
  const program = fileURLToPath(new URL('doomed-worker.ts', import.meta.url));

  async function doomed(bench: Bench, url: string): Promise<ChildProcess> {
    const prefix = String(bench.queue.opts.prefix);
    const child = spawn(process.execPath, ['--import', 'tsx', program, path, prefix, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  it('in the middle of a request leaves it to another, which asks again', async () => {
    await using bench = await openBench(path);
    await using upstream = await startUpstream();
    upstream.script(reply.hangBeforeHeaders(), reply.text('Good day.'));
    const told: string[] = [];
    const [id = ''] = await queued(bench, ['Hello?', { tenant: 'acme', idempotencyKey: 'k' }]);
    const child = await doomed(bench, upstream.url);
    await vi.waitFor(() => expect(upstream.count).toBe(1), ready);
    expect(await bench.spill.result(id)).toEqual({ status: 'running' });
    await kill(child);
    const pool = bench.pool(anthropic({ apiKey: 'k', baseURL: upstream.url }));
    bench.work(pool, { onResult: (_, result) => void told.push(textOf(result) ?? '') });
    await vi.waitFor(
      async () => expect(await bench.spill.result(id)).toMatchObject({ status: 'answered' }),
      ready,
    );
    await vi.waitFor(() => expect(told).toEqual(['Good day.']), ready);
    expect(upstream.count).toBe(2);
  });

  it('with an answer in hand leaves that, and upstream is not asked again', async () => {
    await using bench = await openBench(path);
    await using upstream = await startUpstream();
    upstream.script(reply.text('Good day.'));
    const told: string[] = [];
    const [id = ''] = await queued(bench, ['Hello?']);
    const child = await doomed(bench, upstream.url);
    if (!child.stdout) throw new Error('no output');
    const [words] = await once(child.stdout, 'data');
    expect(String(words)).toBe('telling\n');
    await kill(child);
    expect(await bench.spill.result(id)).toMatchObject({ status: 'answered' });
    const pool = bench.pool(anthropic({ apiKey: 'k', baseURL: upstream.url }));
    bench.work(pool, { onResult: (_, result) => void told.push(textOf(result) ?? '') });
    await vi.waitFor(() => expect(told).toEqual(['Good day.']), ready);
    await vi.waitFor(async () => expect(await bench.queue.getCompletedCount()).toBe(1), ready);
    expect(upstream.count).toBe(1);
  });
});

describe('the wait for a further round', () => {
  const backoff = backoffOf(100);

  it.each([
    [1, undefined, 100],
    [2, undefined, 200],
    [4, undefined, 800],
    [1, new JobEnd('JobEnd', 'rate_limited', 7_000), 7_000],
    [4, new JobEnd('JobEnd', 'rate_limited', 7), 800],
    [1, new Error('of BullMQ'), 100],
    [17, undefined, 3_600_000],
    [2_000, undefined, 3_600_000],
    [17, new JobEnd('JobEnd', 'rate_limited', 7_000_000), 7_000_000],
  ])('after attempt %i and %s is %i ms', (made, error, waitMs) => {
    expect(backoff(made, 'custom', error)).toBe(waitMs);
  });
});
