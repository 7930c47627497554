import type { AnyTelemetryEvent } from 'runestone';
import { questionOf } from '../ask.ts';
import type { Course, RowModule } from '../row.ts';
import { failureOf, inScene, type SceneSetup, tallyOf, unless, until } from '../scene.ts';
import { models, nextNonce } from '../stand.ts';

/** A listener that does something odd with everything it hears. Nobody may notice. */
function odd(
  id: string,
  about: string,
  listener: (event: AnyTelemetryEvent) => unknown,
  isCounted: boolean,
): Course {
  return {
    id,
    about,
    waits: true,
    async run(wire, { timers }) {
      const play = (fault: string, due: string): Promise<string[]> => {
        const setup: SceneSetup = { wire, hosts: { only: fault }, timers, badListeners: true };
        return inScene(setup, async ({ pool, ask, of }) => {
          pool.on('*', listener);
          const asked = [await ask(), await ask({}, 'whole')];
          await until(() => of('telemetry.listener_failed').length > 0, 50);
          const told = of('telemetry.listener_failed').map(({ event, message }) => `${event} ${message}`);
          return [
            ...asked.flatMap(({ outcome }) => unless(outcome === due, `${fault}: ${outcome}`)),
            ...unless(isCounted === told.length > 0, `${told.length} failures of listeners were told`),
            ...unless(new Set(told).size === told.length, 'the same is told more than once'),
          ];
        });
      };
      return [
        ...(await play('ok', 'ok')),
        ...(await play('seq;s=status-500|ok', 'ok')),
        ...(await play('status-400', 'invalid_request')),
      ];
    },
  };
}

const throws = odd(
  'H1',
  'a listener that throws',
  () => {
    throw new Error('boom');
  },
  true,
);

const rejects = odd('H2', 'a listener that rejects', () => Promise.reject(new Error('boom')), true);

const mutates = odd(
  'H6',
  'a listener that changes what it hears',
  (event) => {
    for (const key of Object.keys(event)) Reflect.set(event, key, -1);
    for (const part of Object.values(event)) if (Array.isArray(part)) Reflect.set(part, part.length, 'more');
  },
  false,
);

const neverSettles: Course = {
  id: 'H4',
  about: 'listeners whose promises never settle',
  once: true,
  run: (wire, { timers, quick }) =>
    inScene({ wire, hosts: { only: 'ok' }, timers }, async ({ pool, ask }) => {
      const count = quick ? 200 : 10_000;
      pool.on('request.stop', () => new Promise(() => {}));
      const asked = await Promise.all(Array.from({ length: count }, () => ask()));
      return unless(tallyOf(asked) === `ok ${count}`, tallyOf(asked));
    }),
};

const reenters: Course = {
  id: 'H5',
  about: 'a listener that asks the same pool, three deep, with one permit',
  waits: true,
  run: (wire, { timers }) => {
    const pool = { limits: { pool: { concurrency: 1 } } };
    return inScene({ wire, hosts: { only: 'ok' }, pool, timers }, async ({ pool, ask }) => {
      const inner: Promise<{ outcome: string }>[] = [];
      pool.on('request.stop', () => {
        if (inner.length < 3) inner.push(ask());
      });
      const first = await ask();
      await until(() => inner.length === 3);
      const asked = [first, ...(await Promise.all(inner))];
      return unless(tallyOf(asked) === 'ok 4', tallyOf(asked));
    });
  },
};

const aborts: Course = {
  id: 'H7',
  about: 'a listener that aborts the request of which it hears',
  waits: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'ok;gap=20' }, timers }, async (scene) => {
      const wrong: string[] = [];
      for (const event of [
        'request.start',
        'provider.request.start',
        'provider.stream.first_token',
      ] as const) {
        const controller = scene.controller();
        const off = scene.pool.on(event, () => controller.abort());
        const { outcome } = await scene.ask({ signal: controller.signal });
        off();
        wrong.push(...unless(outcome === 'cancelled', `${event}: ${outcome}`));
      }
      return wrong;
    }),
};

const HOUR_MS = 3_600_000;

const clock: Course = {
  id: 'H8',
  about: 'a wall clock that steps back an hour, then ten years ahead',
  once: true,
  run: (wire, { timers }) => {
    const pool = {
      timeouts: { idleMs: 400, totalMs: 3_000 },
      limits: { pool: { requestsPerMinute: 1_000 }, queue: { maxWaitMs: 0 } },
      breaker: { failureThreshold: 1, openMs: 300, maxOpenMs: 300 },
      retry: false as const,
    };
    const hosts = { well: 'ok;n=20;gap=20', down: 'status-500' };
    return inScene({ wire, hosts, pool, timers, pieces: 20 }, async ({ pool, ask }) => {
      const { now } = Date;
      const request = { ...questionOf(nextNonce(), 'whole'), model: `down/${models[wire]}` };
      try {
        const asking = Array.from({ length: 20 }, () => ask());
        await failureOf(pool.request(request));
        for (const stepMs of [-HOUR_MS, 10 * 365 * 24 * HOUR_MS]) {
          await until(() => pool.stats().total.inFlight > 0);
          Date.now = () => now() + stepMs;
          const early = await failureOf(pool.request(request));
          if (Object(early).code !== 'circuit_open') return [`the circuit does not hold: ${early}`];
        }
        const asked = await Promise.all(asking);
        const tookMs = asked.flatMap(({ attempts }) => attempts.map(({ durationMs }) => durationMs));
        const odd = tookMs.filter((ms) => ms < 300 || ms > 3_000);
        return [
          ...unless(tallyOf(asked) === 'ok 20', tallyOf(asked)),
          ...unless(odd.length === 0, `durations of ${odd}`),
        ];
      } finally {
        Date.now = now;
      }
    });
  },
};

/** 2.11, the first half: listeners, and the clock. */
export const listenerRows: RowModule = {
  title: 'Listeners, and the clock',
  courses: [throws, rejects, neverSettles, reenters, mutates, aborts, clock],
};
