import type { PoolOptions } from 'runestone';
import { labWords, reply } from 'runestone/testing';
import { breaker, OPEN_MS, opens, pace, percentile } from '../crowd.ts';
import type { Course, RowModule } from '../row.ts';
import { type Asked, inScene, LATE_MS, type Scene, sleep, tallyOf, unless, until } from '../scene.ts';

const outage: Course = {
  id: 'P1',
  about: 'the only host is down',
  once: true,
  run: (wire, { timers, quick }) =>
    inScene({ wire, hosts: { only: 'status-529' }, pool: { breaker }, timers }, async (scene) => {
      const count = quick ? 200 : 2_000;
      const asked = await pace(count, quick ? 1_200 : 10_000, () => scene.ask());
      const seen = scene.lab.requests.length;
      const refused = asked.filter(({ attempts }) => attempts.length === 0);
      const lateMs = percentile(
        refused.map(({ tookMs }) => tookMs),
        99,
      );
      const codes = new Set(asked.map(({ outcome }) => outcome));
      codes.delete('overloaded');
      return [
        ...unless([...codes].join() === 'circuit_open', tallyOf(asked)),
        ...unless(seen <= 1.1 * count, `${seen} attempts for ${count} requests`),
        // While it was closed a few, and one probe for each time that it was open.
        ...unless(seen <= 20 + opens(scene), `${seen} attempts, ${opens(scene)} openings`),
        ...unless(lateMs < 2 + LATE_MS, `refused after ${lateMs} ms`),
      ];
    }),
};

const outageOfOne: Course = {
  id: 'P2',
  about: 'the first host is down, the second is well',
  once: true,
  run: (wire, { timers, quick }) =>
    inScene({ wire, hosts: { down: 'status-529', well: 'ok' }, pool: { breaker }, timers }, async (scene) => {
      const count = quick ? 150 : 2_000;
      const asked = await pace(count, quick ? 1_000 : 8_000, () => scene.ask());
      const detours = asked.filter(({ attempts }) => attempts.length > 1).length;
      const probes = opens(scene);
      return [
        ...unless(tallyOf(asked) === `ok ${count}`, tallyOf(asked)),
        ...unless(detours <= 20 + probes, `${detours} made a detour, ${probes} openings`),
      ];
    }),
};

const allDown: Course = {
  id: 'P3',
  about: 'three hosts are down',
  waits: true,
  run: (wire, { timers }) => {
    const hosts = { a: 'status-503', b: 'status-503;of=b', c: 'status-503;of=c' };
    const pool = { retry: { baseDelayMs: 5 }, breaker: { ...breaker, failureThreshold: 1 } };
    return inScene({ wire, hosts, pool, timers }, async ({ ask, lab }) => {
      const first = await ask();
      const seen = lab.requests.length;
      const second = await ask();
      const named = ['a', 'b', 'c'].filter((name) => first.error?.message.includes(`${name} overloaded`));
      return [
        ...unless(first.outcome === 'failover_exhausted', first.outcome),
        ...unless(named.join('') === 'abc', `names ${named} in "${first.error?.message}"`),
        ...unless(seen <= 3 && first.attempts.length === seen, `${seen} attempts`),
        ...unless(second.outcome === 'failover_exhausted', `with all circuits open: ${second.outcome}`),
        ...unless(second.tookMs < 50 && lab.requests.length === seen, `took ${Math.round(second.tookMs)} ms`),
      ];
    });
  },
};

const recovery: Course = {
  id: 'P4',
  about: 'the only host is down for a while, and then is well',
  once: true,
  waits: true,
  run: (wire, { timers }) => {
    const openMs = 600;
    const pool = { breaker: { openMs, maxOpenMs: openMs, slowStartMs: 300 } };
    let down = true;
    const respond = () => (down ? reply.status(503) : undefined);
    return inScene({ wire, hosts: { only: 'ok' }, pool, respond, timers }, async ({ ask }) => {
      let healedMs = 0;
      const stamped = async (): Promise<Asked & { readonly atMs: number }> => {
        const asked = await ask();
        return { ...asked, atMs: performance.now() };
      };
      setTimeout(() => {
        down = false;
        healedMs = performance.now();
      }, 700);
      const asked: (Asked & { readonly atMs: number })[] = [];
      await pace(200, 2_400, async () => {
        const one = await stamped();
        asked.push(one);
        return one;
      });
      const firstMs =
        Math.min(...asked.filter(({ outcome }) => outcome === 'ok').map(({ atMs }) => atMs)) - healedMs;
      // With jitter, an open window is at most 1.2 times its length.
      const late = asked.filter(
        ({ atMs, outcome }) => outcome !== 'ok' && atMs > healedMs + 1.2 * openMs + 400 + LATE_MS,
      );
      return [
        ...unless(
          firstMs < 1.2 * openMs + 2 * LATE_MS,
          `the first success came after ${Math.round(firstMs)} ms`,
        ),
        ...unless(late.length === 0, `${late.length} failed long after`),
      ];
    });
  },
};

/** Opens the circuit of the first host, and waits until it is due for a probe. */
async function openCircuit({ ask, pool, of }: Scene, openMs = OPEN_MS): Promise<void> {
  await ask();
  await until(() => of('circuit_breaker.open').length > 0);
  const open = Object.values(pool.stats().targets).find(({ circuit }) => circuit === 'open');
  if (open) await sleep(1.2 * openMs + 10);
}

const sensitive: Partial<PoolOptions> = {
  breaker: { ...breaker, failureThreshold: 1 },
  retry: { attemptsPerTarget: 1 },
};

const herd: Course = {
  id: 'P5',
  about: 'thousands that ask as a circuit half-opens',
  once: true,
  async run(wire, { timers, quick }) {
    const count = quick ? 400 : 10_000;
    const down = 'status-500';
    const openMs = quick ? 600 : 2_000;
    const pool = { ...sensitive, breaker: { failureThreshold: 1, openMs, maxOpenMs: openMs } };
    const play = (hosts: Record<string, string>, due: readonly string[]): Promise<string[]> =>
      inScene({ wire, hosts, pool, timers }, async (scene) => {
        await openCircuit(scene, openMs);
        const asked = await Promise.all(Array.from({ length: count }, () => scene.ask()));
        const attempts = scene.lab.asked(down).length;
        const others = new Set(asked.map(({ outcome }) => outcome));
        return [
          ...unless(
            attempts > 1 && attempts === opens(scene),
            `${attempts} attempts, ${opens(scene)} openings`,
          ),
          ...unless(
            [...others].every((outcome) => due.includes(outcome)),
            tallyOf(asked),
          ),
        ];
      });
    return [
      ...(await play({ down }, ['circuit_open', 'server_error'])),
      ...(await play({ down, well: 'ok' }, ['ok'])),
    ];
  },
};

const slowProbe: Course = {
  id: 'P6',
  about: 'the probe is a stream that takes long',
  waits: true,
  run: (wire, { timers }) => {
    const hosts = { only: 'seq;s=status-500|ok;n=40;gap=25|ok;n=40' };
    const pool = { ...sensitive, breaker: { ...breaker, failureThreshold: 1, slowStartMs: 0 } };
    return inScene({ wire, hosts, pool, timers, pieces: 40 }, async (scene) => {
      await openCircuit(scene);
      const probe = scene.ask();
      await until(() => scene.of('circuit_breaker.close').length === 1, 500);
      const closed = scene.of('circuit_breaker.close').length;
      const others = await Promise.all([scene.ask(), scene.ask(), scene.ask()]);
      const isUnderWay = scene.pool.stats().total.inFlight === 1;
      return [
        ...unless(closed === 1, 'its first content is no verdict'),
        ...unless(tallyOf(others) === 'ok 3', tallyOf(others)),
        ...unless(isUnderWay, 'the others waited for its end'),
        ...unless((await probe).outcome === 'ok', 'the probe itself failed'),
      ];
    });
  },
};

const abortedProbe: Course = {
  id: 'P7',
  about: 'the caller of a probe leaves',
  waits: true,
  run: (wire, { timers }) => {
    const hosts = { only: 'seq;s=status-500|hang-before-headers|ok' };
    return inScene({ wire, hosts, pool: sensitive, timers }, async (scene) => {
      await openCircuit(scene);
      const controller = scene.controller();
      const probe = scene.ask({ signal: controller.signal });
      await until(() => scene.lab.inFlight === 1);
      const beside = await scene.ask();
      controller.abort();
      const left = await probe;
      const next = await scene.ask();
      return [
        ...unless(beside.outcome === 'circuit_open', `a second probe: ${beside.outcome}`),
        ...unless(left.outcome === 'cancelled', left.outcome),
        ...unless(next.outcome === 'ok', `its place is not given back: ${next.outcome}`),
      ];
    });
  },
};

const flaps: Course = {
  id: 'P8',
  about: 'a host that is well and down by turns, for a minute',
  once: true,
  waits: true,
  run: (wire, { timers }) => {
    // A tenth of the catalogue's times, and of the defaults.
    const turnMs = 100;
    const began = performance.now();
    const isDown = (): boolean => Math.floor((performance.now() - began) / turnMs) % 2 === 1;
    const respond = ({ prefix }: { readonly prefix: string }) =>
      prefix.includes('flaps') && isDown() ? reply.status(500) : undefined;
    const pool = {
      breaker: { openMs: 500, maxOpenMs: 1_500, slowStartMs: 1_000 },
      retry: { baseDelayMs: 5 },
    };
    // By itself it would be probed in each open time: there is nowhere else to go.
    const hosts = { flaps: 'ok;of=flaps', well: 'ok' };
    return inScene({ wire, hosts, pool, respond, timers }, async (scene) => {
      const asked = await pace(600, 60 * turnMs, () => scene.ask());
      const changes = scene.told.filter(({ name }) => name.startsWith('circuit_breaker.')).length;
      return [
        ...unless(changes > 3 && changes <= 16, `${changes} transitions`),
        ...unless(tallyOf(asked) === 'ok 600', tallyOf(asked)),
      ];
    });
  },
};

const grey: Course = {
  id: 'P9',
  about: 'a host that is silent to three in ten',
  once: true,
  waits: true,
  run: (wire, { timers }) => {
    let count = 0;
    const respond = ({ prefix }: { readonly prefix: string }) => {
      if (prefix.includes('grey') && count++ % 10 < 3) return reply.stall({ after: 0 });
      return undefined;
    };
    const pool = {
      timeouts: { firstTokenMs: 1_000 },
      breaker: { ...breaker, openMs: 10_000, maxOpenMs: 10_000, failureThreshold: 100, failureRatio: 0.25 },
    };
    const hosts = { grey: 'ok;of=grey', well: 'ok' };
    return inScene({ wire, hosts, pool, respond, timers }, async (scene) => {
      const some = (): Promise<Asked[]> => Promise.all(Array.from({ length: 20 }, () => scene.ask()));
      const [before, after] = [await some(), await some()];
      const late = after.filter(({ attempts }) => attempts[0]?.provider !== 'well');
      return [
        ...unless(tallyOf([...before, ...after]) === 'ok 40', tallyOf([...before, ...after])),
        ...unless(opens(scene) === 1, 'its circuit stays closed'),
        ...unless(late.length === 0, `${late.length} of 20 still ask it first`),
      ];
    });
  },
};

const late: Course = {
  id: 'P18',
  about: 'an answer that began before the circuit opened breaks after it has closed',
  waits: true,
  run: (wire, { timers }) => {
    let count = 0;
    const respond = () => {
      count += 1;
      if (count === 1)
        return reply.cut({
          after: 10,
          how: 'reset',
          answer: reply.text(labWords('nonce-late', 20), { delayMs: 100 }),
        });
      return count === 2 ? reply.status(500) : undefined;
    };
    const pool = { ...sensitive, breaker: { ...breaker, failureThreshold: 1, slowStartMs: 0 } };
    return inScene({ wire, hosts: { only: 'ok' }, pool, respond, timers }, async (scene) => {
      const early = scene.ask();
      await until(() => scene.of('provider.stream.first_token').length === 1);
      await openCircuit(scene);
      const probe = await scene.ask();
      const broken = await early;
      const after = await scene.ask();
      return [
        ...unless(probe.outcome === 'ok', `the probe: ${probe.outcome}`),
        ...unless(broken.outcome === 'connection', `the early one: ${broken.outcome}`),
        ...unless(after.outcome === 'ok' && opens(scene) === 1, `its late verdict counts: ${after.outcome}`),
      ];
    });
  },
};

/** 2.12, the first half: outages, and what circuits make of them. */
export const outageRows: RowModule = {
  title: 'Outages, and what circuits make of them',
  courses: [outage, outageOfOne, allDown, recovery, herd, slowProbe, abortedProbe, flaps, grey, late],
};
