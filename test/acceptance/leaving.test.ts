import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { promisify } from 'node:util';
import type { ChatStream } from 'runestone';
import { reply, type Upstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { until } from '../provider-kit/loopback.ts';
import { lastBody, question, type Stand, stand, wordsOf } from './lab.ts';

/** An answer that goes on for seconds. */
const endless = reply.text('word '.repeat(1_000), { delayMs: 5 });

/** How long after `leftMs` the host saw the connection go, in milliseconds. */
async function goneAfter(upstream: Upstream, leftMs: number): Promise<number> {
  await until(() => upstream.inFlight === 0, 2_000);
  const last = upstream.requests.at(-1);
  expect(last?.closedByClient).toBe(true);
  return (last?.endedMs ?? Number.POSITIVE_INFINITY) - leftMs;
}

/** Nothing is left of a request: no listener, no count, one stop for its start. */
function nothingIsLeft({ pool, told }: Stand, signal?: AbortSignal): void {
  if (signal) expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(pool.stats().total.inFlight).toBe(0);
  const count = (name: string): number => told.filter((event) => event.name === name).length;
  expect(count('request.stop')).toBe(count('request.start'));
  expect(count('provider.request.stop')).toBe(count('provider.request.start'));
}

// A machine that is busy with other things may be late now and then; a promise that is broken is so every time.
const timely = { retry: 2 };

describe('whoever leaves cuts the request upstream within 50 ms', timely, () => {
  it.each<readonly [string, (stream: ChatStream) => Promise<unknown>]>([
    ['break out of chunks', async (stream) => void (await leave(stream))],
    ['break out of text()', async (stream) => void (await leave(stream.text()))],
    ['break out of events()', async (stream) => void (await leave(stream.events()))],
    ['cancel() unread', (stream) => stream.cancel()],
    [
      'cancel() while it is read',
      async (stream) => {
        const reading = failureOf(wordsOf(stream));
        await stream.cancel();
        expect(await reading).toMatchObject({ code: 'cancelled' });
      },
    ],
    [
      'a consumer that throws',
      async (stream) => {
        const throwing = async (): Promise<void> => {
          for await (const _ of stream) throw new RangeError('mine');
        };
        expect(await failureOf(throwing())).toEqual(new RangeError('mine'));
      },
    ],
    ['return() of an iterator that never began', (stream) => Promise.resolve(stream.text().return?.())],
    ['cancel of toReadableStream()', (stream) => stream.toReadableStream().cancel()],
    ['cancel of the body of toResponse()', async (stream) => stream.toResponse().body?.cancel()],
    ['the end of a block', async (stream) => stream[Symbol.asyncDispose]()],
  ])('%s', async (_, go) => {
    await using it = await stand();
    it.upstream.script(endless);
    const stream = await it.pool.streamRequest(question());
    const leftMs = performance.now();
    await go(stream);
    expect(await goneAfter(it.upstream, leftMs)).toBeLessThan(50);
    nothingIsLeft(it);
    expect(it.of('request.stop')).toMatchObject([{ outcome: 'cancelled', code: 'cancelled' }]);
    expect(stream.runestone).toMatchObject({ attempts: 1, precision: 'estimated' });
  });

  async function leave(items: AsyncIterable<unknown>): Promise<void> {
    for await (const _ of items) break;
  }
});

describe('an abort', timely, () => {
  const reasons: readonly unknown[] = [new Error('mine'), 'a word', undefined, null, { code: 'odd' }];

  it.each(reasons)('before: nothing is sent, the reason is kept (%s)', async (reason) => {
    await using it = await stand();
    const signal = AbortSignal.abort(reason);
    for (const method of ['request', 'streamRequest'] as const) {
      const error = await failureOf(it.pool[method](question(), { signal }));
      expect(error).toMatchObject({ code: 'cancelled', attempts: [], committed: false });
      if (reason !== undefined) expect(Object(error).cause).toBe(reason);
    }
    expect(it.upstream.accepted).toBe(0);
    nothingIsLeft(it, signal);
  });

  it.each([
    ['while the head is awaited', reply.hangBeforeHeaders()],
    ['after the head', reply.stall({ after: 'head' })],
    ['before the first content', reply.stall({ after: 0 })],
    ['while pings come', reply.pings({ after: 0, everyMs: 5 })],
  ])('during, %s', async (_, fault) => {
    for (const method of ['request', 'streamRequest'] as const) {
      await using it = await stand();
      it.upstream.respond(() => fault);
      const controller = new AbortController();
      const failing = failureOf(it.pool[method](question(), { signal: controller.signal }));
      await until(() => it.upstream.count === 1);
      await new Promise((resolve) => setTimeout(resolve, 15));
      const leftMs = performance.now();
      controller.abort(new Error('enough'));
      expect(await failing).toMatchObject({
        code: 'cancelled',
        committed: false,
        cause: new Error('enough'),
        attempts: [{ outcome: 'cancelled', code: 'cancelled' }],
      });
      expect(performance.now() - leftMs).toBeLessThan(50);
      expect(await goneAfter(it.upstream, leftMs)).toBeLessThan(50);
      expect(it.upstream.count).toBe(1);
      nothingIsLeft(it, controller.signal);
    }
  });

  it('STR-21 BUG-57: during the answer: what had arrived is in the error, and no end is pretended', async () => {
    await using it = await stand();
    it.upstream.script(reply.stall({ after: 2, answer: reply.text('one two three') }));
    const controller = new AbortController();
    const stream = await it.pool.streamRequest(question(), { signal: controller.signal });
    const seen: string[] = [];
    const reading = failureOf(
      (async () => {
        for await (const text of stream.text()) seen.push(text);
      })(),
    );
    await until(() => seen.length === 2);
    const leftMs = performance.now();
    controller.abort();
    expect(await reading).toMatchObject({
      code: 'cancelled',
      committed: true,
      partial: { content: 'one two' },
      attempts: [{ outcome: 'cancelled', precision: 'estimated' }],
    });
    expect(await goneAfter(it.upstream, leftMs)).toBeLessThan(50);
    expect(await failureOf(stream.completion())).toMatchObject({ code: 'cancelled' });
    nothingIsLeft(it, controller.signal);
  });

  it('during a wait for the next attempt: nobody is asked again, and no timer is left', async () => {
    await using it = await stand();
    it.upstream.respond(() => reply.status(429, { headers: { 'retry-after': '20' } }));
    const controller = new AbortController();
    const failing = failureOf(it.pool.request(question(), { signal: controller.signal }));
    await until(() => it.of('retry.scheduled').length === 1);
    const leftMs = performance.now();
    controller.abort();
    expect(await failing).toMatchObject({ code: 'cancelled', attempts: [{ code: 'rate_limited' }] });
    expect(performance.now() - leftMs).toBeLessThan(50);
    expect(it.upstream.count).toBe(1);
    nothingIsLeft(it, controller.signal);
  });

  it('while a key is awaited: nothing is sent', async () => {
    await using it = await stand({ claude: { apiKey: () => new Promise(() => {}) } });
    const controller = new AbortController();
    const failing = failureOf(it.pool.request(question(), { signal: controller.signal }));
    await until(() => it.of('provider.request.start').length === 1);
    controller.abort();
    expect(await failing).toMatchObject({ code: 'cancelled' });
    const late = await failureOf(it.pool.request(question(), { deadlineMs: 20 }));
    expect(late).toMatchObject({ code: 'deadline_exceeded' });
    expect(it.upstream.accepted).toBe(0);
    nothingIsLeft(it, controller.signal);
  });

  it('after the end has no effect', async () => {
    await using it = await stand();
    const controller = new AbortController();
    const { signal } = controller;
    const answer = await it.pool.request(question(), { signal });
    const stream = await it.pool.streamRequest(question(), { signal });
    const words = await wordsOf(stream);
    controller.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect((await stream.completion()).choices[0]?.message.content).toBe(words);
    expect(it.of('request.stop').map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    nothingIsLeft(it, signal);
  });

  it('at any moment is a whole answer or `cancelled`, never both, never half (C6)', async () => {
    await using it = await stand();
    it.upstream.respond(() => reply.text('one two three four'));
    const outcomes = new Set<unknown>();
    for (let turns = 0; turns < 120; turns++) {
      const controller = new AbortController();
      const asking = it.pool
        .streamRequest(question(), { signal: controller.signal })
        .then(wordsOf)
        .catch((error: unknown) => Object(error).code);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      outcomes.add(await asking);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    }
    expect([...outcomes].filter((outcome) => outcome !== 'one two three four')).toEqual(['cancelled']);
    await until(() => it.upstream.inFlight === 0);
    nothingIsLeft(it);
  });
});

describe('a stall', timely, () => {
  const timeouts = { idleMs: 40, firstTokenMs: 60, reasoningFirstTokenMs: 60, progressMs: 60 };

  it.each([
    ['silence before the first content', reply.stall({ after: 0 }), false, 'first_token', 60],
    ['silence after it', reply.stall({ answer: reply.text('one two') }), true, 'idle', 40],
    [
      'silence inside an event',
      reply.stall({ midEvent: true, answer: reply.text('one two') }),
      true,
      'idle',
      40,
    ],
    [
      'nothing but pings after it',
      reply.pings({ everyMs: 10, answer: reply.text('one two') }),
      true,
      'progress',
      60,
    ],
  ] as const)('ends by its timer: %s', async (_, fault, committed, phase, limitMs) => {
    await using it = await stand({ pool: { timeouts, retry: false } });
    it.upstream.script(fault);
    const beganMs = performance.now();
    const error = await failureOf(it.pool.streamRequest(question()).then(wordsOf));
    const tookMs = performance.now() - beganMs;
    expect(error).toMatchObject({ code: 'timeout', phase, committed });
    expect(Object(error).partial?.content).toBe(committed ? 'one' : undefined);
    expect(tookMs).toBeGreaterThanOrEqual(limitMs - 1);
    await until(() => it.upstream.inFlight === 0, 150);
    nothingIsLeft(it);
  });

  it('of the whole request ends by its deadline', async () => {
    await using it = await stand();
    it.upstream.respond(() => reply.pings({ after: 0, everyMs: 5 }));
    const beganMs = performance.now();
    const error = await failureOf(it.pool.request(question(), { deadlineMs: 60 }));
    expect(error).toMatchObject({ code: 'deadline_exceeded' });
    expect(performance.now() - beganMs).toBeLessThan(110);
    await until(() => it.upstream.inFlight === 0, 150);
  });
});

describe('the end of a pool', () => {
  it('lets go of every connection', async () => {
    await using it = await stand();
    await Promise.all([1, 2, 3].map(() => it.pool.request(question())));
    expect(it.upstream.connections).toBeGreaterThan(0);
    await it.pool.close();
    await until(() => it.upstream.connections === 0);
  });

  it('ends what is under way after its time, and cuts it upstream', async () => {
    await using it = await stand();
    it.upstream.respond(() => endless);
    const reading = failureOf(wordsOf(await it.pool.streamRequest(question())));
    await it.pool.close({ drainMs: 10 });
    expect(await reading).toMatchObject({ code: 'pool_closed', committed: true });
    await until(() => it.upstream.connections === 0);
    expect(await failureOf(it.pool.request(question()))).toMatchObject({ code: 'pool_closed' });
    nothingIsLeft(it);
  });

  it('lets the process end, closed or forgotten (H12)', async () => {
    await using it = await stand();
    const entry = (path: string): string =>
      JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
    const script = `
      const { ProviderPool } = await import(${entry('index.ts')});
      const { anthropic } = await import(${entry('providers/anthropic/index.ts')});
      const make = () => new ProviderPool({
        providers: [anthropic({ apiKey: 'from-the-child', baseURL: ${JSON.stringify(it.upstream.url)} })],
      });
      const [closed, forgotten] = [make(), make()];
      for (const pool of [closed, forgotten]) {
        await pool.request({ messages: [{ role: 'user', content: 'Hi' }] });
        for await (const _ of await pool.streamRequest({ messages: [{ role: 'user', content: 'Hi' }] }));
      }
      await closed.close();
      console.log('done');
      const doneMs = performance.now();
      process.on('exit', () => console.log(performance.now() - doneMs));`;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { timeout: 15_000 },
    );
    const [done, ms] = stdout.trim().split('\n');
    expect([done, stderr]).toEqual(['done', '']);
    // An idle connection is kept for seconds, which must not keep the process.
    expect(Number(ms)).toBeLessThan(500);
    expect(it.upstream.count).toBe(4);
    expect(lastBody(it.upstream)).toMatchObject({ model: 'claude-sonnet-5-5' });
    await until(() => it.upstream.connections === 0);
  });
});
