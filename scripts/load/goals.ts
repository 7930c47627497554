import { ProviderPool } from 'runestone';
import type { WireName } from 'runestone/testing';
import { models } from '../faults/stand.ts';
import { askMany, askOnce, type Ending } from './asking.ts';
import type { Figure, Goal } from './goal.ts';
import { queue } from './queue.ts';

const WIRES = ['openai', 'anthropic'] as const;

const otherOf = (wire: WireName): WireName => (wire === 'openai' ? 'anthropic' : 'openai');

const countOf = (endings: readonly Ending[], is: (ending: Ending) => boolean): number =>
  endings.filter(is).length;

/** K1: one in ten goes wrong at the first host, the second is well. */
const faultMix: Goal = {
  name: 'one in ten goes wrong, a second provider is well',
  async run(host, { quick }) {
    const total = quick ? 2_000 : 50_000;
    const endings: Ending[] = [];
    const twice: string[] = [];
    let seen = 0;
    let faults = 0;
    for (const wire of WIRES) {
      await host.order({ mode: 'mix' });
      await using pool = new ProviderPool({
        providers: [host.provider('faulty', wire, 'faulty'), host.provider('well', otherOf(wire), 'well')],
        models: { route: [`faulty/${models[wire]}`, `well/${models[otherOf(wire)]}`] },
        retry: { baseDelayMs: 20 },
        // In so many requests five failures come in a row by chance: then nobody would meet a fault for a while.
        breaker: { failureThreshold: 1_000 },
      });
      const forms = ['stream', 'whole'] as const;
      endings.push(...(await askMany(total / 2, 100, (n) => askOnce(pool, forms[n % 2] ?? 'stream'))));
      const report = await host.order({ mode: 'well' });
      seen += report.seen;
      faults += report.faults;
      twice.push(...report.twice);
    }
    const failed = countOf(endings, ({ outcome }) => outcome !== 'ok');
    return [
      {
        what: 'lost',
        is: total - endings.length + countOf(endings, ({ outcome }) => outcome === 'lost'),
        atMost: 0,
      },
      { what: 'doubled', is: countOf(endings, ({ doubled }) => doubled) + twice.length, atMost: 0 },
      { what: 'crossed', is: countOf(endings, ({ crossed }) => crossed), atMost: 0 },
      { what: 'silent cuts', is: countOf(endings, ({ cut }) => cut), atMost: 0 },
      { what: `upstream requests for each of ${total}`, is: seen / total, atMost: 1.11 },
      { what: 'requests for each that met a fault', is: total / faults, atMost: 11 },
      // A stream that broke after its first content is not repeated: four in a hundred of half of them, and a little.
      { what: 'share of typed errors', is: failed / total, atMost: 0.03 },
    ];
  },
};

/** K4, the first half: everything is down. Once by all defences, and once by the retry budget alone. */
const outage: Goal = {
  name: 'everything is down',
  async run(host, { quick }) {
    const total = quick ? 500 : 5_000;
    const figures: Figure[] = [];
    for (const breaker of [{}, false] as const) {
      await host.order({ mode: 'down' });
      await using pool = new ProviderPool({
        providers: [
          host.provider('faulty', 'openai', 'faulty'),
          host.provider('second', 'anthropic', 'faulty'),
        ],
        models: { route: [`faulty/${models.openai}`] },
        breaker,
        retry: { baseDelayMs: 20, budget: { minimum: 0 } },
      });
      const endings = await askMany(total, 50, () => askOnce(pool, 'stream'));
      const { seen } = await host.order({ mode: 'well' });
      const how = breaker ? 'circuits and the retry budget' : 'the retry budget alone';
      figures.push({
        what: `upstream requests for each of ${total}, by ${how}`,
        is: seen / total,
        atMost: 1.1,
      });
      figures.push({
        what: 'untyped endings',
        is: countOf(endings, ({ outcome }) => outcome === 'lost'),
        atMost: 0,
      });
    }
    return figures;
  },
};

/** K4, the second half: the host is well again. */
const recovery: Goal = {
  name: 'the host is well again',
  async run(host, { quick }) {
    const openMs = quick ? 500 : 2_000;
    await host.order({ mode: 'down' });
    await using pool = new ProviderPool({
      providers: [host.provider('faulty', 'openai', 'faulty')],
      models: { route: [`faulty/${models.openai}`] },
      breaker: { openMs, maxOpenMs: openMs },
      retry: { baseDelayMs: 20 },
    });
    const ask = async (): Promise<Ending> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return askOnce(pool, 'stream');
    };
    await askMany(100, 4, ask);
    await host.order({ mode: 'well' });
    const healedMs = performance.now();
    let first: number | undefined;
    while (first === undefined && performance.now() - healedMs < 3 * openMs) {
      const { outcome, atMs } = await ask();
      if (outcome === 'ok') first = atMs - healedMs;
    }
    // The time itself, its jitter, and one turn of whoever asks.
    return [
      { what: 'ms to the first success', is: Math.round(first ?? 3 * openMs), atMost: 1.2 * openMs + 50 },
    ];
  },
};

/** All goals, in the order in which they are run. */
export const goals: readonly Goal[] = [faultMix, outage, recovery, queue];
