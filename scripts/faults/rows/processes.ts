import { setTimeout as sleep } from 'node:timers/promises';
import { isRunestoneError, ProviderPool } from 'runestone';
import { startLab } from 'runestone/testing';
import { tsImport } from 'tsx/esm/api';
import { Child, type ChildStart, playChild, playThread } from '../child.ts';
import type { Course, RowModule } from '../row.ts';
import { failureOf, inScene, unless, until } from '../scene.ts';
import { host, models } from '../stand.ts';

/** A scene of a child whose streams must all be whole. */
function whole(id: string, about: string, scene: string, fault: string, start?: ChildStart): Course {
  return {
    id,
    about,
    once: true,
    waits: true,
    async run(wire) {
      await using lab = await startLab();
      const urls = { only: lab.baseURL(fault, wire) };
      const { outcomes, complaints, tookMs } = await playChild({ scene, wire, urls }, start);
      return [
        ...unless(sorts(outcomes) === 'ok', `${sorts(outcomes)}`),
        ...unless(complaints === '', String(complaints)),
        ...unless(tookMs === undefined || Number(tookMs) < 500, `stayed for ${tookMs} ms`),
      ];
    },
  };
}

/** The different ones of a list, as one text. */
function sorts(list: unknown): string {
  return Array.isArray(list) ? [...new Set(list.map(String))].sort().join() : String(list);
}

const asleep: Course = {
  id: 'H10',
  about: 'a process that is stopped and goes on',
  once: true,
  waits: true,
  async run(wire) {
    await using lab = await startLab();
    const urls = { alive: lab.baseURL('ok;n=40;gap=20', wire), dead: lab.baseURL('stall', wire) };
    const child = new Child({ scene: 'asleep', wire, urls });
    await child.says();
    child.process.kill('SIGSTOP');
    await sleep(1_500);
    child.process.kill('SIGCONT');
    const { alive, dead, stops, errors } = await child.says();
    await child.ends();
    return [
      ...unless(sorts(alive) === 'ok', `what had bytes to read: ${sorts(alive)}`),
      ...unless(sorts(dead) === 'timeout idle', `what had none: ${sorts(dead)}`),
      ...unless(stops === 40 && errors === 20, `${stops} ends, ${errors} errors`),
    ];
  },
};

const narrow: Course = {
  id: 'H14',
  about: 'more requests at once than files may be open',
  once: true,
  waits: true,
  async run(wire) {
    await using lab = await startLab();
    const urls = { only: lab.baseURL('ok;ttft=100', wire) };
    const said = await playChild({ scene: 'narrow', wire, urls }, { files: 256 });
    return [
      ...unless(sorts(said['outcomes']) === 'ok', `${sorts(said['outcomes'])}`),
      ...unless(Number(said['retries']) > 0, 'never ran out of files'),
      ...unless(sorts(said['circuits']) === 'closed', `circuit ${sorts(said['circuits'])}`),
      ...unless(said['after'] === 'ok', `then ${said['after']}`),
    ];
  },
};

const apart: Course = {
  id: 'H16',
  about: 'two pools, two copies of the package, and a thread',
  once: true,
  run: (wire, { timers }) =>
    inScene({ wire, hosts: { only: 'status-500' }, pool: { retry: false }, timers }, async (scene) => {
      const file = new URL('../../../src/index.ts', import.meta.url).href;
      const copy: typeof import('runestone') = await tsImport(file, import.meta.url);
      const url = scene.lab.baseURL('status-500', wire);
      const options = {
        providers: [host('only', wire, url)],
        models: { route: [`only/${models[wire]}`] },
        retry: false as const,
      };
      await using twin = new ProviderPool(options);
      await using foreign = new copy.ProviderPool(options);
      for (let turn = 0; turn < 6; turn++) await scene.ask();
      const request = { model: 'route', messages: [{ role: 'user' as const, content: 'x' }] };
      const errors = [await failureOf(twin.request(request)), await failureOf(foreign.request(request))];
      const urls = { only: scene.lab.baseURL('ok', wire) };
      const said = await playThread({ scene: 'plain', wire, urls });
      return [
        ...unless(copy.ProviderPool !== ProviderPool, 'no second copy'),
        ...errors.flatMap((error) => unless(isRunestoneError(error), `does not know ${error}`)),
        ...errors.flatMap((error) =>
          unless(Object(error).code === 'server_error', `learnt from another pool: ${error}`),
        ),
        ...unless(said.trim() === '{"outcome":"ok"}', `the thread says ${said}`),
      ];
    }),
};

const drains: Course = {
  id: 'H11',
  about: 'a pool that is closed while many streams run',
  once: true,
  run: (wire, { timers, quick }) => {
    const count = quick ? 50 : 250;
    const drainMs = 700;
    const hosts = { short: 'ok;n=20;gap=10', long: 'ok;n=1000;gap=10' };
    const models = { short: [`short/${modelOf(wire)}`], long: [`long/${modelOf(wire)}`] };
    return inScene({ wire, hosts, pool: { models }, timers }, async ({ pool, of, lab }) => {
      const read = async (model: string): Promise<{ code: string; partial: boolean; atMs: number }> => {
        try {
          const stream = await pool.streamRequest({ model, messages: [{ role: 'user', content: 'x' }] });
          for await (const _ of stream);
          return { code: 'ok', partial: false, atMs: performance.now() };
        } catch (error) {
          const { code, partial } = Object(error);
          return { code, partial: Boolean(partial?.content), atMs: performance.now() };
        }
      };
      const ask = (model: string) => Array.from({ length: count }, () => read(model));
      const [short, long] = [ask('short'), ask('long')];
      await until(() => of('provider.stream.first_token').length === 2 * count, 10_000);
      const closeMs = performance.now();
      const closing = pool.close({ drainMs });
      const late = await read('short');
      const lateMs = performance.now() - closeMs;
      await closing;
      const cut = await Promise.all(long);
      const atMs = cut.map((each) => each.atMs - closeMs);
      await until(() => lab.connections === 0);
      return [
        ...unless(late.code === 'pool_closed' && lateMs < 60, `a new one: ${late.code} after ${lateMs} ms`),
        ...unless(
          sorts((await Promise.all(short)).map(({ code }) => code)) === 'ok',
          'one that had time was cut',
        ),
        ...unless(sorts(cut.map(({ code }) => code)) === 'pool_closed', sorts(cut.map(({ code }) => code))),
        ...unless(
          cut.every(({ partial }) => partial),
          'no partial answer',
        ),
        ...unless(
          Math.min(...atMs) >= drainMs - 5 && Math.max(...atMs) < drainMs + 250,
          `cut after ${Math.round(Math.min(...atMs))} to ${Math.round(Math.max(...atMs))} ms`,
        ),
      ];
    });
  },
};

function modelOf(wire: 'anthropic' | 'openai'): string {
  return models[wire];
}

/** 2.11, the second half: the process around the pool. */
export const processRows: RowModule = {
  title: 'The process around the pool',
  courses: [
    whole('H3', 'a listener that blocks the loop for longer than the idle timer', 'hook', 'ok;n=40;gap=15'),
    whole('H9', 'a loop that stands still in the middle of a hundred streams', 'blocked', 'ok;n=60;gap=15'),
    asleep,
    drains,
    whole('H12', 'a pool that nobody closes', 'forgotten', 'ok'),
    whole('H12', 'a pool that nobody closes while an answer is read', 'reading', 'ok;n=20;gap=20'),
    narrow,
    whole('H15', 'five hundred streams in little memory', 'pressed', 'ok;n=20;gap=5', {
      flags: ['--max-old-space-size=96'],
    }),
    apart,
  ],
};
