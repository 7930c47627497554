import fc from 'fast-check';
import { vi } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import { CancelledError, type ProviderErrorCode } from '../../src/errors/index.ts';
import type { RequestContext } from '../../src/pipeline/middleware.ts';
import { openStream } from '../../src/pipeline/open-stream.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import {
  type Scripted,
  type ScriptedProvider,
  scriptedProvider,
} from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { watchedCancellation } from '../contexts.ts';
import { type World, world } from './world.ts';

/** What one request meets: faults of its providers, and a caller with little patience. */
export interface Story {
  readonly scripts: readonly (readonly Scripted[])[];
  readonly stream: boolean;
  /** When the caller aborts: after so many milliseconds, or after so many turns of the microtask queue. */
  readonly abort: { readonly ms: number } | { readonly turns: number } | undefined;
  /** After how many batches the consumer leaves. */
  readonly leaveAfter: number | undefined;
  readonly seed: number;
}

const codes: readonly ProviderErrorCode[] = [
  ...(['invalid_request', 'authentication', 'rate_limited', 'overloaded', 'server_error'] as const),
  ...(['connection', 'timeout', 'stream_truncated', 'bad_response', 'context_overflow'] as const),
];

const code = fc.constantFrom(...codes);
const delayMs = fc.constantFrom(0, 0, 5, 900, 40_000);
const retryAfterMs = fc.constantFrom(undefined, undefined, 0, 1_500, 20_000, 90_000);
const words = fc.array(fc.constantFrom('Once ', 'upon ', 'a ', 'time'), { minLength: 1, maxLength: 4 });

const step: fc.Arbitrary<Scripted> = fc.oneof(
  fc.tuple(words, delayMs).map(([said, delay]) => replies(said, { delayMs: delay })),
  fc
    .tuple(code, retryAfterMs)
    .map(([failure, wait]) =>
      fails(failure, { status: 500, ...(wait !== undefined && { retryAfterMs: wait }) }),
    ),
  fc.tuple(words, code).map(([said, failure]) => breaks(said, { code: failure })),
  words.map((said) => breaks(said)),
  fc.constantFrom<Scripted>(hangs(), hangs('Once '), breaks([])),
  fc.constant<Scripted>(() => {
    throw new TypeError('a bug in a provider');
  }),
);

export const story: fc.Arbitrary<Story> = fc.record({
  scripts: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  stream: fc.boolean(),
  abort: fc.option(
    fc.oneof(
      fc.constantFrom(0, 1, 250, 900, 5_000, 61_000).map((ms) => ({ ms })),
      fc.nat(60).map((turns) => ({ turns })),
    ),
    { nil: undefined, freq: 3 },
  ),
  leaveAfter: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
  seed: fc.nat(1_000_000),
});

/** How it ended, and what is left of it. */
export interface Ending {
  readonly world: World;
  readonly context: RequestContext;
  readonly providers: readonly ScriptedProvider[];
  readonly listeners: () => number;
  readonly got: Batch[];
  readonly error: unknown;
  readonly callsAtCommit: number | undefined;
}

/** A repeatable chance: the same story goes the same way. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Plays a story to its end, on faked timers. */
export async function live(
  told: Story,
  listen: (world: World) => void = () => undefined,
  options: Partial<PoolOptions> = {},
): Promise<Ending> {
  const providers = told.scripts.map((script, index) => scriptedProvider('abc'[index] ?? '', script));
  const all = world({ providers, ...options }, seeded(told.seed));
  listen(all);
  const { cancellation, listeners } = watchedCancellation();
  const context = all.context({ stream: told.stream }, { cancellation });
  const got: Batch[] = [];
  let error: unknown;
  let callsAtCommit: number | undefined;
  const calls = (): number => providers.reduce((sum, each) => sum + each.calls.length, 0);
  const reading = (async () => {
    try {
      const opened = await openStream(all.handle(context), !told.stream);
      callsAtCommit = calls();
      if (told.leaveAfter === 0) return void (await opened.return());
      for await (const batch of opened) {
        got.push(batch);
        if (got.length === told.leaveAfter) break;
      }
    } catch (thrown) {
      error = thrown;
    }
  })();
  const { abort } = told;
  const stop = (): void => cancellation.cancel(new CancelledError('enough'));
  const timer = abort && 'ms' in abort ? setTimeout(stop, abort.ms) : undefined;
  if (abort && 'turns' in abort) {
    for (let turn = 0; turn < abort.turns; turn++) await Promise.resolve();
    stop();
  }
  await vi.advanceTimersByTimeAsync(600_000);
  await reading;
  clearTimeout(timer);
  return { world: all, context, providers, listeners, got, error, callsAtCommit };
}
