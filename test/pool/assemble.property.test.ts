import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRunestoneError } from '../../src/errors/index.ts';
import type { EventName } from '../../src/telemetry/events.ts';
import { type Ending, live, type Story, story } from './stories.ts';
import type { World } from './world.ts';

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
  it('has one stop for its start, and nothing after it (INV-32)', async () => {
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

  it('makes three attempts at most, two at one target, in the order of the plan (INV-15, INV-23)', async () => {
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

  it('makes no attempt after the commit point (INV-17)', async () => {
    await always(async (told) => {
      const { providers, callsAtCommit } = await live(told);
      const calls = providers.reduce((sum, each) => sum + each.calls.length, 0);
      if (callsAtCommit !== undefined) expect(calls).toBe(callsAtCommit);
    });
  });

  it('leaves no timer, no listener, no stream and nothing in flight (INV-28, INV-34)', async () => {
    await always(async (told) => {
      const { providers, listeners, world: all } = await live(told);
      expect(vi.getTimerCount()).toBe(0);
      expect(listeners()).toBe(0);
      expect(providers.map(({ open }) => open)).toEqual(providers.map(() => 0));
      expect(all.states.total.row().inFlight).toBe(0);
    });
  });

  it('ends complete, or with an error of ours, or because its consumer left (INV-33)', async () => {
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

  it('costs what its attempts cost, and does not know what one of them does not (INV-30)', async () => {
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
  it('changes nothing by throwing or rejecting (H1, H2, INV-35)', async () => {
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
