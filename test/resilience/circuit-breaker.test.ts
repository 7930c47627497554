import { describe, expect, it } from 'vitest';
import {
  type BreakerOptions,
  breakerDefaults,
  CircuitBreaker,
} from '../../src/resilience/circuit-breaker.ts';
import type { Permit } from '../../src/resilience/circuit-permit.ts';
import { consecutive } from '../../src/resilience/trip-rules.ts';

/** A breaker on a clock of its own; draws of 0.5 mean no jitter. */
function setUp(options: BreakerOptions = {}, draw: () => number = () => 0.5) {
  const clock = { now: 0 };
  const transitions: string[] = [];
  const openTimes: (number | undefined)[] = [];
  const circuit: CircuitBreaker = new CircuitBreaker(options, {
    nowMs: () => clock.now,
    random: draw,
    onTransition: (from, to, reason) => {
      transitions.push(`${from} > ${to}: ${reason}`);
      if (to === 'open') openTimes.push(circuit.retryAfterMs());
    },
  });
  const acquire = (lastTarget = false): Permit => {
    const permit = circuit.acquire({ lastTarget });
    if (!permit) throw new Error(`refused while ${circuit.state}`);
    return permit;
  };
  const fail = (times: number): void => {
    for (let time = 0; time < times; time += 1) acquire(true).fail();
  };
  const refused = (lastTarget = false): boolean => circuit.acquire({ lastTarget }) === undefined;
  return { clock, circuit, transitions, openTimes, acquire, fail, refused };
}

/** Opened at 0, and the open time is over. */
function ripe(options: BreakerOptions = {}) {
  const all = setUp(options);
  all.fail(5);
  all.clock.now = 5_000;
  return all;
}

describe('closed', () => {
  it('has the defaults of the README', () => {
    expect(breakerDefaults).toEqual({ openMs: 5_000, maxOpenMs: 15_000, slowStartMs: 10_000 });
  });

  it('lets everything through, with no slow start at the very beginning', () => {
    const { circuit, refused } = setUp({}, () => 0.999);
    expect(Array.from({ length: 100 }, () => refused())).not.toContain(true);
    expect(circuit.state).toBe('closed');
    expect(circuit.retryAfterMs()).toBe(0);
  });

  it('opens at 5 failures in a row, once', () => {
    const { circuit, fail, transitions, refused } = setUp();
    fail(4);
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
    expect(refused()).toBe(true);
    expect(transitions).toEqual(['closed > open: failures']);
  });

  it('opens at half of 10, although successes come in between', () => {
    const { circuit, acquire, fail } = setUp();
    for (let pair = 0; pair < 5; pair += 1) {
      expect(circuit.state).toBe('closed');
      acquire().succeed();
      fail(1);
    }
    expect(circuit.state).toBe('open');
  });

  it('P10: permits released without a verdict change nothing', () => {
    const { circuit, acquire, fail } = setUp();
    fail(4);
    for (let request = 0; request < 100; request += 1) acquire().release();
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
  });

  it('a stream that breaks after its commit point is a failure, whatever it was before', () => {
    const { circuit, acquire, transitions } = setUp({ failureThreshold: 1 });
    const permit = acquire();
    permit.succeed();
    permit.fail();
    permit.release();
    expect(circuit.state).toBe('open');
    expect(transitions).toHaveLength(1);
  });

  it('of many failures in flight those after the opening one count for nothing', () => {
    const { clock, circuit, acquire, transitions } = setUp();
    const inFlight = Array.from({ length: 50 }, () => acquire());
    for (const permit of inFlight) {
      clock.now += 10;
      permit.fail();
      permit.release();
    }
    expect(transitions).toEqual(['closed > open: failures']);
    expect(circuit.retryAfterMs()).toBe(5_000 - 45 * 10);
  });

  it('takes another rule', () => {
    const circuit = new CircuitBreaker({}, { nowMs: () => 0, rule: consecutive(1) });
    circuit.acquire({ lastTarget: false })?.fail();
    expect(circuit.state).toBe('open');
  });
});

describe('open', () => {
  it('says how long, and stays open until somebody asks after that time', () => {
    const { clock, circuit, fail, refused, transitions } = setUp();
    fail(5);
    expect(circuit.retryAfterMs()).toBe(5_000);
    clock.now = 4_999;
    expect(circuit.retryAfterMs()).toBe(1);
    expect(refused()).toBe(true);
    clock.now = 60_000;
    expect(circuit.retryAfterMs()).toBe(0);
    expect(circuit.state).toBe('open');
    expect(refused()).toBe(false);
    expect(circuit.state).toBe('half_open');
    expect(transitions.at(-1)).toBe('open > half_open: open_time_over');
  });

  it('for 5 s, 10 s and then 15 s, as probe after probe fails', () => {
    const { clock, fail, acquire, openTimes, circuit } = setUp();
    fail(5);
    for (let probe = 0; probe < 4; probe += 1) {
      clock.now += circuit.retryAfterMs() ?? 0;
      acquire().fail();
    }
    expect(openTimes).toEqual([5_000, 10_000, 15_000, 15_000, 15_000]);
  });

  it.each([
    [0, 4_000],
    [0.5, 5_000],
    [0.999_999_9, 6_000],
  ])('for a time spread by ±20 %%: a draw of %d gives about %i ms', (draw, openMs) => {
    const { fail, circuit } = setUp({}, () => draw);
    fail(5);
    expect(circuit.retryAfterMs()).toBeCloseTo(openMs, 0);
  });

  it('P1: while upstream stays down, at most one probe in each open time', () => {
    const { clock, circuit, fail } = setUp();
    fail(5);
    let probes = 0;
    for (clock.now = 0; clock.now < 60_000; clock.now += 5) {
      const permit = circuit.acquire({ lastTarget: false });
      if (permit) probes += 1;
      permit?.fail();
    }
    // 5, 15, 30, 45 s.
    expect(probes).toBe(4);
  });
});

describe('half-open', () => {
  it('P5: of 10,000 that wait exactly one is let through', () => {
    const { refused, transitions } = ripe();
    const passed = Array.from({ length: 10_000 }, () => refused()).filter((no) => !no);
    expect(passed).toHaveLength(1);
    expect(transitions).toEqual(['closed > open: failures', 'open > half_open: open_time_over']);
  });

  it('cannot say how long while the probe is out, and knows when it is back', () => {
    const { circuit, acquire } = ripe();
    const probe = acquire();
    expect(circuit.retryAfterMs()).toBeUndefined();
    probe.release();
    expect(circuit.retryAfterMs()).toBe(0);
  });

  it('P6: closes at the first content, long before the answer ends', () => {
    const { clock, circuit, acquire, transitions } = ripe();
    const probe = acquire();
    clock.now += 800;
    probe.succeed();
    expect(circuit.state).toBe('closed');
    expect(transitions.at(-1)).toBe('half_open > closed: probe_succeeded');
    clock.now += 20_000;
    probe.release();
    expect(circuit.state).toBe('closed');
  });

  it('opens again when the probe fails, whatever the rule would say', () => {
    const { circuit, acquire, transitions } = ripe({ failureThreshold: 5 });
    acquire().fail();
    expect(circuit.state).toBe('open');
    expect(transitions.at(-1)).toBe('half_open > open: probe_failed');
  });

  it('P7: a probe that its caller aborts hands its place to the next, without a verdict', () => {
    const { circuit, acquire, refused, transitions } = ripe();
    const probe = acquire();
    expect(refused()).toBe(true);
    probe.release();
    expect(circuit.state).toBe('half_open');
    const next = acquire();
    expect(refused()).toBe(true);
    next.succeed();
    expect(circuit.state).toBe('closed');
    expect(transitions).toHaveLength(3);
  });

  it('a probe that succeeds and then breaks counts as one failure of the closed circuit', () => {
    const { circuit, acquire, fail } = ripe();
    const probe = acquire();
    probe.succeed();
    probe.fail();
    expect(circuit.state).toBe('closed');
    fail(3);
    expect(circuit.state).toBe('closed');
    fail(1);
    expect(circuit.state).toBe('open');
  });

  it('old counts are forgotten when it closes', () => {
    const { circuit, acquire, fail } = ripe();
    acquire().succeed();
    fail(4);
    expect(circuit.state).toBe('closed');
  });
});

describe('P18: a late verdict counts for nothing', () => {
  it.each(['succeed', 'fail', 'release'] as const)('%s of a stream from before the opening', (verdict) => {
    const { clock, circuit, acquire, fail, transitions } = setUp({ failureThreshold: 1 });
    const early = Array.from({ length: 5 }, () => acquire());
    fail(1);
    early[0]?.[verdict]();
    expect(circuit.state).toBe('open');

    clock.now = 5_000;
    const probe = acquire();
    early[1]?.[verdict]();
    expect(circuit.state).toBe('half_open');
    expect(circuit.acquire({ lastTarget: false })).toBeUndefined();

    probe.succeed();
    early[2]?.[verdict]();
    expect(circuit.state).toBe('closed');
    expect(transitions).toHaveLength(3);
  });

  it('the second failure of a stream whose circuit has moved on since its success', () => {
    const { clock, circuit, acquire, fail } = setUp({ failureThreshold: 1 });
    const long = acquire();
    long.succeed();
    fail(1);
    clock.now = 5_000;
    acquire().succeed();
    long.fail();
    expect(circuit.state).toBe('closed');
  });
});

describe('slow start', () => {
  /** Share of requests let through at a given time after the circuit closed, drawn evenly. */
  function shareAt(closedMs: number, lastTarget = false): number {
    let draw = 0.5;
    const { clock, fail, acquire, refused } = setUp({}, () => draw);
    fail(5);
    clock.now = 5_000;
    acquire().succeed();
    clock.now += closedMs;
    let passed = 0;
    for (let request = 0; request < 1_000; request += 1) {
      draw = request / 1_000;
      if (!refused(lastTarget)) passed += 1;
    }
    return passed / 1_000;
  }

  it.each([
    [0, 0.1],
    [500, 0.1],
    [2_000, 0.2],
    [5_000, 0.5],
    [9_000, 0.9],
    [10_000, 1],
    [60_000, 1],
  ])('%i ms after closing a share of %d passes', (closedMs, share) => {
    expect(shareAt(closedMs)).toBeCloseTo(share, 3);
  });

  it('never turns away a request that has no other target', () => {
    expect(shareAt(0, true)).toBe(1);
  });

  it('of 0 ms is none', () => {
    const { clock, fail, acquire, refused } = setUp({ slowStartMs: 0 }, () => 0.999);
    fail(5);
    clock.now = 6_000;
    acquire().succeed();
    expect(refused()).toBe(false);
  });

  it('P8: a target that breaks again during it is not trusted: the open time goes on doubling', () => {
    const { clock, acquire, fail, openTimes } = ripe();
    acquire().succeed();
    clock.now += 9_999;
    fail(5);
    expect(openTimes).toEqual([5_000, 10_000]);
  });

  it('once over, the open time starts small again', () => {
    const { clock, acquire, fail, openTimes } = ripe();
    acquire().succeed();
    clock.now += 10_000;
    fail(5);
    expect(openTimes).toEqual([5_000, 5_000]);
  });

  it('P8: one second up, one second down, for a minute: at most 16 transitions', () => {
    const { clock, circuit, transitions } = setUp();
    for (clock.now = 0; clock.now < 60_000; clock.now += 20) {
      const up = Math.floor(clock.now / 1_000) % 2 === 0;
      const permit = circuit.acquire({ lastTarget: false });
      if (up) permit?.succeed();
      else permit?.fail();
      permit?.release();
    }
    expect(transitions.length).toBeLessThanOrEqual(16);
    expect(transitions.length).toBeGreaterThan(3);
  });
});

describe('P17: the last target', () => {
  it('passes as a probe every 5 s, however long the open time has become', () => {
    const { clock, circuit, fail } = setUp();
    fail(5);
    const passedAt: number[] = [];
    for (clock.now = 0; clock.now <= 40_000; clock.now += 100) {
      const permit = circuit.acquire({ lastTarget: true });
      if (permit) passedAt.push(clock.now);
      permit?.fail();
    }
    expect(passedAt).toEqual([5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000]);
  });

  it('is not kept waiting by a probe that takes its time', () => {
    const { clock, circuit, acquire, refused } = ripe();
    const slow = acquire();
    expect(refused(true)).toBe(true);
    clock.now += 4_999;
    expect(refused(true)).toBe(true);
    clock.now += 1;
    const second = acquire(true);
    expect(refused(true)).toBe(true);
    expect(refused(false)).toBe(true);
    second.succeed();
    expect(circuit.state).toBe('closed');
    slow.fail();
    expect(circuit.state).toBe('closed');
  });

  it('has an end to its trouble as soon as upstream has', () => {
    const { clock, circuit, fail, acquire } = setUp();
    fail(5);
    for (const at of [5_000, 10_000, 15_000]) {
      clock.now = at;
      acquire(true).fail();
    }
    clock.now = 20_000;
    acquire(true).succeed();
    expect(circuit.state).toBe('closed');
  });
});

it('a listener of transitions may ask the circuit itself', () => {
  const heard: string[] = [];
  const clock = { now: 0 };
  const circuit: CircuitBreaker = new CircuitBreaker(
    { failureThreshold: 1 },
    {
      nowMs: () => clock.now,
      random: () => 0.5,
      onTransition: (_, to) => {
        const passes = circuit.acquire({ lastTarget: false }) !== undefined;
        heard.push(`${to} ${circuit.state} ${passes}`);
      },
    },
  );
  circuit.acquire({ lastTarget: false })?.fail();
  expect(heard).toEqual(['open open false']);
});
