import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../src/resilience/circuit-breaker.ts';
import type { Permit } from '../../src/resilience/circuit-permit.ts';
import { consecutive } from '../../src/resilience/trip-rules.ts';
import { CircuitModel, type ModelPermit } from './circuit-breaker.model.ts';

afterEach(() => {
  vi.useRealTimers();
});

const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('acquire' as const), lastTarget: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'succeed' as const,
        'fail' as const,
        'fail' as const,
        'fail' as const,
        'release' as const,
      ),
      // Mostly the latest permits, often any: late verdicts of old generations must be common.
      back: fc.oneof(fc.nat(2), fc.nat(60)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 3_000, max: 20_000 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wall clock' as const),
      ms: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    }),
  },
);

type Command = typeof command extends fc.Arbitrary<infer One> ? One : never;

/** Machine and model side by side, on one clock. */
function pair(draw: number) {
  const clock = { now: 0 };
  const transitions: string[] = [];
  const openTimes: number[] = [];
  const circuit: CircuitBreaker = new CircuitBreaker(
    {},
    {
      nowMs: () => clock.now,
      random: () => draw,
      rule: consecutive(3),
      onTransition: (from, to) => {
        transitions.push(`${from} > ${to}`);
        if (to === 'open') openTimes.push(circuit.retryAfterMs() ?? Number.NaN);
      },
    },
  );
  return { clock, transitions, openTimes, circuit, model: new CircuitModel(draw) };
}

/** What must hold after every step, besides agreement with the model. */
function checkBounds(openTimes: readonly number[]): void {
  for (const openMs of openTimes) {
    expect([5_000, 10_000, 15_000].some((base) => openMs >= base * 0.8 && openMs <= base * 1.2)).toBe(true);
  }
}

it('INV-19: does what a forty-line model does, step by step', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(command, { maxLength: 120, size: 'max' }), draws, (commands, draw) => {
      const { clock, transitions, openTimes, circuit, model } = pair(draw);
      const permits: { real: Permit; copy: ModelPermit }[] = [];
      const run = (one: Command) => {
        if (one.kind === 'advance') clock.now += one.ms;
        else if (one.kind === 'wall clock') vi.setSystemTime(one.ms);
        else if (one.kind === 'acquire') {
          const real = circuit.acquire(one);
          const copy = model.ask(clock.now, one.lastTarget);
          expect(real !== undefined).toBe(copy !== undefined);
          if (real && copy) permits.push({ real, copy });
        } else if (permits.length > 0) {
          const { real, copy } = permits.at(-1 - (one.back % permits.length))!;
          real[one.kind]();
          model.say(clock.now, copy, one.kind);
        }
      };
      for (const one of commands) {
        run(one);
        expect(circuit.state).toBe(model.state);
        expect(transitions).toEqual(model.log);
        checkBounds(openTimes);
        if (model.state === 'half_open') expect(circuit.retryAfterMs()).toBe(model.out === 0 ? 0 : undefined);
      }
      for (const transition of transitions) seen.add(transition);
    }),
    { numRuns: 200 },
  );
  // The property is worth nothing if its runs never leave the closed state.
  expect([...seen].sort()).toEqual([
    'closed > open',
    'half_open > closed',
    'half_open > open',
    'open > half_open',
  ]);
});

it('INV-19: without a last target, never two probes at once', () => {
  const step = fc.record({
    verdict: fc.constantFrom('succeed' as const, 'fail' as const, 'release' as const, undefined),
    pick: fc.nat(),
    ms: fc.integer({ min: 0, max: 4_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), draws, (steps, draw) => {
      const { clock, circuit } = pair(draw);
      for (let failure = 0; failure < 3; failure += 1) circuit.acquire({ lastTarget: true })?.fail();
      let probes: Permit[] = [];
      for (const { verdict, pick, ms } of steps) {
        clock.now += ms;
        const permit = circuit.acquire({ lastTarget: false });
        if (circuit.state !== 'half_open') probes = [];
        else if (permit) probes.push(permit);
        expect(probes.length).toBeLessThanOrEqual(1);
        if (probes.length === 0 || !verdict) continue;
        probes[pick % probes.length]?.[verdict]();
        probes = [];
      }
    }),
    { numRuns: 200 },
  );
});

it('INV-20: which of the attempts in flight brings which verdict makes no difference', () => {
  const verdict = fc.record({
    kind: fc.constantFrom('succeed' as const, 'fail' as const, 'release' as const),
    pauseMs: fc.integer({ min: 0, max: 3_000 }),
  });
  const cases = fc.array(verdict, { minLength: 1, maxLength: 30, size: 'max' }).chain((verdicts) =>
    fc.record({
      verdicts: fc.constant(verdicts),
      order: fc.shuffledSubarray([...verdicts.keys()], { minLength: verdicts.length }),
    }),
  );
  const play = (verdicts: readonly { kind: keyof Permit; pauseMs: number }[], order: readonly number[]) => {
    const { clock, circuit, transitions } = pair(0.5);
    const permits = verdicts.map(() => circuit.acquire({ lastTarget: false }));
    for (const [index, { kind, pauseMs }] of verdicts.entries()) {
      clock.now += pauseMs;
      permits[order[index] ?? 0]?.[kind]();
    }
    return { state: circuit.state, retryAfterMs: circuit.retryAfterMs(), transitions };
  };
  fc.assert(
    fc.property(cases, ({ verdicts, order }) => {
      expect(play(verdicts, order)).toEqual(play(verdicts, [...verdicts.keys()]));
    }),
    { numRuns: 200 },
  );
});
