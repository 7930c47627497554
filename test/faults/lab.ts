import { getEventListeners } from 'node:events';
import { isRunestoneError, type PoolOptions, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { type Reply, reply, startUpstream, type Upstream } from 'runestone/testing';
import { expect } from 'vitest';

/** What the caller got, and who was asked for it. */
export interface Outcome {
  /** The answer's text when it was complete. */
  readonly text?: string;
  readonly finish?: string | null;
  /** Code of the error, and of its parts when there are several. */
  readonly code?: string;
  readonly codes?: readonly string[];
  readonly phase?: string | undefined;
  /** What had arrived of an answer that broke. */
  readonly partial?: string | undefined;
  readonly message?: string;
  readonly committed?: boolean;
  readonly retryAfterMs?: number | undefined;
  /** Upstream calls at the faulty host and at the healthy one. */
  readonly asked: string;
  readonly tookMs: number;
  readonly precision: readonly string[];
}

/** Timers cut short, so that silence is over soon; long enough for a busy machine. */
const options: Omit<PoolOptions, 'providers'> = {
  timeouts: {
    connectMs: 500,
    firstTokenMs: 500,
    reasoningFirstTokenMs: 500,
    idleMs: 350,
    progressMs: 900,
    totalMs: 4_000,
  },
  retry: { baseDelayMs: 5 },
  models: {
    alone: ['faulty/claude-haiku-4-5'],
    pair: ['faulty/claude-haiku-4-5', 'healthy/claude-haiku-4-5'],
  },
};

/** The SDK is loaded with the first request of a process, which is no fault of any host. */
export async function warmUp(): Promise<void> {
  await using upstream = await startUpstream();
  const pool = new ProviderPool({ providers: [anthropic({ apiKey: 'key', baseURL: upstream.url })] });
  await pool.request({ messages: [{ role: 'user', content: 'warm up' }] });
  await pool.close();
}

/**
 * One request, whose first attempt meets the fault and every later one a host that is well.
 *
 * Ends with the standing check of the fault catalogue: whatever happened, nothing is left over.
 *
 * @param route - `pair` has a second, healthy host of the same rank
 */
export async function strike(
  fault: Reply,
  route: 'alone' | 'pair',
  how: 'stream' | 'whole' = 'stream',
): Promise<Outcome> {
  await using healthy = await startUpstream({ respond: () => reply.text('from healthy') });
  await using faulty = await startUpstream({
    respond: (_request, n) => (n === 1 ? fault : reply.text('from faulty')),
  });
  const apiKey = 'sk-ant-canary-key';
  const pool = new ProviderPool({
    providers: [
      anthropic({ name: 'faulty', apiKey, baseURL: faulty.url }),
      anthropic({ name: 'healthy', apiKey, baseURL: healthy.url }),
    ],
    ...options,
  });
  const controller = new AbortController();
  const pairs = countPairs(pool);
  const beganMs = performance.now();
  const result = await ask(pool, route, how, controller.signal);
  const tookMs = performance.now() - beganMs;
  await standingCheck([faulty, healthy], controller.signal, pairs);
  await pool.close({ drainMs: 0 });
  return { ...result, asked: `${faulty.count} ${healthy.count}`, tookMs };
}

/** S0: no socket in use, no listener on the caller's signal, one stop for each start. */
async function standingCheck(
  upstreams: readonly Upstream[],
  signal: AbortSignal,
  pairs: ReadonlyMap<string, number>,
): Promise<void> {
  const inUse = (): number => upstreams.reduce((sum, { inFlight }) => sum + inFlight, 0);
  const deadline = performance.now() + 250;
  while (inUse() > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(inUse()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(pairs.get('request.start')).toBe(1);
  expect(pairs.get('request.stop')).toBe(1);
  expect(pairs.get('provider.request.stop')).toBe(pairs.get('provider.request.start'));
  expect(pairs.get('cost.recorded')).toBe(pairs.get('provider.request.start'));
}

function countPairs(pool: ProviderPool): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  pool.on('*', ({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
  return counts;
}

const QUESTION = 'canary-prompt: how are you?';

async function ask(
  pool: ProviderPool,
  model: string,
  how: 'stream' | 'whole',
  signal: AbortSignal,
): Promise<Omit<Outcome, 'asked' | 'tookMs'>> {
  const request = {
    model,
    messages: [{ role: 'user', content: QUESTION }],
    // Without it the request counts as one that reasons, for which silence is no fault.
    reasoning_effort: 'none',
    max_completion_tokens: 1_000,
  } as const;
  try {
    const { choices, runestone } =
      how === 'whole'
        ? await pool.request(request, { signal })
        : await (await pool.streamRequest(request, { signal })).completion();
    return {
      text: choices[0]?.message.content ?? '',
      finish: choices[0]?.finish_reason ?? null,
      precision: runestone.trace.attempts.map(({ precision }) => precision),
    };
  } catch (error) {
    if (!isRunestoneError(error)) throw error;
    const shown = `${JSON.stringify(error)} ${error.stack}`;
    expect(shown).not.toContain('canary');
    return {
      code: error.code,
      ...(error.code === 'failover_exhausted' && { codes: error.errors.map((each) => each.code) }),
      phase: error.phase,
      partial: error.partial?.content,
      message: error.message,
      committed: error.committed,
      retryAfterMs: error.retryAfterMs,
      precision: error.attempts.map(({ precision }) => precision),
    };
  }
}
