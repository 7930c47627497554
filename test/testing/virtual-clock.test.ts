import { readdirSync, readFileSync } from 'node:fs';
import { type AnyTelemetryEvent, type PoolOptions, ProviderPool } from 'runestone';
import {
  breaks,
  fails,
  hangs,
  replies,
  type Scripted,
  type ScriptedMore,
  scriptedProvider,
  type VirtualClock,
  virtualClock,
} from 'runestone/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../contexts.ts';

const ask = { messages: [{ role: 'user', content: 'Hello' }] } as const;

const pools: ProviderPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close({ drainMs: 0 });
});

interface Stage {
  readonly clock: VirtualClock;
  readonly pool: ProviderPool;
  readonly told: readonly AnyTelemetryEvent[];
}

/** A pool of one scripted provider, on a clock of its own. */
function stage(
  steps: readonly Scripted[],
  options: Partial<PoolOptions> = {},
  more: ScriptedMore = {},
): Stage {
  const clock = virtualClock({ epochMs: 1_800_000_000_000 });
  const provider = scriptedProvider('a', steps, { clock, ...more });
  const pool = new ProviderPool({ providers: [provider], ...options }, clock);
  pools.push(pool);
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => told.push(event));
  return { clock, pool, told };
}

/** What became of a promise, without waiting for it. */
function watched<Value>(promise: Promise<Value>) {
  const state: { value?: Value; error?: unknown } = {};
  promise.then(
    (value) => {
      state.value = value;
    },
    (error: unknown) => {
      state.error = error;
    },
  );
  return state;
}

describe('a virtual clock', () => {
  it('stands still by itself', async () => {
    const clock = virtualClock({ epochMs: 1_000 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([clock.nowMs(), clock.epochMs(), clock.random()]).toEqual([0, 1_000, 0.5]);
  });

  it('begins with the real wall clock, if it is not told otherwise', () => {
    expect(Math.abs(virtualClock().epochMs() - Date.now())).toBeLessThan(5_000);
    expect(virtualClock({ random: () => 0.25 }).random()).toBe(0.25);
  });

  it('moves both clocks, and a step of the wall clock moves that one alone', async () => {
    const clock = virtualClock({ epochMs: 1_000 });
    await clock.advance(250.5);
    clock.stepWallClock(-10_000);
    expect([clock.nowMs(), clock.epochMs()]).toEqual([250.5, -8_749.5]);
  });

  it.each([-1, Number.NaN])('does not pass by %d ms', async (ms) => {
    await expect(virtualClock().advance(ms)).rejects.toThrow(RangeError);
  });

  it('tells what waits, and lets a test wait itself', async () => {
    const clock = virtualClock();
    const waited = watched(clock.wait(1_000).then(() => 'done'));
    void clock.wait(300);
    expect(clock.pending).toEqual([300, 1_000]);
    await clock.advance(999);
    expect(waited).toEqual({});
    await clock.advance(1);
    expect(waited).toEqual({ value: 'done' });
  });

  it('ends a wait with the reason of its signal, and leaves nothing behind', async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const waiting = clock.wait(1_000, controller.signal);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    await expect(clock.wait(1, controller.signal)).rejects.toBe('enough');
    expect(clock.pending).toEqual([]);
  });

  it('waits for what a timer sets off, through as many turns as it takes', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    const again = async (left: number): Promise<void> => {
      await clock.wait(10);
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
      seen.push(clock.nowMs());
      if (left > 0) await again(left - 1);
    };
    void again(3);
    await clock.advance(1_000);
    expect(seen).toEqual([10, 20, 30, 40]);
    expect(clock.nowMs()).toBe(1_000);
  });
});

describe('with a pool on it', () => {
  it('a retry waits for its backoff, and no real time passes', async () => {
    const { pool, clock } = stage([fails('server_error', { status: 500 }), replies('hi')]);
    const began = performance.now();
    const answer = watched(pool.request(ask));
    await clock.advance(249);
    expect(answer).toEqual({});
    expect(clock.pending[0]).toBe(1);
    await clock.advance(1);
    expect(answer.value?.runestone).toMatchObject({ attempts: 2, durationMs: 250 });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(clock.pending).toEqual([]);
  });

  it('a `Retry-After` is waited for in full', async () => {
    const { pool, clock } = stage([fails('rate_limited', { retryAfterMs: 45_000 }), replies('hi')]);
    const answer = watched(pool.request(ask));
    await clock.advance(44_999);
    expect(answer).toEqual({});
    await clock.advance(1);
    expect(answer.value?.choices[0]?.message.content).toBe('hi');
  });

  it('a cooldown ends', async () => {
    const refused = fails('rate_limited', { retryAfterMs: 30_000 });
    const { pool, clock } = stage([refused, replies('hi')], { retry: false });
    expect(await failureOf(pool.request(ask))).toMatchObject({ code: 'rate_limited' });
    const until = (): number | undefined => pool.providers()[0]?.targets[0]?.cooldownUntil;
    expect(until()).toBe(clock.epochMs() + 30_000);
    await clock.advance(30_000);
    expect(until()).toBeUndefined();
    expect((await pool.request(ask)).choices[0]?.message.content).toBe('hi');
  });

  it('a breaker opens, half-opens and closes', async () => {
    const broken = fails('server_error', { status: 500 });
    const steps = [broken, broken, broken, replies('hi')];
    const { pool, clock, told } = stage(steps, {
      retry: false,
      breaker: { failureThreshold: 3, openMs: 5_000 },
    });
    for (let n = 0; n < 3; n++)
      expect(await failureOf(pool.request(ask))).toMatchObject({ code: 'server_error' });
    expect(told.some(({ name }) => name === 'circuit_breaker.open')).toBe(true);
    await clock.advance(10_000);
    await pool.request(ask);
    expect(told.map(({ name }) => name)).toContain('circuit_breaker.close');
  });

  it.each<[string, Scripted, number, object]>([
    ['first token', hangs(), 60_000, { code: 'timeout', phase: 'first_token' }],
    ['idle', hangs('Hel'), 60_000, { code: 'timeout', phase: 'idle' }],
  ])('silence ends by the %s timer', async (_, step, limitMs, error) => {
    const { pool, clock } = stage([step], { retry: false });
    const outcome = watched(pool.streamRequest(ask).then((stream) => stream.completion()));
    await clock.advance(limitMs - 1);
    expect(outcome).toEqual({});
    await clock.advance(1);
    expect(outcome.error).toMatchObject(error);
    expect(clock.pending).toEqual([]);
  });

  it('a deadline passes', async () => {
    const { pool, clock } = stage([replies(['slow', 'er'], { delayMs: 4_000 })]);
    const outcome = watched(pool.request(ask, { deadlineMs: 10_000 }));
    await clock.advance(9_999);
    expect(outcome).toEqual({});
    await clock.advance(1);
    expect(outcome.error).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('a queue is left in time, and its limit refills', async () => {
    const limits = { pool: { requestsPerMinute: 1 }, queue: { maxWaitMs: 70_000 } };
    const { pool, clock } = stage([replies('hi')], { limits });
    await pool.request(ask);
    const [first, second] = [watched(pool.request(ask)), watched(pool.request(ask))];
    await clock.advance(60_000);
    expect(first.value?.choices[0]?.message.content).toBe('hi');
    expect(second).toEqual({});
    await clock.advance(10_000);
    expect(second.error).toMatchObject({ code: expect.stringMatching(/^queue_timeout|limit_exceeded$/) });
    expect(clock.pending).toEqual([]);
  });

  it('a pause that the host asked for ends', async () => {
    const head = { rateLimits: { requests: { limit: 10, remaining: 0, resetMs: 1_500 } } };
    let calls = 0;
    const { pool, clock } = stage([
      (call) => {
        if (calls++ === 0) call.onHead?.(head);
        return replies('hi');
      },
    ]);
    await pool.request(ask);
    const answer = watched(pool.request(ask));
    await clock.advance(1_499);
    expect(answer).toEqual({});
    await clock.advance(1);
    expect(answer.value?.choices[0]?.message.content).toBe('hi');
  });

  it('a hedge is sent off when the first has been waited for', async () => {
    const clock = virtualClock();
    const [slow, fast] = ['slow', 'fast'].map((name) =>
      scriptedProvider(name, [name === 'slow' ? hangs() : replies('hi')], { clock }),
    );
    if (!slow || !fast) throw new Error('two were made');
    const models = { any: ['slow/m', 'fast/m'] };
    const pool = new ProviderPool({ providers: [slow, fast], models, hedge: { afterMs: 700 } }, clock);
    pools.push(pool);
    const answer = watched(pool.request({ ...ask, model: 'any' }));
    await clock.advance(699);
    expect([answer, fast.calls.length]).toEqual([{}, 0]);
    await clock.advance(1);
    expect(answer.value?.runestone.provider).toBe('fast');
    expect(slow.open).toBe(0);
  });

  it('an answer that nobody reads is let go', async () => {
    const { pool, clock, told } = stage([hangs('Hel')]);
    await pool.streamRequest(ask);
    await clock.advance(30_000);
    expect(told.at(-1)).toMatchObject({ name: 'request.stop', outcome: 'cancelled' });
    expect(clock.pending).toEqual([]);
  });

  it('a health check and a catalogue that hang are given up', async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const { pool, clock } = stage([replies('hi')], {}, { check: never, listModels: never });
    const health = watched(pool.checkHealth('a'));
    const models = watched(pool.refreshModels());
    await clock.advance(10_000);
    expect(health.value).toMatchObject({ status: 'down', code: 'timeout', latencyMs: 10_000 });
    expect(models.value).toMatchObject({ a: { status: 'failed', code: 'timeout' } });
  });

  it('a pool that closes drains for as long as it is told', async () => {
    const { pool, clock } = stage([hangs('Hel')]);
    const stream = await pool.streamRequest(ask);
    const read = watched(stream.completion());
    const closed = watched(pool.close({ drainMs: 2_000 }).then(() => 'closed'));
    await clock.advance(1_999);
    expect([read, closed]).toEqual([{}, {}]);
    await clock.advance(1);
    expect(read.error).toMatchObject({ code: 'pool_closed' });
    expect(closed.value).toBe('closed');
  });

  it('a wall clock that jumps changes nothing (H8)', async () => {
    const { pool, clock } = stage([fails('server_error', { status: 500 }), replies('hi')]);
    const answer = watched(pool.request(ask));
    await clock.advance(100);
    clock.stepWallClock(10 * 365 * 86_400_000);
    await clock.advance(149);
    expect(answer).toEqual({});
    clock.stepWallClock(-3_600_000);
    await clock.advance(1);
    expect(answer.value?.runestone).toMatchObject({ attempts: 2, durationMs: 250 });
  });

  it('the same script tells the same story twice (INV-38)', async () => {
    const tell = async (): Promise<unknown[]> => {
      const steps = [fails('server_error', { status: 500 }), breaks('Hel'), replies('hi', { delayMs: 70 })];
      const { pool, clock, told } = stage(steps, { retry: { attemptsPerTarget: 3 } });
      const answer = watched(pool.request(ask, { requestId: 'one' }));
      await clock.advance(10_000);
      expect(answer.value?.runestone.attempts).toBe(3);
      // Of all that is told, only the name of a process's run is by chance.
      return told.map((event) => ({ ...event, run: undefined }));
    };
    expect(await tell()).toEqual(await tell());
  });

  it('nothing arms a timer of Node’s own', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const { pool, clock } = stage([fails('server_error', { status: 500 }), replies('hi', { delayMs: 10 })], {
      limits: { pool: { concurrency: 1 } },
    });
    const answers = [pool.request(ask), pool.streamRequest(ask).then((stream) => stream.completion())];
    await clock.advance(60_000);
    await Promise.all(answers);
    const ours = timers.mock.calls.length;
    timers.mockRestore();
    expect(ours).toBe(0);
  });
});

it('the pool arms timers in one place alone, so that a clock of a test’s own drives them all', () => {
  const folders = ['pool', 'pipeline', 'middleware', 'resilience', 'routing', 'telemetry'];
  const files = folders.flatMap((folder) =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (name) => `src/${folder}/${name}`,
    ),
  );
  const arming = files
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /\b(?:setTimeout|setInterval)\(/.test(readFileSync(file, 'utf8')));
  expect(arming).toEqual(['src/resilience/timing.ts']);
});
