import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { isRunestoneError } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { type Ending, type Reply, reply, startUpstream } from 'runestone/testing';
import { expect, it } from 'vitest';
import { until } from '../provider-kit/loopback.ts';
import { around, KEY, question } from './lab.ts';

const answer = reply.text('one two three');
const how = fc.constantFrom<Ending>('eof', 'close', 'reset');
const after = fc.constantFrom(
  'head' as const,
  0,
  1,
  2,
  'content' as const,
  'finish' as const,
  'stop' as const,
);

const fault: fc.Arbitrary<Reply> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Reply>(answer) },
  fc.constantFrom(400, 401, 404, 408, 429, 500, 529).map((status) => reply.status(status)),
  fc.record({ after, how, midEvent: fc.boolean() }).map((cut) => reply.cut({ ...cut, answer })),
  after.map((at) => reply.stall({ after: at, answer })),
  after.map((at) => reply.pings({ after: at, everyMs: 5, answer })),
  fc.record({ after, how }).map((each) => reply.errorEvent({ ...each, answer })),
  fc.constantFrom(reply.raw('<html>'), reply.raw(''), reply.raw('{"a":1}'), reply.raw('data: {\n\n')),
  fc.constantFrom(
    reply.dropBeforeHeaders('reset'),
    reply.dropBeforeHeaders('close'),
    reply.hangBeforeHeaders(),
  ),
);

/** One request, what its attempts meet, and how patient its caller is. */
const story = fc.record({
  faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
  method: fc.constantFrom('request' as const, 'streamRequest' as const),
  abortMs: fc.option(fc.constantFrom(0, 1, 3, 8, 15), { nil: undefined, freq: 2 }),
  leaveAfter: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
});

/** Runs many requests at once against two hosts, so that one run tells of many. */
async function live(stories: readonly (typeof story extends fc.Arbitrary<infer Story> ? Story : never)[]) {
  const calls = new Map<string, number>();
  const upstream = await startUpstream({
    respond: ({ body }) => {
      const id = /story (\d+)/.exec(JSON.stringify(body))?.[1] ?? '';
      const n = calls.get(id) ?? 0;
      calls.set(id, n + 1);
      return stories[Number(id)]?.faults[n] ?? answer;
    },
  });
  const names = ['first', 'second'];
  await using it = around(upstream, {
    providers: names.map((name) => anthropic({ name, apiKey: KEY, baseURL: upstream.url })),
    models: { pair: names.map((name) => `${name}/claude-haiku-4-5`) },
    timeouts: { firstTokenMs: 25, reasoningFirstTokenMs: 25, idleMs: 15, progressMs: 25, totalMs: 80 },
    retry: { baseDelayMs: 1, maxDelayMs: 2 },
  });
  await Promise.all(
    stories.map(async ({ method, abortMs, leaveAfter }, index) => {
      const controller = new AbortController();
      const call = { signal: controller.signal, requestId: String(index) };
      const timer = abortMs === undefined ? undefined : setTimeout(() => controller.abort(), abortMs);
      const request = question(`story ${index}`, { model: 'pair' });
      try {
        if (method === 'request') await it.pool.request(request, call);
        else {
          let seen = 0;
          for await (const _ of await it.pool.streamRequest(request, call)) if (seen++ === leaveAfter) break;
        }
      } catch (error) {
        expect(isRunestoneError(error)).toBe(true);
      }
      clearTimeout(timer);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    }),
  );
  await until(() => upstream.inFlight === 0);
  return { told: [...it.told], inFlight: it.pool.stats().total.inFlight };
}

it('every `*.start` has exactly one `*.stop`, on every exit, over a real connection', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: 10, maxLength: 10 }), async (stories) => {
      const { told, inFlight } = await live(stories);
      expect(inFlight).toBe(0);
      for (const [index] of stories.entries()) {
        const mine = told.filter((event) => 'requestId' in event && event.requestId === String(index));
        const names = mine.map(({ name }) => name);
        expect(names[0]).toBe('request.start');
        expect(names.at(-1)).toBe('request.stop');
        expect(names.filter((name) => /^request\.st/.test(name))).toHaveLength(2);
        // Attempts follow one another, each with its start, its cost and its stop; none outlives its request.
        const steps = names.filter((name) => /^provider\.request\.st|^cost/.test(name));
        const attempts = steps.length / 3;
        const pattern = ['provider.request.start', 'cost.recorded', 'provider.request.stop'];
        expect(steps).toEqual(Array.from({ length: attempts }, () => pattern).flat());
        expect(attempts).toBeLessThanOrEqual(3);
        const last = mine.at(-1);
        if (last?.name === 'request.stop') expect(last.attempts).toBe(attempts);
      }
    }),
    { numRuns: 40 },
  );
});
