import { ProviderPool } from 'runestone';
import { labWords, startLab } from 'runestone/testing';
import { ask, questionOf } from '../ask.ts';
import type { Course } from '../row.ts';
import { host, models, nextNonce } from '../stand.ts';

/** T25: a host that leaves every kept connection at the next request. Nobody notices, and no budget is charged. */
export const keptConnections: Course = {
  id: 'T25',
  about: '200 requests, one after the other, each on a connection that is dead',
  async run(wire) {
    await using lab = await startLab();
    const pool = new ProviderPool({
      providers: [host('faulty', wire, lab.baseURL('keepalive-race', wire))],
      models: { route: [`faulty/${models[wire]}`] },
      retry: false,
    });
    const wrong: string[] = [];
    for (let turn = 0; turn < 200; turn++) {
      const nonce = nextNonce();
      const { text, error } = await ask(pool, questionOf(nonce, 'stream'), 'stream');
      if (error || text !== labWords(nonce).join('')) wrong.push(`request ${turn}: ${error?.code ?? text}`);
    }
    const { requests } = pool.stats().total;
    await pool.close({ drainMs: 0 });
    return requests === 200 ? wrong : [...wrong, `${requests} attempts for 200 requests`];
  },
};

/** Connections that the storm may open. */
const CONNECTIONS = 64;

/** T26: more requests in one tick than there may be connections. */
export const connectionStorm: Course = {
  id: 'T26',
  about: 'thousands of requests in one tick, over a limited number of connections',
  async run(wire, { quick }) {
    await using lab = await startLab();
    const total = quick ? 1_000 : 5_000;
    const provider = host('faulty', wire, lab.baseURL('ok', wire), CONNECTIONS);
    const pool = new ProviderPool({ providers: [provider], models: { route: [`faulty/${models[wire]}`] } });
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, lab.connections);
    }, 2);
    const answers = await Promise.all(
      Array.from({ length: total }, async () => {
        const nonce = nextNonce();
        const { text, error } = await ask(pool, questionOf(nonce, 'stream'), 'stream');
        return error?.code ?? (text === labWords(nonce).join('') ? 'ok' : `text ${text}`);
      }),
    );
    clearInterval(timer);
    await pool.close({ drainMs: 0 });
    const wrong = answers.filter((answer) => answer !== 'ok');
    return [
      ...(wrong.length === 0 ? [] : [`${wrong.length} of ${total} failed, the first: ${wrong[0]}`]),
      ...(most <= CONNECTIONS ? [] : [`${most} connections, ${CONNECTIONS} allowed`]),
    ];
  },
};
