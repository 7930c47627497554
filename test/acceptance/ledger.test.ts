import { type LedgerRow, type LedgerSink, ProviderPool } from 'runestone';
import { openai } from 'runestone/providers/openai-compatible';
import { fails, hangs, replies, reply, scriptedProvider, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { KEY, question, stand } from './lab.ts';

const messages = [{ role: 'user' as const, content: 'Hello' }];
const rates = { inputUsdPerMTok: 1, outputUsdPerMTok: 10 };

/** A sink that keeps what it gets. */
function keeping(): LedgerSink & { readonly rows: LedgerRow[]; closed: number } {
  const sink = {
    rows: [] as LedgerRow[],
    closed: 0,
    write: (rows: readonly LedgerRow[]) => void sink.rows.push(...rows),
    close: () => void sink.closed++,
  };
  return sink;
}

describe('the ledger of a pool', () => {
  it('has a row for every attempt that left the process: the failed, and the one that answered', async () => {
    const sink = keeping();
    const flaky = scriptedProvider('flaky', [fails('overloaded', { status: 529 })]);
    const good = scriptedProvider('good', [replies('four letters')]);
    const pool = new ProviderPool({
      providers: [flaky, good],
      models: { any: ['flaky/m', 'good/m'] },
      retry: { baseDelayMs: 1, attemptsPerTarget: 1 },
      cost: { prices: { m: rates } },
      ledger: { sink, labels: ['team'] },
    });
    const call = { tenant: 'acme', metadata: { team: 'search', secret: 'x' }, requestId: 'r-1' };
    const answer = await pool.request({ model: 'any', messages }, call);
    await pool.close();
    expect(sink.rows).toMatchObject([
      { sequence: 1, attempt: 1, provider: 'flaky', costNanoUsd: 0, outcome: 'error', code: 'overloaded' },
      { sequence: 2, attempt: 2, provider: 'good', outcome: 'ok', precision: 'reported' },
    ]);
    for (const row of sink.rows) {
      expect(row).toMatchObject({ requestId: 'r-1', tenant: 'acme', labels: { team: 'search' } });
    }
    const spent = sink.rows.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
    expect(spent).toBe(Math.round((answer.runestone.costUsd ?? 0) * 1e9));
    expect(sink.closed).toBe(1);
  });

  it('tells of each row as it is made, in the same words', async () => {
    const sink = keeping();
    await using it = await stand({ pool: { ledger: { sink } } });
    await it.pool.request(question());
    await it.pool.close();
    const [row] = sink.rows;
    const [event] = it.of('cost.recorded');
    for (const name of [
      'run',
      'sequence',
      'at',
      'requestId',
      'usage',
      'costNanoUsd',
      'key',
      'servedModel',
    ] as const) {
      expect(event?.[name]).toEqual(row?.[name]);
    }
    expect(row).toMatchObject({ key: 'anthropic[0]', precision: 'reported' });
  });

  it('holds no key, also not that of one call', async () => {
    const sink = keeping();
    await using it = await stand({ pool: { ledger: { sink } } });
    const apiKey = 'sk-ant-another-canary-key';
    await it.pool.request(question());
    await it.pool.request(question(), { provider: 'anthropic', apiKey });
    await it.pool.close();
    expect(sink.rows.map(({ key }) => key)).toEqual([
      'anthropic[0]',
      expect.stringMatching(/^own:[0-9a-f]{12}$/),
    ]);
    for (const secret of [KEY, apiKey]) expect(JSON.stringify(sink.rows)).not.toContain(secret);
  });

  it('has an estimate for a stream that its consumer left, on the wire that tells nothing of input too', async () => {
    const sink = keeping();
    await using upstream = await startUpstream({
      respond: () => reply.text('one two three four five', { delayMs: 5 }),
    });
    const pool = new ProviderPool({
      providers: [openai({ apiKey: KEY, baseURL: `${upstream.url}/v1` })],
      cost: { prices: { 'gpt-5.5': rates } },
      ledger: { sink },
    });
    const stream = await pool.streamRequest({ model: 'openai/gpt-5.5', messages });
    for await (const text of stream.text()) if (text !== '') break;
    await pool.close();
    expect(sink.rows).toMatchObject([{ outcome: 'cancelled', code: 'cancelled', precision: 'estimated' }]);
    expect(sink.rows[0]?.costNanoUsd).toBeGreaterThan(0);
  });

  it('is whole when the pool is closed over requests under way', async () => {
    const sink = keeping();
    const hanging = scriptedProvider('hanging', [hangs('Hello')]);
    const pool = new ProviderPool({ providers: [hanging], ledger: { sink } });
    const failed = failureOf(pool.request({ messages }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await pool.close({ drainMs: 10 });
    await failed;
    expect(sink.rows).toMatchObject([{ outcome: 'error', code: 'pool_closed' }]);
    expect(pool.stats().ledger).toEqual({ rows: 1, flushed: 1, pending: 0, lost: 0 });
  });

  it('says loudly that its sink fails, and answers all the same', async () => {
    let down = true;
    const kept = keeping();
    const write: LedgerSink['write'] = (rows) => {
      if (down) throw new Error('disk full');
      return kept.write(rows);
    };
    const ledger = { sink: { ...kept, write }, flushMs: 10 };
    await using it = await stand({ pool: { ledger } });
    await it.pool.request(question());
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(it.of('ledger.failed')[0]).toMatchObject({
      reason: 'write_failed',
      message: 'disk full',
      pending: 1,
    });
    expect(it.pool.stats().ledger).toMatchObject({ rows: 1, flushed: 0, pending: 1 });
    down = false;
    await it.pool.close();
    expect(kept.rows).toHaveLength(1);
  });
});

describe('a pool that takes other options', () => {
  it('goes on with its ledger, and with another sink when that is asked for', async () => {
    const [first, second] = [keeping(), keeping()];
    await using it = await stand({ pool: { ledger: { sink: first } } });
    await it.pool.request(question());
    it.pool.update((now) => ({ ...now, strict: true }));
    await it.pool.request(question());
    expect(it.pool.update((now) => ({ ...now, ledger: { sink: second } }))).toEqual(['ledger']);
    await it.pool.request(question());
    await it.pool.close();
    expect(first.rows.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(second.rows.map(({ sequence }) => sequence)).toEqual([3]);
    expect([first.closed, second.closed]).toEqual([1, 1]);
    expect(it.pool.stats().spend.total.attempts).toBe(3);
  });
});

describe('pool.stats().spend', () => {
  it('adds up by provider, model and tenant, and counts what is unpriced apart', async () => {
    const pool = new ProviderPool({
      providers: [
        scriptedProvider('acme', [replies('four letters', { usage: { inputTokens: 10, outputTokens: 3 } })]),
      ],
      cost: { prices: { m: rates } },
    });
    await pool.request({ model: 'acme/m', messages }, { tenant: 'a' });
    await pool.request({ model: 'acme/m', messages }, { tenant: 'b' });
    await pool.request({ model: 'acme/unpriced', messages }, { tenant: 'b' });
    const { spend } = pool.stats();
    for (const { total } of [spend, spend.minute, spend.hour, spend.day]) {
      expect(total).toMatchObject({ attempts: 3, nanoUsd: 80_000, unpriced: 1, precision: 'unknown' });
    }
    expect(spend.hour.models).toMatchObject({
      'acme/m': { nanoUsd: 80_000, precision: 'reported', tokens: { inputTokens: 20, outputTokens: 6 } },
      'acme/unpriced': { nanoUsd: 0, unpriced: 1, precision: 'unknown' },
    });
    expect(spend.day.tenants).toMatchObject({ a: { nanoUsd: 40_000 }, b: { nanoUsd: 40_000, unpriced: 1 } });
    // Survives a dashboard.
    expect(JSON.parse(JSON.stringify(spend))).toEqual(spend);
    await pool.close();
  });
});

describe('pool.spend', () => {
  it('answers from memory without a sink, and refuses what memory does not know', async () => {
    const pool = new ProviderPool({
      providers: [scriptedProvider('acme', [replies('x', { usage: { inputTokens: 10, outputTokens: 3 } })])],
      cost: { prices: { m: rates } },
    });
    await pool.request({ model: 'acme/m', messages }, { tenant: 'a' });
    const since = new Date(Date.now() - 60_000);
    expect(await pool.spend({ since, groupBy: ['tenant', 'model'] })).toMatchObject({
      ...{ source: 'memory', complete: true },
      groups: [{ by: { tenant: 'a', model: 'm' }, nanoUsd: 40_000, attempts: 1 }],
    });
    await expect(pool.spend({ since, groupBy: ['key'] })).rejects.toMatchObject({ code: 'config_invalid' });
    await pool.close();
  });
});

describe('the options of a ledger', () => {
  it('are checked like all others', () => {
    const providers = [scriptedProvider('acme', [replies('x')])];
    const make = (ledger: object) => () => new ProviderPool({ providers, ledger });
    expect(make({ sink: {} })).toThrow('ledger.sink.write: must be a function');
    expect(make({ flushMs: 0 })).toThrow('ledger.flushMs');
    expect(make({ sinks: [] })).toThrow('ledger.sinks: no such option');
  });
});

describe('over a real connection', () => {
  it('an answer that breaks costs its input as reported and what came of its output', async () => {
    const sink = keeping();
    await using it = await stand({ pool: { ledger: { sink }, retry: false } });
    it.upstream.script(reply.cut({ after: 2, answer: reply.text('one two three', { chunks: 3 }) }));
    const stream = await it.pool.streamRequest(question());
    await failureOf(stream.completion());
    await it.pool.close();
    expect(sink.rows).toMatchObject([{ code: 'stream_truncated', precision: 'estimated', outcome: 'error' }]);
    expect(sink.rows[0]?.usage?.inputTokens).toBeGreaterThan(0);
  });
});
