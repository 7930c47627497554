import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ProviderPool } from 'runestone';
import { fails, replies, scriptedProvider } from 'runestone/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, failureOf } from '../contexts.ts';

const NAMES = ['request', 'attempt'].flatMap((what) =>
  ['start', 'asyncEnd', 'error'].map((end) => `tracing:runestone:${what}:${end}`),
);

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Everything that is published, with the facts that were in the message at that moment. */
function listen(names: readonly string[] = NAMES) {
  const heard: { name: string; message: object; facts: Record<string, unknown> }[] = [];
  for (const name of names) {
    const hear = (message: unknown): void => {
      heard.push({
        name: name.slice('tracing:runestone:'.length),
        message: Object(message),
        facts: { ...Object(message) },
      });
    };
    subscribe(name, hear);
    ends.push(() => unsubscribe(name, hear));
  }
  return heard;
}

const poolOf = () =>
  new ProviderPool({
    providers: [scriptedProvider('a', [fails('overloaded')]), scriptedProvider('b', [replies('Hello')])],
    models: { fast: ['a/m', 'b/m'] },
    retry: { attemptsPerTarget: 1 },
  });

describe("Node's diagnostics channels", () => {
  it('carry each request and each attempt from start to end, in one message each', async () => {
    const heard = listen();
    const { runestone } = await poolOf().request({ ...ask(), model: 'fast' });
    expect(heard.map(({ name }) => name)).toEqual([
      'request:start',
      'attempt:start',
      'attempt:error',
      'attempt:asyncEnd',
      'attempt:start',
      'attempt:asyncEnd',
      'request:asyncEnd',
    ]);
    const [request, first] = [heard[0], heard[1]];
    expect(heard.at(-1)?.message).toBe(request?.message);
    expect(heard[3]?.message).toBe(first?.message);
    expect(heard[4]?.message).not.toBe(first?.message);
    expect(request?.facts).toMatchObject({ requestId: runestone.requestId, requestedModel: 'fast' });
    expect(heard.at(-1)?.facts).toMatchObject({
      requestedModel: 'fast',
      outcome: 'ok',
      provider: 'b',
      attempts: 2,
    });
    expect(heard[3]?.facts).toMatchObject({ target: 'a/m', outcome: 'error', code: 'overloaded' });
  });

  it('tell a request that fails, and hold no prompt', async () => {
    const heard = listen();
    const pool = new ProviderPool({
      providers: [scriptedProvider('a', [fails('invalid_request')])],
      defaultModel: 'a/m',
    });
    await failureOf(pool.request(ask('the secret prompt')));
    expect(heard.map(({ name }) => name)).toContain('request:error');
    expect(JSON.stringify(heard)).not.toContain('secret');
  });

  it('see to its end what began while somebody subscribed, and forget it', async () => {
    const heard = listen(['tracing:runestone:request:start']);
    const pool = poolOf();
    const stream = await pool.streamRequest({ ...ask(), model: 'fast' });
    for (const end of ends.splice(0)) end();
    await stream.completion();
    const later = listen(['tracing:runestone:request:asyncEnd']);
    await pool.request({ ...ask(), model: 'fast' });
    // One that began with nobody there is told of as it ends, by its end alone.
    expect([heard.length, later.length]).toEqual([1, 1]);
    expect(later[0]?.facts['requestId']).not.toBe(heard[0]?.facts['requestId']);
  });

  it('are named as Node names them', () => {
    expect(channel('tracing:runestone:request:start').hasSubscribers).toBe(false);
  });
});
