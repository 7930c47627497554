import { ProviderPool } from '../../index.ts';
import type { Reply } from '../upstream/index.ts';
import { reply } from '../upstream/index.ts';
import type { ConformanceCase } from './fixtures.ts';
import { must, mustEqual } from './must.ts';
import { Hanging, soon } from './soon.ts';
import { eventsIn } from './story.ts';
import { type Subject, type Trial, trial } from './trial.ts';

/** How soon the host must see its client gone, in milliseconds. */
const GONE_WITHIN_MS = 50;

/** A busy machine may be late now and then; a promise that is broken is so every time. */
const TRIES = 3;

/**
 * Whoever leaves cuts the request upstream, at once: a host that goes on writing goes on billing.
 *
 * On real sockets, because a stream that is mocked ends when it is told to, whatever the provider does.
 */
export function earlyLeavers(subject: Subject): ConformanceCase[] {
  const of = (name: string, leave: (it: Trial) => Promise<number>): ConformanceCase => ({
    name,
    run: () => inTime(subject, leave),
  });
  return [
    of('an abort before the headers: ends, and cuts the request', (it) =>
      aborted(it, reply.hangBeforeHeaders(), () => arrived(it)),
    ),
    of('an abort in the middle: ends, and cuts the request', (it) => aborted(it, half(it), firstContent)),
    of('a consumer of the pool that breaks: cuts the request', throughPool),
    {
      name: 'a stream that is left without an abort: lets go of the request',
      run: () =>
        trial(subject, async (it) => {
          it.upstream.respond(() => half(it));
          const stream = it.provider.stream(it.call())[Symbol.asyncIterator]();
          await soon(firstContent(stream), 'the first text of an answer');
          await soon(Promise.resolve(stream.return?.()), 'a stream that its consumer leaves');
          await soon(it.upstream.idle(), 'the request of a stream that its consumer left');
        }),
    },
    {
      name: 'an abort beforehand: asks nobody',
      run: () =>
        trial(subject, async (it) => {
          const reading = it.provider.stream(it.call(AbortSignal.abort(new Error('enough'))));
          await soon(read(reading[Symbol.asyncIterator]()), 'an aborted stream').catch(() => {});
          mustEqual(it.upstream.requests.length, 0, 'requests upstream');
        }),
    },
  ];
}

/** A stream as it is pulled by hand. */
type Source = AsyncIterator<Parameters<typeof eventsIn>[0]>;

/** Some text, and then silence: nobody but the client ends it. */
const half = (it: Trial): Reply => it.answer([it.fixtures.unfinished], 'hang');

/**
 * Leaves, and sees how long the host takes to notice.
 *
 * @param leave - leaves, and tells when it began to
 */
async function inTime(subject: Subject, leave: (it: Trial) => Promise<number>): Promise<void> {
  let tookMs = Number.POSITIVE_INFINITY;
  // Not of the provider's making: what is loaded with a first request.
  await trial(subject, async (it) => void (await it.tell(it.answer(subject.fixtures.text.body))));
  for (let tries = 0; tries < TRIES && tookMs > GONE_WITHIN_MS; tries++) {
    await trial(subject, async (it) => {
      const leftMs = await leave(it);
      await soon(it.upstream.idle(), 'a request that nobody waits for any more');
      const last = it.upstream.requests.at(-1);
      must(last?.closedByClient === true, 'the request upstream must be cut by the client');
      tookMs = (last.endedMs ?? Number.POSITIVE_INFINITY) - leftMs;
    });
  }
  must(
    tookMs <= GONE_WITHIN_MS,
    `the host must see its client gone within ${GONE_WITHIN_MS} ms, not after ${tookMs}`,
  );
}

/** Leaves the answer of a pool after its first content. @returns when */
async function throughPool(it: Trial): Promise<number> {
  it.upstream.respond(() => half(it));
  const pool = new ProviderPool({ providers: [it.provider], retry: false });
  const { model, request } = it.call();
  const asked = pool.streamRequest({ ...request, model: `${it.provider.name}/${model}` });
  const stream = await soon(asked, 'the first text of an answer');
  let leftMs = 0;
  for await (const _ of stream.text()) {
    leftMs = performance.now();
    break;
  }
  await soon(it.upstream.idle(), 'the request of an answer that its consumer left');
  await pool.close();
  return leftMs;
}

/**
 * Aborts a call at a moment of its reading. Before the head there is nothing to pull for: then it is read all along.
 *
 * @returns when
 */
async function aborted(
  it: Trial,
  said: Reply,
  moment: (stream: Source) => Promise<unknown>,
): Promise<number> {
  it.upstream.respond(() => said);
  const controller = new AbortController();
  const stream = it.provider.stream(it.call(controller.signal))[Symbol.asyncIterator]();
  const reading = said.kind === 'silent' ? read(stream) : undefined;
  reading?.catch(() => {});
  await soon(moment(stream), 'the beginning of a call');
  const leftMs = performance.now();
  controller.abort(new Error('enough'));
  await soon(reading ?? read(stream), 'an aborted stream').catch(notHanging);
  return leftMs;
}

/** What an aborted provider throws, and whether, is its own choice: the pool knows who aborted. */
function notHanging(error: unknown): void {
  if (error instanceof Hanging) throw error;
}

/** To the end, whatever it says. */
async function read(stream: Source): Promise<void> {
  while (!(await stream.next()).done);
}

/** Up to the first text: a provider that collects an answer before it tells of it never gets there. */
async function firstContent(stream: Source): Promise<void> {
  for (let next = await stream.next(); ; next = await stream.next()) {
    must(!next.done, 'a stream must tell the text that has come, while the host says no more');
    if (eventsIn(next.value).some(({ type }) => type === 'text_delta')) return;
  }
}

/** Until the request has reached the host; given up when whoever waits for it has given up. */
async function arrived({ upstream }: Trial): Promise<void> {
  const untilMs = performance.now() + 5_000;
  while (upstream.requests.length === 0 && performance.now() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 1));
}
