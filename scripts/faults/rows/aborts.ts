import type { ChatStream } from 'runestone';
import { questionOf } from '../ask.ts';
import type { Course, RowModule } from '../row.ts';
import { failureOf, inScene, LATE_MS, type Scene, sleep, unless, until } from '../scene.ts';
import { nextNonce } from '../stand.ts';

/** An answer that goes on for seconds. */
const LONG = 'ok;n=1000;gap=5';

/** The code of an error; `normal end` where there was none. */
function codeOf(error: unknown): string {
  return error === undefined ? 'normal end' : String(Object(error).code ?? error);
}

/** Reads to the end, and gathers the text on the way. */
async function readInto(seen: string[], stream: ChatStream): Promise<void> {
  for await (const text of stream.text()) seen.push(text);
}

/** How late the host sees that the connection is gone. */
async function goneLate({ lab }: Scene, leftMs: number): Promise<readonly string[]> {
  await until(() => lab.inFlight === 0);
  const last = lab.requests.at(-1);
  const afterMs = (last?.endedMs ?? Number.POSITIVE_INFINITY) - leftMs;
  return [
    ...unless(last?.closedByClient === true, 'the host did not see its client leave'),
    ...unless(afterMs < 50 + LATE_MS, `gone after ${Math.round(afterMs)} ms`),
  ];
}

const aborted: Course = {
  id: 'C1',
  about: 'a signal that has fired before',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'ok' }, timers }, async ({ pool, lab }) => {
      const cause = new Error('mine');
      const signal = AbortSignal.abort(cause);
      const errors = [
        await failureOf(pool.request(questionOf(nextNonce(), 'whole'), { signal })),
        await failureOf(pool.streamRequest(questionOf(nextNonce(), 'stream'), { signal })),
      ];
      return [
        ...errors.flatMap((error) => unless(codeOf(error) === 'cancelled', codeOf(error))),
        ...errors.flatMap((error) => unless(Object(error).cause === cause, 'the reason is lost')),
        ...unless(lab.accepted === 0, 'the host was asked'),
      ];
    }),
};

const whileQueued: Course = {
  id: 'C2',
  about: 'an abort while the request waits for a permit',
  waits: true,
  run: (wire, { timers }) => {
    const pool = { limits: { pool: { concurrency: 1 } } };
    return inScene({ wire, hosts: { only: 'ok;ttft=60' }, pool, timers }, async (scene) => {
      const controller = scene.controller();
      const first = scene.ask();
      const before = [scene.ask(), scene.ask()];
      const leaving = scene.ask({ signal: controller.signal });
      const after = [scene.ask(), scene.ask()];
      await until(() => scene.pool.stats().limits.waiting === 5);
      const leftMs = performance.now();
      controller.abort();
      const left = await leaving;
      const tookMs = performance.now() - leftMs;
      const waiting = scene.pool.stats().limits.waiting;
      const others = await Promise.all([first, ...before, ...after]);
      const seen = JSON.stringify(scene.lab.requests.map(({ body }) => body)).match(/nonce-\w+/g) ?? [];
      return [
        ...unless(left.outcome === 'cancelled', `the one that left got ${left.outcome}`),
        ...unless(tookMs < 5 + LATE_MS, `took ${Math.round(tookMs)} ms`),
        ...unless(waiting === 4, `${waiting} still wait`),
        ...others.flatMap(({ outcome }) => unless(outcome === 'ok', outcome)),
        ...unless(seen.join() === others.map(({ nonce }) => nonce).join(), 'the order of the others changed'),
      ];
    });
  },
};

const whileWaiting: Course = {
  id: 'C3',
  about: 'an abort while the connection, or the head, is awaited',
  waits: true,
  async run(wire, { timers, places }) {
    const play = (place: string): Promise<string[]> =>
      inScene({ wire, hosts: { only: place }, timers }, async (scene) => {
        const controller = scene.controller();
        const asking = scene.ask({ signal: controller.signal });
        await until(() => scene.of('provider.request.start').length === 1);
        await sleep(40);
        const leftMs = performance.now();
        controller.abort();
        const { outcome, attempts } = await asking;
        const tookMs = performance.now() - leftMs;
        return [
          ...unless(outcome === 'cancelled', outcome),
          ...unless(tookMs < 20 + LATE_MS, `took ${Math.round(tookMs)} ms`),
          ...unless(attempts[0]?.outcome === 'cancelled', 'the attempt is not on record'),
        ];
      });
    return [...(await play(places.originOf('@blackhole'))), ...(await play('hang-before-headers'))];
  },
};

const whileBackingOff: Course = {
  id: 'C4',
  about: 'an abort while the next attempt is waited for',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: '429-seconds' }, timers }, async (scene) => {
      const controller = scene.controller();
      const asking = scene.ask({ signal: controller.signal });
      await until(() => scene.of('retry.scheduled').length === 1);
      const leftMs = performance.now();
      controller.abort();
      const { outcome } = await asking;
      const tookMs = performance.now() - leftMs;
      return [
        ...unless(outcome === 'cancelled', outcome),
        ...unless(tookMs < 5 + LATE_MS, `took ${Math.round(tookMs)} ms`),
        ...unless(timers() === 0, 'its timer runs on'),
      ];
    }),
};

const midStream: Course = {
  id: 'C5',
  about: 'an abort in the middle of the answer',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: LONG }, timers }, async (scene) => {
      const controller = scene.controller();
      const stream = await scene.open({ signal: controller.signal });
      const iterator = stream[Symbol.asyncIterator]();
      let text = '';
      for (let turn = 0; turn < 4; turn++) {
        const { value } = await iterator.next();
        text += value?.choices[0]?.delta.content ?? '';
      }
      const leftMs = performance.now();
      controller.abort();
      const error = await failureOf(iterator.next());
      const partial = String(Object(error).partial?.content);
      const after = await iterator.next();
      return [
        ...unless(codeOf(error) === 'cancelled', codeOf(error)),
        ...unless(text !== '' && partial.startsWith(text), `saw ${text}, the error ${partial}`),
        ...unless(after.done === true, 'goes on after its error'),
        ...unless(stream.runestone.precision === 'estimated', `cost is ${stream.runestone.precision}`),
        ...(await goneLate(scene, leftMs)),
      ];
    }),
};

const anyMoment: Course = {
  id: 'C6',
  about: 'an abort at each turn of the loop that an answer takes',
  once: true,
  run: (wire, { timers, quick }) =>
    inScene({ wire, hosts: { only: 'ok' }, timers }, async (scene) => {
      const seen = new Set<string>();
      for (let turns = 0; turns < (quick ? 80 : 500); turns++) {
        const controller = scene.controller();
        const asking = scene.ask({ signal: controller.signal });
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        controller.abort();
        seen.add((await asking).outcome);
      }
      return unless([...seen].sort().join() === 'cancelled,ok', [...seen].join());
    }),
};

const afterTheEnd: Course = {
  id: 'C7',
  about: 'an abort after the end',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'ok' }, timers }, async (scene) => {
      const controller = scene.controller();
      const { signal } = controller;
      const stream = await scene.open({ signal });
      await readInto([], stream);
      await scene.ask({ signal }, 'whole');
      controller.abort();
      const { choices } = await stream.completion();
      const ends = scene.of('request.stop').map(({ outcome }) => outcome);
      return [
        ...unless(choices[0]?.finish_reason === 'stop', 'the answer is spoilt'),
        ...unless(ends.join() === 'ok,ok', ends.join()),
      ];
    }),
};

const oddReasons: Course = {
  id: 'C8',
  about: 'reasons that are no errors, and one that cannot be looked at',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'hang-before-headers' }, timers }, async (scene) => {
      const trap = {
        get message(): never {
          throw new Error('do not look');
        },
      };
      const reasons = ['a word', undefined, null, new DOMException('late', 'TimeoutError'), trap];
      const wrong: string[] = [];
      for (const reason of reasons) {
        const controller = scene.controller();
        const asking = failureOf(scene.open({ signal: controller.signal }));
        await until(() => scene.lab.inFlight === 1);
        controller.abort(reason);
        wrong.push(...unless(codeOf(await asking) === 'cancelled', codeOf(await asking)));
        await until(() => scene.lab.inFlight === 0);
      }
      return wrong;
    }),
};

const race: Course = {
  id: 'C9',
  about: 'an abort in the tick in which the connection breaks',
  waits: true,
  async run(wire, { timers }) {
    const play = (failsFirst: boolean): Promise<string[]> =>
      inScene({ wire, hosts: { only: 'reset-mid-stream' }, timers }, async (scene) => {
        const controller = scene.controller();
        if (failsFirst) scene.pool.on('provider.error', () => controller.abort());
        const stream = await scene.open({ signal: controller.signal });
        const seen: string[] = [];
        const reading = failureOf(readInto(seen, stream));
        if (!failsFirst) controller.abort();
        const error = await reading;
        const due = failsFirst ? 'connection' : 'cancelled';
        return [
          ...unless(codeOf(error) === due, `${codeOf(error)}, not ${due}`),
          ...unless(
            String(Object(error).partial?.content).startsWith(seen.join('')),
            'the partial answer is another one',
          ),
        ];
      });
    return [...(await play(true)), ...(await play(false))];
  },
};

/** 2.10, the first half: the caller aborts. */
export const abortRows: RowModule = {
  title: 'The caller aborts',
  courses: [
    aborted,
    whileQueued,
    whileWaiting,
    whileBackingOff,
    midStream,
    anyMoment,
    afterTheEnd,
    oddReasons,
    race,
  ],
};
