import { ProviderPool } from 'runestone';
import { labWords, startLab, type WireName } from 'runestone/testing';
import { ask, questionOf } from '../ask.ts';
import type { Got } from '../facts.ts';
import type { Course } from '../row.ts';
import { host, models, nextNonce, timeouts } from '../stand.ts';

interface Timed {
  readonly nonce: string;
  readonly got: Got;
  readonly tookMs: number;
}

/** So many streams of one host at once, through one pool. */
async function askMany(
  wire: WireName,
  fault: string,
  count: number,
  idleMs: number,
): Promise<readonly Timed[]> {
  await using lab = await startLab();
  await using pool = new ProviderPool({
    providers: [host('faulty', wire, lab.baseURL(fault, wire))],
    models: { route: [`faulty/${models[wire]}`] },
    // What is measured is one timer; the others, and the circuit, are out of its way.
    timeouts: { ...timeouts, connectMs: 30_000, firstTokenMs: 30_000, progressMs: 60_000, idleMs },
    breaker: false,
  });
  return Promise.all(
    Array.from({ length: count }, async () => {
      const nonce = nextNonce();
      const began = performance.now();
      const got = await ask(pool, questionOf(nonce, 'stream'), 'stream');
      return { nonce, got, tookMs: performance.now() - began };
    }),
  );
}

/** The first of several complaints, and how many there are. */
function counted(complaints: readonly string[]): readonly string[] {
  return complaints.length === 0 ? [] : [`${complaints.length} streams: ${complaints[0]}`];
}

/** T40: a timer for each of many streams that fall silent. None may fire early, and none may be forgotten. */
export const manyStalls: Course = {
  id: 'T40',
  about: 'thousands of streams that stall at once',
  async run(wire, { quick }) {
    const idleMs = 1_500;
    const streams = await askMany(wire, 'stall', quick ? 200 : 2_000, idleMs);
    return counted(
      streams.flatMap(({ nonce, got, tookMs }) => {
        const { error, text } = got;
        if (error?.code !== 'timeout' || error.phase !== 'idle')
          return [`${error?.code ?? text} (${error?.phase})`];
        if (text !== labWords(nonce).slice(0, 2).join('')) return [`came with ${text}`];
        return tookMs < idleMs * 0.95 ? [`fired after ${Math.round(tookMs)} ms`] : [];
      }),
    );
  },
};

/** T43: pauses shorter than the timer, a thousand times. */
export const manyPauses: Course = {
  id: 'T43',
  about: 'a thousand streams with a pause shorter than the timer',
  async run(wire, { quick }) {
    const streams = await askMany(wire, 'stall;ms=300', quick ? 200 : 1_000, 10_000);
    return counted(
      streams.flatMap(({ nonce, got }) =>
        got.text === labWords(nonce).join('') && !got.error ? [] : [got.error?.message ?? got.text],
      ),
    );
  },
};

/** Times of a size, at most, for four times the size: what grows with the square takes sixteen. */
const LINEAR = 7;

/** E14: a large event in small reads takes time in proportion. */
export const linearEvents: Course = {
  id: 'E14',
  about: 'one event in reads of 512 bytes, and another four times as large',
  async run(wire, { quick }) {
    const cpuMs = async (mb: number): Promise<number> => {
      const began = process.cpuUsage();
      const [stream] = await askMany(wire, `giant-event;write=512;mb=${mb}`, 1, 30_000);
      if (stream?.got.error) throw stream.got.error;
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1_000;
    };
    const size = quick ? 1 : 2;
    await cpuMs(size);
    const [small, large] = [await cpuMs(size), await cpuMs(4 * size)];
    return large <= LINEAR * small
      ? []
      : [`${Math.round(small)} ms, then ${Math.round(large)} ms of the processor`];
  },
};
