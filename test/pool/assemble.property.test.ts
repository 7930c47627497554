import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import { CancelledError, isRunestoneError, type ProviderErrorCode } from '../../src/errors/index.ts';
import type { RequestContext } from '../../src/pipeline/middleware.ts';
import { openStream } from '../../src/pipeline/open-stream.ts';
import type { EventName } from '../../src/telemetry/events.ts';
import {
  type Scripted,
  type ScriptedProvider,
  scriptedProvider,
} from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { watchedCancellation } from '../contexts.ts';
import { type World, world } from './world.ts';

/** What one request meets: faults of its providers, and a caller with little patience. */
interface Story {
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

const story: fc.Arbitrary<Story> = fc.record({
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

interface Ending {
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

async function live(told: Story, listen: (world: World) => void = () => undefined): Promise<Ending> {
  const providers = told.scripts.map((script, index) => scriptedProvider('abc'[index] ?? '', script));
  const all = world({ providers }, seeded(told.seed));
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

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Checks a property over stories. */
const always = (property: (told: Story) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(story, property), { numRuns: 200 });

describe('whatever happens to a request', () => {
  it('has one stop for its start, and nothing after it (invariant 32)', async () => {
    await always(async (told) => {
      const { told: heard } = (await live(told)).world;
      const names = heard.names();
      expect(names.filter((name) => name === 'request.start')).toHaveLength(1);
      expect(names.filter((name) => name === 'request.stop')).toHaveLength(1);
      expect([names.at(0), names.at(-1)]).toEqual(['request.start', 'request.stop']);
    });
  });

  it('has one stop and one cost for the start of each attempt, one after the other', async () => {
    await always(async (told) => {
      const { context, world: all } = await live(told);
      const marks: readonly EventName[] = [
        'provider.request.start',
        'cost.recorded',
        'provider.request.stop',
      ];
      const numbers = all.told.told.flatMap((event) =>
        marks.includes(event.name) && 'attempt' in event ? [`${event.attempt} ${event.name}`] : [],
      );
      expect(numbers).toEqual(
        context.trail.flatMap((_, index) => marks.map((mark) => `${index + 1} ${mark}`)),
      );
    });
  });

  it('tells an error just before the stop that it explains, and only then', async () => {
    await always(async (told) => {
      const { told: heard } = (await live(told)).world;
      heard.told.forEach((event, index) => {
        const before = heard.told[index - 1]?.name;
        if (event.name === 'provider.request.stop') {
          expect(before === 'provider.error').toBe(event.outcome === 'error');
        }
        if (event.name === 'request.stop') expect(before === 'request.error').toBe(event.outcome === 'error');
      });
    });
  });

  it('makes three attempts at most, two at one target, in the order of the plan (15, 23)', async () => {
    await always(async (told) => {
      const { providers, context } = await live(told);
      const calls = providers.map((each) => each.calls.length);
      expect(calls.every((count) => count <= 2)).toBe(true);
      const made = context.trail.map(({ provider }) => provider);
      expect(made.length).toBeLessThanOrEqual(3);
      expect(made).toEqual([...made].sort());
      expect(calls).toEqual(providers.map(({ name }) => made.filter((each) => each === name).length));
    });
  });

  it('makes no attempt after the commit point (invariant 17)', async () => {
    await always(async (told) => {
      const { providers, callsAtCommit } = await live(told);
      const calls = providers.reduce((sum, each) => sum + each.calls.length, 0);
      if (callsAtCommit !== undefined) expect(calls).toBe(callsAtCommit);
    });
  });

  it('leaves no timer, no listener, no stream and nothing in flight (28, 34)', async () => {
    await always(async (told) => {
      const { providers, listeners, world: all } = await live(told);
      expect(vi.getTimerCount()).toBe(0);
      expect(listeners()).toBe(0);
      expect(providers.map(({ open }) => open)).toEqual(providers.map(() => 0));
      expect(all.states.total.row().inFlight).toBe(0);
    });
  });

  it('ends complete, or with an error of ours, or because its consumer left (invariant 33)', async () => {
    await always(async (told) => {
      const { got, error } = await live(told);
      const finished = got.flat().filter(({ type }) => type === 'finish');
      if (error !== undefined) {
        expect(isRunestoneError(error)).toBe(true);
        expect(finished).toHaveLength(0);
        expect(JSON.stringify(error)).not.toContain('a bug in a provider');
      } else if (got.length !== told.leaveAfter) {
        expect(finished).toHaveLength(1);
        expect(got.flat().at(-1)?.type).toBe('finish');
      }
    });
  });

  it('costs what its attempts cost, and does not know what one of them does not (invariant 30)', async () => {
    await always(async (told) => {
      const { world: all } = await live(told);
      const costs = all.told.of('cost.recorded').map(({ costUsd }) => costUsd);
      const [stop] = all.told.of('request.stop');
      if (costs.includes(undefined)) {
        expect(stop).toMatchObject({ precision: 'unknown', costUsd: undefined });
      } else expect(stop?.costUsd).toBe(costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0));
    });
  });
});

describe('whoever listens', () => {
  it('changes nothing by throwing or rejecting (H1, H2, invariant 35)', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const nasty = (all: World): void => {
      all.told.on('*', () => {
        throw new Error('a bug in a listener');
      });
      all.told.on('*', () => Promise.reject(new Error('another')));
    };
    await always(async (told) => {
      const quiet = await live(told);
      const noisy = await live(told, nasty);
      expect(noisy.got).toEqual(quiet.got);
      const codeOf = (error: unknown): unknown => (isRunestoneError(error) ? error.code : error);
      expect(codeOf(noisy.error)).toBe(codeOf(quiet.error));
      const facts = ({ context }: Ending): unknown =>
        context.trail.map(({ outcome, provider }) => [outcome, provider]);
      expect(facts(noisy)).toEqual(facts(quiet));
    });
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
