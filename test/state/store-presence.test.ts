import { virtualClock } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { realTimer } from '../../src/resilience/timing.ts';
import { StorePresence } from '../../src/state/store-presence.ts';

function stage() {
  const clock = virtualClock();
  const told: string[] = [];
  const probes: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const presence = new StorePresence({
    timeoutMs: 50,
    nowMs: clock.nowMs,
    startTimer: clock.startTimer ?? realTimer,
    probe: () => new Promise<void>((resolve, reject) => probes.push({ resolve, reject })),
    onLost: (message) => told.push(`lost: ${message}`),
    onRecovered: (awayMs) => told.push(`back after ${awayMs}`),
  });
  return { clock, told, probes, presence };
}

describe('the presence of a store', () => {
  it('is taken for granted, and an answer in time leaves no timer', async () => {
    const { presence, clock } = stage();
    expect(presence.isAway).toBe(false);
    expect(await presence.inTime(Promise.resolve(7))).toBe(7);
    await expect(presence.inTime(Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.pending).toEqual([]);
  });

  it('H9: an answer that came while the loop was busy is read before it counts as late', async () => {
    const { presence } = stage();
    const real = new StorePresence({
      timeoutMs: 5,
      nowMs: () => performance.now(),
      startTimer: realTimer,
      probe: async () => {},
      onLost: () => {},
      onRecovered: () => {},
    });
    // Answered after 1 ms by the clock; the loop comes to both timers only after 30.
    const answer = real.inTime(new Promise<string>((resolve) => setTimeout(resolve, 6, 'here')));
    const endMs = performance.now() + 30;
    while (performance.now() < endMs);
    expect(await answer).toBe('here');
    expect(presence.isAway).toBe(false);
  });

  it('is lost once, whoever says so how often', () => {
    const { presence, told } = stage();
    presence.lose(new Error('gone'));
    presence.lose('again');
    expect([presence.isAway, presence.awayMs, told]).toEqual([true, 5_000, ['lost: gone']]);
  });

  it('is looked for after 5 s, by one at a time', async () => {
    const { presence, clock, probes, told } = stage();
    presence.lose('gone');
    await clock.advance(4_999);
    presence.look();
    expect(probes).toHaveLength(0);
    await clock.advance(1);
    presence.look();
    presence.look();
    expect(probes).toHaveLength(1);
    probes[0]?.resolve();
    await clock.advance(0);
    expect(told).toEqual(['lost: gone', 'back after 5000']);
    expect(presence.isAway).toBe(false);
  });

  it.each(['fails', 'is late'])('is looked for again 5 s after a look that %s', async (how) => {
    const { presence, clock, probes } = stage();
    presence.lose('gone');
    await clock.advance(5_000);
    presence.look();
    if (how === 'fails') probes[0]?.reject(new Error('still gone'));
    await clock.advance(50);
    presence.look();
    expect(probes).toHaveLength(1);
    await clock.advance(5_000);
    presence.look();
    expect(probes).toHaveLength(2);
    expect(presence.isAway).toBe(true);
  });
});
