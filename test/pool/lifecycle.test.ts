import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PoolClosedError } from '../../src/errors/index.ts';
import { realEnvironment } from '../../src/pool/environment.ts';
import { Lifecycle } from '../../src/pool/lifecycle.ts';
import { RunningRequest } from '../../src/pool/running-request.ts';
import { ask } from '../contexts.ts';

const defaults = { totalMs: 600_000, strict: false, retiredModels: 'warn' } as const;

function setUp(requests: number) {
  const lifecycle = new Lifecycle();
  const running = Array.from(
    { length: requests },
    () => new RunningRequest({ ...ask() }, {}, defaults, realEnvironment),
  );
  for (const each of running) {
    lifecycle.enter();
    lifecycle.began(each);
  }
  return { lifecycle, running };
}

/** Drains, and says whether that is over. */
function drain(lifecycle: Lifecycle, drainMs: number) {
  const state = { over: false };
  const draining = lifecycle.drain(drainMs).then(() => {
    state.over = true;
  });
  return { state, draining };
}

const reasonOf = (request: RunningRequest | undefined): unknown => request?.context.cancellation.reason;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('draining', () => {
  it('is over at once when nothing runs', async () => {
    const { lifecycle } = setUp(0);
    await lifecycle.drain(10_000);
  });

  it('admits nobody from the first moment on', async () => {
    const { lifecycle, running } = setUp(1);
    const { draining } = drain(lifecycle, 10_000);
    expect(() => lifecycle.enter()).toThrow(PoolClosedError);
    expect(() => lifecycle.enter()).toThrow('the pool is closed; make a new one');
    for (const each of running) lifecycle.ended(each);
    await draining;
    expect(() => lifecycle.enter()).toThrow(PoolClosedError);
  });

  it('waits for the last request, and ends none that ends in time (H11)', async () => {
    const { lifecycle, running } = setUp(2);
    const { state, draining } = drain(lifecycle, 10_000);
    await vi.advanceTimersByTimeAsync(5_000);
    if (running[0]) lifecycle.ended(running[0]);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(state.over).toBe(false);
    if (running[1]) lifecycle.ended(running[1]);
    await draining;
    expect(running.map(reasonOf)).toEqual([undefined, undefined]);
  });

  it('ends what is left after its time with pool_closed', async () => {
    const { lifecycle, running } = setUp(3);
    const { draining } = drain(lifecycle, 2_000);
    if (running[0]) lifecycle.ended(running[0]);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(reasonOf(running[1])).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await draining;
    expect(reasonOf(running[0])).toBeUndefined();
    for (const each of running.slice(1)) {
      expect(reasonOf(each)).toBeInstanceOf(PoolClosedError);
      lifecycle.ended(each);
    }
    expect(reasonOf(running[1])).not.toBe(reasonOf(running[2]));
  });

  it('leaves no clock behind for requests that nobody reads any more', async () => {
    const { lifecycle } = setUp(3);
    const { draining } = drain(lifecycle, 100);
    await vi.advanceTimersByTimeAsync(100);
    await draining;
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('lets go of clock and caller of a request that has ended', () => {
  const { lifecycle, running } = setUp(1);
  expect(vi.getTimerCount()).toBe(1);
  if (running[0]) lifecycle.ended(running[0]);
  expect(vi.getTimerCount()).toBe(0);
});

describe('those present', () => {
  /** Whether the wait is over. */
  async function isOver(waiting: Promise<void>): Promise<boolean> {
    let over = false;
    void waiting.then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    return over;
  }

  it('are waited for, and none who come after them', async () => {
    const { lifecycle, running } = setUp(2);
    const waiting = lifecycle.present();
    const late = new RunningRequest({ ...ask() }, {}, defaults, realEnvironment);
    lifecycle.began(late);
    for (const each of running) {
      expect(await isOver(waiting)).toBe(false);
      lifecycle.ended(each);
    }
    expect(await isOver(waiting)).toBe(true);
    lifecycle.ended(late);
  });

  it('may be none', async () => {
    const { lifecycle } = setUp(0);
    expect(await isOver(lifecycle.present())).toBe(true);
  });

  it('may be waited for at several times', async () => {
    const { lifecycle, running } = setUp(1);
    const first = lifecycle.present();
    const late = new RunningRequest({ ...ask() }, {}, defaults, realEnvironment);
    lifecycle.began(late);
    const second = lifecycle.present();
    for (const each of running) lifecycle.ended(each);
    expect([await isOver(first), await isOver(second)]).toEqual([true, false]);
    lifecycle.ended(late);
    expect(await isOver(second)).toBe(true);
  });
});
