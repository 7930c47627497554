import { type Reply, reply } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { until } from '../provider-kit/loopback.ts';
import { question, type Stand, stand, wordsOf } from './lab.ts';

const { fetch } = globalThis;
const words = reply.text('one two three');

/** A pool that sends with Node's own `fetch`. */
const on = (...replies: readonly Reply[]): Promise<Stand> =>
  stand({ claude: { fetch }, pool: { retry: false } }).then((it) => {
    it.upstream.script(...replies);
    return it;
  });

/** The promises that matter hold on the road of another `fetch` too. */
describe('with a `fetch` of the caller’s own', { retry: 2 }, () => {
  it('answers, whole and streamed', async () => {
    await using it = await on(words, words);
    expect(await wordsOf(await it.pool.streamRequest(question()))).toBe('one two three');
    expect((await it.pool.request(question())).choices[0]?.message.content).toBe('one two three');
    expect(it.upstream.count).toBe(2);
  });

  it('whoever leaves cuts the request upstream within 50 ms', async () => {
    await using it = await on(reply.text('word '.repeat(1_000), { delayMs: 5 }));
    const stream = await it.pool.streamRequest(question());
    for await (const _ of stream) break;
    const leftMs = performance.now();
    await until(() => it.upstream.inFlight === 0);
    expect((it.upstream.requests[0]?.endedMs ?? Number.NaN) - leftMs).toBeLessThan(50);
    expect(it.upstream.requests[0]?.closedByClient).toBe(true);
  });

  it.each([
    ['before the head', reply.hangBeforeHeaders()],
    ['in the answer', reply.stall({ answer: words })],
  ])('an abort ends it: %s', async (_, fault) => {
    await using it = await on(fault);
    const controller = new AbortController();
    const failing = failureOf(it.pool.streamRequest(question(), { signal: controller.signal }).then(wordsOf));
    await until(() => it.upstream.count === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    expect(await failing).toMatchObject({ code: 'cancelled' });
    await until(() => it.upstream.inFlight === 0, 250);
  });

  it.each<readonly [string, Reply, string]>([
    ['a clean end', reply.cut({ after: 2, answer: words }), 'stream_truncated'],
    ['a close', reply.cut({ after: 2, how: 'close', answer: words }), 'stream_truncated'],
    ['a reset', reply.cut({ after: 2, how: 'reset', answer: words }), 'connection'],
    ['an error event', reply.errorEvent({ after: 2, answer: words }), 'overloaded'],
  ])('a stream that breaks is an error with what had arrived: %s', async (_, fault, code) => {
    await using it = await on(fault);
    const error = await failureOf(wordsOf(await it.pool.streamRequest(question())));
    expect(Object(error).partial?.content).toBe('one two');
    expect(error).toMatchObject({ code, committed: true });
  });

  it.each<readonly [number, string]>([
    [307, 'redirect'],
    [401, 'authentication'],
    [529, 'overloaded'],
  ])('a status is what it is: %s', async (status, code) => {
    await using it = await on(reply.status(status, { headers: { location: 'http://127.0.0.1:1/' } }));
    expect(await failureOf(it.pool.request(question()))).toMatchObject({ code, status });
    expect(it.upstream.count).toBe(1);
  });

  it('is watched by the same timers', async () => {
    const pool = { timeouts: { idleMs: 40 }, retry: false } as const;
    await using it = await stand({ claude: { fetch }, pool });
    it.upstream.script(reply.stall({ answer: words }));
    const error = await failureOf(wordsOf(await it.pool.streamRequest(question())));
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle', partial: { content: 'one' } });
    await until(() => it.upstream.inFlight === 0, 250);
  });
});
