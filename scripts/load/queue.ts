import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ProviderPool } from 'runestone';
import { Agent, fetch } from 'undici';
import { models } from '../faults/stand.ts';
import { askMany, askOnce, type Ending } from './asking.ts';
import type { Goal } from './goal.ts';
import type { LoadHost } from './host.ts';

const PERMITS = 200;

/** Before each answer, in milliseconds: nobody is answered while the heap is looked at. */
const FIRST_MS = 20;

/** What is reachable, in bytes. */
async function heapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** What work that is under way holds, in bytes; and what comes of it. */
async function holding<Result>(
  total: number,
  one: () => Promise<Result>,
): Promise<{ readonly bytes: number; readonly results: Result[] }> {
  const before = await heapBytes();
  const working = Array.from({ length: total }, one);
  await new Promise((resolve) => setImmediate(resolve));
  const bytes = (await heapBytes()) - before;
  return { bytes: bytes / total, results: await Promise.all(working) };
}

/** The floor: the same wait by nothing but `fetch` on as many connections. */
async function fetchBytes(host: LoadHost, total: number): Promise<number> {
  const agent = new Agent({ connections: PERMITS });
  const { bytes } = await holding(total, async () => {
    const response = await fetch(host.url, { method: 'POST', body: '{"stream":true}', dispatcher: agent });
    return (await response.text()).length;
  });
  await agent.close();
  return bytes;
}

/** Asks all at once. Returns figures of how they waited. */
async function waitTogether(host: LoadHost, pool: ProviderPool, total: number) {
  const began = performance.now();
  const { bytes, results } = await holding(total, () => askOnce(pool, 'stream'));
  const { order } = await host.order({ mode: 'well' });
  const place = new Map(results.map(({ nonce }, at) => [nonce, at]));
  const moved = order.filter((nonce, at) => !(Math.abs((place.get(nonce) ?? Number.NaN) - at) <= PERMITS));
  const waits = results.map(({ atMs }: Ending) => atMs - began).sort((a, b) => a - b);
  return {
    bytes,
    failed: results.filter(({ outcome }) => outcome !== 'ok').length,
    moved: moved.length + Math.abs(order.length - total),
    spread: (waits[Math.floor(0.99 * total)] ?? 0) / (waits[total >> 1] ?? 1),
  };
}

/** L4: everybody at once, and few permits. */
export const queue: Goal = {
  name: `everybody at once on ${PERMITS} permits`,
  async run(host, { quick }) {
    const total = quick ? 2_000 : 10_000;
    await host.order({ mode: 'well', firstMs: FIRST_MS });
    const floor = await fetchBytes(host, total);
    await using pool = new ProviderPool({
      providers: [host.provider('well', 'openai', 'well')],
      models: { route: [`well/${models.openai}`] },
      limits: { pool: { concurrency: PERMITS }, queue: { size: total, maxWaitMs: 600_000 } },
    });
    // What is loaded, compiled and connected with the first requests is not theirs.
    await askMany(500, PERMITS, () => askOnce(pool, 'stream'));
    await host.order({ mode: 'well', firstMs: FIRST_MS });
    const before = await heapBytes();
    const { bytes, failed, moved, spread } = await waitTogether(host, pool, total);
    const left = (await heapBytes()) - before;
    return [
      { what: `not answered of ${total}`, is: failed, atMost: 0 },
      { what: `out of turn by more than ${PERMITS}`, is: moved, atMost: 0 },
      { what: 'wait of the 99th percentile, in medians', is: spread, atMost: 2.2 },
      {
        what: `bytes of heap for each that waits, beyond the ${Math.round(floor)} of a bare fetch`,
        is: Math.round(bytes - floor),
        atMost: 8_192,
      },
      { what: 'KiB of heap left of all', is: Math.round(left / 1024), atMost: 4_096 },
    ];
  },
};
