import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ChatRequest, ChatStream } from 'runestone';
import { labWords } from 'runestone/testing';
import { questionOf } from '../ask.ts';
import type { Course, RowModule } from '../row.ts';
import { failureOf, inScene, LATE_MS, type Scene, sleep, tallyOf, unless, until } from '../scene.ts';
import { nextNonce } from '../stand.ts';

/** An answer that goes on for seconds. */
const LONG = 'ok;n=1000;gap=5';

/** Whoever leaves is gone at the host at once, and is on record as having left. */
function leaves(id: string, about: string, go: (stream: ChatStream) => Promise<readonly string[]>): Course {
  return {
    id,
    about,
    waits: true,
    run: (wire, { timers }) =>
      inScene({ wire, hosts: { only: LONG }, timers }, async (scene) => {
        const stream = await scene.open();
        const wrong = await go(stream);
        return [
          ...wrong,
          ...(await gone(scene)),
          ...unless(stream.runestone.precision === 'estimated', 'no estimate of its cost'),
        ];
      }),
  };
}

async function gone({ lab, of }: Scene): Promise<readonly string[]> {
  const leftMs = performance.now();
  await until(() => lab.inFlight === 0);
  const last = lab.requests.at(-1);
  const afterMs = (last?.endedMs ?? Number.POSITIVE_INFINITY) - leftMs;
  const ends = of('request.stop').map(({ outcome }) => outcome);
  return [
    ...unless(last?.closedByClient === true, 'the host did not see its client leave'),
    ...unless(afterMs < 50 + LATE_MS, `gone after ${Math.round(afterMs)} ms`),
    ...unless(ends.join() === 'cancelled', `ended as ${ends}`),
  ];
}

const breaks = leaves('C10', 'leaves the loop', async (stream) => {
  for await (const _ of stream) break;
  return [];
});

const unclaimed: Course = {
  id: 'C11',
  about: 'a stream that nobody reads',
  waits: true,
  hurry: { from: 30_000, to: 200 },
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: LONG }, timers }, async (scene) => {
      const beganMs = performance.now();
      const stream = await scene.open();
      await until(() => scene.of('request.stop').length === 1);
      const tookMs = performance.now() - beganMs;
      const error = await failureOf(stream.completion());
      return [
        ...unless(tookMs >= 190 && tookMs < 1_000, `ended after ${Math.round(tookMs)} ms`),
        ...unless(Object(error).code === 'cancelled', `then says ${error}`),
      ];
    }),
};

/** Collects garbage, which takes no flag of the process. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

const dropped: Course = {
  id: 'C12',
  about: 'a stream that is dropped half-way, without a word',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'ok;n=4000;gap=5' }, timers }, async (scene) => {
      await (async () => {
        const iterator = (await scene.open())[Symbol.asyncIterator]();
        await iterator.next();
        await iterator.next();
      })();
      const deadline = performance.now() + 5_000;
      while (scene.lab.inFlight > 0 && performance.now() < deadline) {
        collectGarbage();
        await sleep(20);
      }
      return unless(scene.lab.inFlight === 0, 'its connection is open still');
    }),
};

const slow: Course = {
  id: 'C13',
  about: 'a consumer that takes longer for each piece than the idle timer allows',
  waits: true,
  run: (wire, { timers }) => {
    const pool = { timeouts: { idleMs: 150, progressMs: 150 } };
    return inScene({ wire, hosts: { only: 'ok;n=6' }, pool, timers }, async (scene) => {
      const nonce = nextNonce();
      let text = '';
      for await (const piece of (await scene.open({}, questionOf(nonce, 'stream'))).text()) {
        text += piece;
        await sleep(200);
      }
      return unless(text === labWords(nonce, 6).join(''), `text ${text}`);
    });
  },
};

/** What may be on its way when nobody reads: buffers of two kernels, and of the client's stack. */
const ON_ITS_WAY = 8 * 1024 * 1024;

const stops: Course = {
  id: 'C14',
  about: 'a consumer that stops reading where the host sends without end',
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'firehose' }, timers }, async ({ open, lab }) => {
      const stream = await open();
      const iterator = stream[Symbol.asyncIterator]();
      await iterator.next();
      await iterator.next();
      await sleep(400);
      const early = lab.requests[0]?.bytesSent ?? 0;
      await sleep(400);
      const late = lab.requests[0]?.bytesSent ?? 0;
      await iterator.return?.();
      return [
        ...unless(late <= ON_ITS_WAY, `${late} bytes were sent`),
        ...unless(late === early, `goes on sending: ${early}, then ${late}`),
      ];
    }),
};

const throws = leaves('C15', 'throws in the loop', async (stream) => {
  const mine = new RangeError('mine');
  const reading = async (): Promise<void> => {
    for await (const _ of stream) throw mine;
  };
  return unless((await failureOf(reading())) === mine, 'another error came out');
});

const second: Course = {
  id: 'C16',
  about: 'two consumers of one stream',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'ok' }, timers }, async ({ open }) => {
      const stream = await open();
      const iterator = stream[Symbol.asyncIterator]();
      const again = await failureOf((async () => stream[Symbol.asyncIterator]())());
      let chunks = 0;
      while (!(await iterator.next()).done) chunks++;
      return [
        ...unless(again instanceof Error && /one|once|consumer|reader/i.test(again.message), `says ${again}`),
        ...unless(chunks >= 4, `the first got ${chunks} chunks`),
      ];
    }),
};

const eager: Course = {
  id: 'C17',
  about: 'a hundred calls of next() that do not wait',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'ok;n=50' }, timers }, async ({ open }) => {
      const nonce = nextNonce();
      const iterator = (await open({}, questionOf(nonce, 'stream')))[Symbol.asyncIterator]();
      const results = await Promise.all(Array.from({ length: 100 }, () => iterator.next()));
      const text = results.map(({ value }) => value?.choices[0]?.delta.content ?? '').join('');
      const firstEnd = results.findIndex(({ done }) => done);
      return [
        ...unless(text === labWords(nonce, 50).join(''), `text ${text}`),
        ...unless(
          results.slice(firstEnd).every(({ done }) => done),
          'goes on after its end',
        ),
      ];
    }),
};

const returns: Course = {
  id: 'C18',
  about: 'return() before the first next(), twice, and while one is out',
  waits: true,
  async run(wire, { timers }) {
    const play = (go: (iterator: AsyncIterator<unknown>) => Promise<readonly unknown[]>): Promise<string[]> =>
      inScene({ wire, hosts: { only: 'ok;n=100;gap=50' }, timers }, async ({ open }) => {
        const iterator = (await open())[Symbol.asyncIterator]();
        const settled = await Promise.race([go(iterator), sleep(1_000)]);
        if (!settled) return ['does not settle'];
        const { done } = await iterator.next();
        return unless(done === true, 'goes on after return()');
      });
    const end = (iterator: AsyncIterator<unknown>): Promise<unknown> => Promise.resolve(iterator.return?.());
    return [
      ...(await play(async (iterator) => [await end(iterator)])),
      ...(await play(async (iterator) => [await iterator.next(), await end(iterator), await end(iterator)])),
      ...(await play(async (iterator) => {
        await iterator.next();
        const pending = iterator.next().catch((error: unknown) => error);
        return [await end(iterator), await pending];
      })),
    ];
  },
};

const mutates: Course = {
  id: 'C19',
  about: 'a caller that changes the request once it is sent',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'seq;s=status-500|ok' }, timers }, async ({ lab, pool }) => {
      const nonce = nextNonce();
      const message = { role: 'user' as const, content: `say ${nonce}` };
      const request: ChatRequest = { model: 'route', messages: [message], reasoning_effort: 'none' };
      const asking = pool.request(request);
      queueMicrotask(() => {
        message.content = 'changed';
        Reflect.set(request, 'messages', []);
      });
      const { choices } = await asking;
      const sent = lab.requests.map(({ body }) => JSON.stringify(body));
      return [
        ...unless(choices[0]?.message.content === labWords(nonce).join(''), 'another answer'),
        ...unless(sent.length === 2 && sent.every((body) => body.includes(nonce)), `sent ${sent}`),
      ];
    }),
};

const shared: Course = {
  id: 'C20',
  about: 'one signal for thousands of requests',
  once: true,
  run: (wire, { timers, quick }) =>
    inScene({ wire, hosts: { only: 'ok' }, timers }, async (scene) => {
      const { signal } = scene.controller();
      const count = quick ? 400 : 10_000;
      const asked = await Promise.all(Array.from({ length: count }, () => scene.ask({ signal })));
      return unless(tallyOf(asked) === `ok ${count}`, tallyOf(asked));
    }),
};

/** 2.10, the second half: the caller reads, or does not. */
export const consumerRows: RowModule = {
  title: 'The caller reads, or does not',
  courses: [breaks, unclaimed, dropped, slow, stops, throws, second, eager, returns, mutates, shared],
};
