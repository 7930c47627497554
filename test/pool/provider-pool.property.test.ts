import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailoverError, isRunestoneError, type ProviderErrorCode } from '../../src/errors/index.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import type { AnyTelemetryEvent } from '../../src/telemetry/events.ts';
import { type Scripted, scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { fails } from '../../src/testing/scripted-steps.ts';
import { ask as hello } from '../contexts.ts';
import { type Story, story } from './stories.ts';
import { run, world } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A request and its deadline, in a pool on the clock of the faked timers, and when it was over. */
async function within(told: Story, deadlineMs: number) {
  const providers = told.scripts.map((script, index) => scriptedProvider('abc'[index] ?? '', script));
  const models = { all: providers.map(({ name }) => `${name}/m`) };
  const now = (): number => performance.now();
  const pool = new ProviderPool({ providers, models }, { nowMs: now, epochMs: now, random: () => 0.99 });
  const heard: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => heard.push(event));
  const beganMs = now();
  let endedMs: number | undefined;
  const asked = { ...hello(), model: 'all' };
  const ask = async (): Promise<unknown> =>
    told.stream
      ? (await pool.streamRequest(asked, { deadlineMs })).completion()
      : pool.request(asked, { deadlineMs });
  const ended = ask()
    .catch(() => undefined)
    .then(() => {
      endedMs = now() - beganMs;
    });
  await vi.advanceTimersByTimeAsync(700_000);
  await ended;
  return { endedMs: endedMs ?? Number.POSITIVE_INFINITY, heard, beganMs };
}

describe('a request with a deadline (INV-18)', () => {
  const deadlines = fc.constantFrom(1, 40, 900, 3_000, 30_000, 61_000, 200_000);

  it('is over by then, or 50 ms later', async () => {
    await fc.assert(
      fc.asyncProperty(story, deadlines, async (told, deadlineMs) => {
        const { endedMs } = await within(told, deadlineMs);
        expect(endedMs).toBeLessThanOrEqual(deadlineMs + 50);
      }),
      { numRuns: 200 },
    );
  });

  it('waits for no retry beyond it, nor longer than the cap; and never less than the host asked for (INV-21)', async () => {
    let waits = 0;
    await fc.assert(
      fc.asyncProperty(story, deadlines, async (told, deadlineMs) => {
        const { heard, beganMs } = await within(told, deadlineMs);
        let askedMs = 0;
        for (const event of heard) {
          if (event.name === 'provider.error') askedMs = event.retryAfterMs ?? 0;
          if (event.name !== 'retry.scheduled') continue;
          waits += 1;
          expect(event.at + event.delayMs).toBeLessThan(beganMs + deadlineMs);
          expect(event.delayMs).toBeLessThanOrEqual(60_000);
          if (askedMs <= 60_000) expect(event.delayMs).toBeGreaterThanOrEqual(askedMs);
        }
      }),
      { numRuns: 200 },
    );
    expect(waits).toBeGreaterThan(20);
  });
});

describe('targets whose circuits are open (INV-23)', () => {
  const codes: readonly ProviderErrorCode[] = [
    'server_error',
    'overloaded',
    'bad_response',
    'model_not_found',
  ];
  const step = fc.oneof(
    fc.constantFrom(...codes).map((code): Scripted => fails(code, { status: 500 })),
    fc.constant<Scripted>({ events: [{ type: 'finish', reason: 'stop', raw: 'stop' }], ending: 'end' }),
  );
  const script = fc.array(step, { minLength: 1, maxLength: 6 });
  const pauses = fc.array(fc.constantFrom(0, 1_000, 6_000, 20_000), { minLength: 3, maxLength: 8 });

  it('are passed by while a later one is free; each is asked once, in order, and the error tells of all', async () => {
    let passedBy = 0;
    await fc.assert(
      fc.asyncProperty(fc.tuple(script, script, script), pauses, async (scripts, waits) => {
        const providers = scripts.map((steps, index) => scriptedProvider('abc'[index] ?? '', steps));
        const made = world({
          providers,
          retry: { attempts: 9, attemptsPerTarget: 1 },
          breaker: { failureThreshold: 1, openMs: 5_000, maxOpenMs: 5_000, slowStartMs: 0 },
        });
        for (const waitMs of waits) {
          await vi.advanceTimersByTimeAsync(waitMs);
          const isFree = new Map(
            [...made.states.all()].map((state) => [state.target.provider.name, state.isOpen]),
          );
          const free = providers.map(({ name }) => isFree.get(name) ?? true);
          const before = providers.map(({ calls }) => calls.length);
          const going = run(made, {});
          await going.ended;
          const calls = providers.map((each, index) => each.calls.length - (before[index] ?? 0));
          for (const [index, count] of calls.entries()) {
            expect(count).toBeLessThanOrEqual(1);
            if (free[index] || !free.slice(index + 1).includes(true)) continue;
            passedBy += 1;
            expect(count).toBe(0);
          }
          const { trail } = going.context;
          expect(trail.map(({ provider }) => provider)).toEqual(
            providers.flatMap(({ name }, index) => (calls[index] === 1 ? [name] : [])),
          );
          const errors = going.error instanceof FailoverError ? going.error.errors : [going.error];
          const failed = errors.flatMap((error) =>
            isRunestoneError(error) && error.code !== 'circuit_open' ? [error.provider] : [],
          );
          if (going.error) expect(failed).toEqual(trail.map(({ provider }) => provider));
        }
      }),
      { numRuns: 200 },
    );
    expect(passedBy).toBeGreaterThan(20);
  });
});
