import { reply } from 'runestone/testing';
import { questionOf } from '../ask.ts';
import { arrivals, breaker, pace } from '../crowd.ts';
import type { Course, RowModule } from '../row.ts';
import { inScene, LATE_MS, sleep, tallyOf, unless, until } from '../scene.ts';
import { models, nextNonce } from '../stand.ts';

type Seen = { readonly prefix: string; readonly body: unknown };

const nonceIn = ({ body }: Seen): string => /nonce-\w+/.exec(JSON.stringify(body))?.[0] ?? '';

const poison: Course = {
  id: 'P10',
  about: 'a tenant whose requests are always wrong',
  waits: true,
  run: (wire, { timers }) => {
    const sensitive = { breaker: { ...breaker, failureThreshold: 1 } };
    const respond = ({ body }: Seen) =>
      JSON.stringify(body).includes('poison') ? reply.status(400) : undefined;
    return inScene({ wire, hosts: { only: 'ok' }, pool: sensitive, respond, timers }, async (scene) => {
      const poisoned = questionOf(nextNonce(), 'whole');
      const request = { ...poisoned, messages: [{ role: 'user' as const, content: 'poison' }] };
      const bad = Array.from({ length: 50 }, () => scene.pool.request(request, { tenant: 'mallory' }));
      const codes = (await Promise.allSettled(bad)).map(
        (each) => each.status === 'rejected' && each.reason.code,
      );
      const well = await scene.ask({ tenant: 'alice' });
      return [
        ...unless(
          codes.every((code) => code === 'invalid_request'),
          `${codes}`,
        ),
        ...unless(well.outcome === 'ok', `another tenant: ${well.outcome}`),
        ...unless(scene.lab.requests.length === 51, `${scene.lab.requests.length} attempts`),
      ];
    });
  },
};

const badModel: Course = {
  id: 'P11',
  about: 'a host that does not know one of its models',
  waits: true,
  run: (wire, { timers }) => {
    const bad = wire === 'anthropic' ? 'claude-sonnet-5-5' : 'gpt-4.1';
    const respond = ({ body }: Seen) =>
      Object(body).model === bad ? reply.status(404, { message: `model: ${bad}` }) : undefined;
    const pool = { breaker: { ...breaker, failureThreshold: 1 } };
    return inScene({ wire, hosts: { only: 'ok' }, pool, respond, timers }, async (scene) => {
      const request = { ...questionOf(nextNonce(), 'whole'), model: `only/${bad}` };
      const calls = Array.from({ length: 10 }, () => scene.pool.request(request));
      const codes = (await Promise.allSettled(calls)).map(
        (each) => each.status === 'rejected' && each.reason.code,
      );
      const other = await scene.ask();
      return [
        ...unless(
          codes.every((code) => code === 'model_not_found'),
          `${codes}`,
        ),
        ...unless(other.outcome === 'ok', `the other model: ${other.outcome}`),
      ];
    });
  },
};

const storm: Course = {
  id: 'P12',
  about: 'five hundred clients that all fail twice',
  once: true,
  run: (wire, { timers }) => {
    const tries = new Map<string, number>();
    const respond = (request: Seen) => {
      const before = tries.get(nonceIn(request)) ?? 0;
      tries.set(nonceIn(request), before + 1);
      return before < 2 ? reply.status(500) : undefined;
    };
    const pool = { breaker: false as const, retry: { attemptsPerTarget: 3, baseDelayMs: 800 } };
    return inScene({ wire, hosts: { only: 'ok' }, pool, respond, timers }, async (scene) => {
      const asked = await Promise.all(Array.from({ length: 500 }, () => scene.ask()));
      const delays = scene.of('retry.scheduled').map(({ delayMs }) => delayMs);
      const firsts = delays.filter((ms) => ms <= 800);
      const bins = Array.from(
        { length: 8 },
        (_, bin) => firsts.filter((ms) => Math.floor(ms / 100) === bin).length,
      );
      const attempts = arrivals(scene.lab, 'ok').length;
      return [
        // A tenth of the requests, and the floor of 30.
        ...unless(
          attempts <= 500 + 50 + 30 && delays.length > 30,
          `${attempts} attempts, ${delays.length} retries`,
        ),
        ...unless(Math.max(...bins) <= (3 * firsts.length) / bins.length, `waits by 100 ms: ${bins}`),
        ...unless(
          asked.every(({ outcome }) => outcome === 'ok' || outcome === 'server_error'),
          tallyOf(asked),
        ),
      ];
    });
  },
};

const loop: Course = {
  id: 'P13',
  about: 'targets that fall back to each other',
  waits: true,
  run: (wire, { timers }) => {
    const model = models[wire];
    const pool = {
      models: { route: [`a/${model}`, `b/${model}`, `a/${model}`, `b/${model}`] },
      retry: { attemptsPerTarget: 1, attempts: 10, baseDelayMs: 5 },
    };
    const hosts = { a: 'status-500', b: 'status-500;of=b' };
    return inScene({ wire, hosts, pool, timers }, async (scene) => {
      const { outcome, attempts } = await scene.ask();
      const names = attempts.map(({ provider }) => provider).join('');
      return [
        ...unless(outcome === 'failover_exhausted', outcome),
        ...unless(names === 'ab', `asked ${names}`),
      ];
    });
  },
};

const underDeadline: Course = {
  id: 'P14',
  about: 'the first host hangs, and the whole has a second',
  waits: true,
  run: (wire, { timers }) => {
    const hosts = { hangs: 'hang-after-headers', well: 'ok;ttft=200' };
    return inScene({ wire, hosts, timers }, async (scene) => {
      const asked = [await scene.ask({ deadlineMs: 1_000 }), await scene.ask({ deadlineMs: 1_000 }, 'whole')];
      return asked.flatMap(({ outcome, attempts }) => [
        ...unless(outcome === 'ok', outcome),
        ...unless((attempts[0]?.durationMs ?? 0) <= 700 + LATE_MS, `it had ${attempts[0]?.durationMs} ms`),
      ]);
    });
  },
};

/** Attempts in a minute that the pool allows itself; a minute's worth may come at once. */
const PER_MINUTE = 60;

const rateLimited: Course = {
  id: 'P15',
  about: 'a host that refuses all of a crowd for a second',
  once: true,
  waits: true,
  run: (wire, { timers }) => {
    const pool = {
      limits: {
        perProvider: { only: { requestsPerMinute: PER_MINUTE } },
        queue: { size: 50, maxWaitMs: 500 },
      },
      timeouts: { totalMs: 5_000 },
    };
    return inScene({ wire, hosts: { only: '429-seconds' }, pool, timers }, async (scene) => {
      const asked = await pace(600, 1_500, () => scene.ask());
      const at = arrivals(scene.lab, '429-seconds');
      const most = Math.max(...at.map((from) => at.filter((ms) => ms >= from && ms < from + 1_000).length));
      const allowed = ['rate_limited', 'limit_exceeded', 'queue_full', 'queue_timeout'];
      return [
        ...unless(
          asked.every(({ outcome }) => allowed.includes(outcome)),
          tallyOf(asked),
        ),
        ...unless(most <= PER_MINUTE * 1.05, `${most} in a second`),
      ];
    });
  },
};

const overflow: Course = {
  id: 'P16',
  about: 'a queue of a hundred, and thousands that want in',
  once: true,
  run: (wire, { timers, quick }) => {
    const count = quick ? 500 : 10_000;
    const pool = { limits: { pool: { concurrency: 10 }, queue: { size: 100 } } };
    return inScene({ wire, hosts: { only: 'ok;ttft=5' }, pool, timers }, async (scene) => {
      const began = performance.now();
      const asked = await Promise.all(Array.from({ length: count }, () => scene.ask()));
      const refused = asked.filter(({ outcome }) => outcome === 'queue_full');
      const served = asked.filter(({ outcome }) => outcome === 'ok').map(({ nonce }) => nonce);
      const seen = scene.lab.requests.map(nonceIn);
      const slot = new Map(served.map((nonce, place) => [nonce, place]));
      const moved = seen.filter((nonce, place) => Math.abs((slot.get(nonce) ?? 0) - place) > 10);
      return [
        ...unless(refused.length === count - 110, tallyOf(asked)),
        ...unless(
          served.length === 110 && moved.length === 0,
          `${moved.length} of ${served.length} out of turn`,
        ),
        ...unless(
          refused.every(({ error }) => error?.retryAfterMs !== undefined),
          'no word of when to come again',
        ),
        ...unless(performance.now() - began < 10_000, 'took too long'),
      ];
    });
  },
};

const lastOne: Course = {
  id: 'P17',
  about: 'three hosts that all fail six in ten',
  once: true,
  waits: true,
  run: (wire, { timers }) => {
    let count = 0;
    const respond = () => (count++ % 5 < 3 ? reply.status(500) : undefined);
    const hosts = { a: 'ok', b: 'ok;of=b', c: 'ok;of=c' };
    const pool = {
      retry: { baseDelayMs: 5, budget: { minimum: 1_000 } },
      breaker: { ...breaker, failureThreshold: 100, minimumRequests: 5 },
    };
    return inScene({ wire, hosts, pool, respond, timers }, async (scene) => {
      const asked = await pace(300, 3_000, () => scene.ask());
      const windows = Array.from({ length: 6 }, (_, n) => asked.slice(n * 50, n * 50 + 50));
      const open = scene.of('circuit_breaker.open').length;
      return [
        ...unless(open > 0, 'no circuit opened'),
        // Half a second is longer than any open time: somebody is asked in each.
        ...windows.flatMap((some, n) =>
          unless(
            some.some(({ attempts }) => attempts.length > 0),
            `nobody was asked in window ${n}: ${tallyOf(some)}`,
          ),
        ),
      ];
    });
  },
};

const recooling: Course = {
  id: 'P19',
  about: 'a second refusal without a time does not shorten the first',
  waits: true,
  run: (wire, { timers }) => {
    let count = 0;
    const respond = () =>
      reply.status(429, count++ === 0 ? { headers: { 'retry-after': '30' }, firstMs: 20 } : { firstMs: 120 });
    const pool = { retry: false as const };
    return inScene({ wire, hosts: { only: 'ok' }, pool, respond, timers }, async (scene) => {
      await Promise.all([scene.ask(), scene.ask()]);
      const until = scene.pool.providers()[0]?.targets[0]?.cooldownUntil ?? 0;
      const leftMs = until - Date.now();
      return [
        ...unless(scene.lab.requests.length === 2, `${scene.lab.requests.length} attempts`),
        ...unless(leftMs > 25_000 && leftMs <= 30_000, `left alone for ${Math.round(leftMs)} ms`),
      ];
    });
  },
};

const charged: Course = {
  id: 'P20',
  about: 'a fallback that fails is charged too',
  waits: true,
  run: (wire, { timers }) => {
    const hosts = { a: 'status-500', b: 'status-500;of=b', c: 'ok' };
    const pool = { breaker: { ...breaker, failureThreshold: 1 }, retry: { attemptsPerTarget: 1 } };
    return inScene({ wire, hosts, pool, timers }, async (scene) => {
      const { outcome } = await scene.ask();
      const circuits = Object.values(scene.pool.stats().targets).map(({ circuit }) => circuit);
      return [
        ...unless(outcome === 'ok', outcome),
        ...unless(circuits.join() === 'open,open,closed', circuits.join()),
      ];
    });
  },
};

const reload: Course = {
  id: 'P21',
  about: 'a provider that is removed while it answers a hundred streams',
  once: true,
  waits: true,
  run: (wire, { timers }) => {
    const hosts = { old: 'ok;n=20;gap=40', new: 'ok;n=20' };
    return inScene({ wire, hosts, timers, pieces: 20 }, async (scene) => {
      const early = Array.from({ length: 100 }, () => scene.ask());
      await until(() => scene.of('provider.stream.first_token').length === 100, 5_000);
      scene.pool.update(({ providers, ...rest }) => ({
        ...rest,
        providers: providers.slice(1),
        models: { route: [`new/${models[wire]}`] },
      }));
      const lateOnes = await Promise.all(Array.from({ length: 20 }, () => scene.ask()));
      const finished = await Promise.all(early);
      await sleep(20);
      return [
        ...unless(tallyOf(finished) === 'ok 100', `those of before: ${tallyOf(finished)}`),
        ...unless(tallyOf(lateOnes) === 'ok 20', `those of after: ${tallyOf(lateOnes)}`),
        ...unless(scene.lab.asked(hosts.old).length === 100, 'a new one went to the old'),
      ];
    });
  },
};

/** 2.12, the second half: many requests, limits, and targets that come and go. */
export const dynamicsRows: RowModule = {
  title: 'Many requests, limits, and targets that come and go',
  courses: [
    poison,
    badModel,
    storm,
    loop,
    underDeadline,
    rateLimited,
    overflow,
    lastOne,
    recooling,
    charged,
    reload,
  ],
};
