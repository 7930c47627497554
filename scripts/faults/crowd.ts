import type { BreakerOptions } from 'runestone';
import type { Lab } from 'runestone/testing';
import { type Asked, type Scene, sleep } from './scene.ts';

/** Circuits whose open time is short, and the same at every opening, but for the jitter. */
export const OPEN_MS = 300;
/** The same as options. */
export const breaker: BreakerOptions = { openMs: OPEN_MS, maxOpenMs: OPEN_MS, slowStartMs: 300 };

/** Asks so many times, evenly over a time. */
export async function pace(count: number, overMs: number, ask: () => Promise<Asked>): Promise<Asked[]> {
  const asking: Promise<Asked>[] = [];
  const began = performance.now();
  while (asking.length < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) / overMs) * count));
    while (asking.length < due) asking.push(ask());
    await sleep(4);
  }
  return Promise.all(asking);
}

/** The value below which so many percent lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? 0;
}

/** When a host was asked, in milliseconds on the clock of `performance.now()`. */
export function arrivals(lab: Lab, selector: string): number[] {
  return lab.asked(selector).map(({ arrivedMs }) => arrivedMs);
}

/** How often circuits have opened. */
export const opens: (scene: Scene) => number = ({ of }) => of('circuit_breaker.open').length;
