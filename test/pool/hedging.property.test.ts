import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ending, live, type Story, story } from './stories.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Every story again, with a second attempt beside whatever is slow to begin. */
const hedged = (told: Story): Promise<Ending> =>
  live(told, undefined, { hedge: { afterMs: 4, maxExtra: 2 }, retry: { attempts: 4 } });

const always = (property: (ending: Ending, told: Story) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(story, async (told) => property(await hedged(told), told)),
    { numRuns: 200 },
  );

describe('whatever happens to a request with hedges', () => {
  it('makes four attempts at most, two at one target and a hedge (INV-15)', async () => {
    let hedges = 0;
    await always(({ providers, context, world }) => {
      const calls = providers.map((each) => each.calls.length);
      expect(context.trail.length).toBeLessThanOrEqual(4);
      expect(calls.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(4);
      hedges += world.told.of('hedge').length;
    });
    // The property is worth nothing if nobody ever was slow.
    expect(hedges).toBeGreaterThan(5);
  });

  it('numbers its attempts, and tells start, cost and stop of each once (INV-30 INV-32)', async () => {
    await always(({ world, context }) => {
      const numbers = (name: string): number[] =>
        world.told.told
          .flatMap((event) => (event.name === name && 'attempt' in event ? [event.attempt] : []))
          .sort();
      const made = context.trail.map((_, index) => index + 1);
      expect(numbers('provider.request.start')).toEqual(made);
      expect(numbers('cost.recorded')).toEqual(made);
      expect(numbers('provider.request.stop')).toEqual(made);
      expect(world.told.names().at(-1)).toBe('request.stop');
    });
  });

  it('has one answer, from one of them', async () => {
    await always(({ context, got, error }, { leaveAfter }) => {
      const finished = got.flat().filter(({ type }) => type === 'finish');
      if (error === undefined && got.length !== leaveAfter) {
        expect(finished).toHaveLength(1);
        expect(got.flat().filter(({ type }) => type === 'start')).toHaveLength(1);
        expect(context.trail.some(({ outcome, lost }) => outcome === 'ok' && !lost)).toBe(true);
      }
    });
  });

  it('makes no attempt after the commit point (INV-17)', async () => {
    await always(({ providers, callsAtCommit }) => {
      const calls = providers.reduce((sum, each) => sum + each.calls.length, 0);
      if (callsAtCommit !== undefined) expect(calls).toBe(callsAtCommit);
    });
  });

  it('leaves no timer, no listener, no stream and nothing in flight (INV-28, INV-34)', async () => {
    await always(({ providers, listeners, world }) => {
      expect(vi.getTimerCount()).toBe(0);
      expect(listeners()).toBe(0);
      expect(providers.map(({ open }) => open)).toEqual(providers.map(() => 0));
      expect(world.states.total.row().inFlight).toBe(0);
    });
  });

  it('counts a lost race against nobody', async () => {
    await always(({ world, context }) => {
      const blamed = context.trail.filter(({ outcome }) => outcome === 'error').length;
      expect(world.states.total.row().errors).toBeLessThanOrEqual(blamed);
      for (const { lost, outcome } of context.trail) if (lost) expect(outcome).toBe('cancelled');
    });
  });
});
