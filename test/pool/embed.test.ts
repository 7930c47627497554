import { describe, expect, it } from 'vitest';
import type { EmbeddingRequest } from '../../src/chat/embedding.ts';
import { ProviderError } from '../../src/errors/index.ts';
import { askForEmbedding } from '../../src/pool/embed.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import type { EmbedCall, Embedded, Provider } from '../../src/provider-kit/provider.ts';
import type { AnyTelemetryEvent } from '../../src/telemetry/events.ts';
import { failureOf, silent } from '../contexts.ts';

const vector = (index: number) => ({ object: 'embedding' as const, index, embedding: [index] });

/** A provider that makes vectors as scripted; what it was asked is in `calls`. */
function maker(name: string, ...steps: (Embedded | ProviderError)[]) {
  const calls: EmbedCall[] = [];
  const provider: Provider = {
    ...silent,
    name,
    async embed(call) {
      const step = steps[calls.push(call) - 1] ?? { data: [] };
      if (step instanceof Error) throw step;
      return step;
    },
  };
  return { provider, calls };
}

const usage = { inputTokens: 5, outputTokens: 0 };
const retry = { baseDelayMs: 1, maxDelayMs: 1 };
const busy = new ProviderError({ provider: 'one', code: 'server_error', message: 'busy', status: 500 });

describe('pool.embed', () => {
  it('brings vectors in the order of the input, and what the pool knows', async () => {
    const { provider } = maker('one', { model: 'e-1-large', data: [vector(1), vector(0)], usage });
    await using pool = new ProviderPool({ providers: [provider] });
    const answer = await pool.embed({ model: 'one/e-1', input: ['a', 'b'] });
    expect(answer).toMatchObject({
      object: 'list',
      model: 'e-1-large',
      data: [vector(0), vector(1)],
      usage: { prompt_tokens: 5, total_tokens: 5 },
      runestone: { provider: 'one', model: 'e-1', attempts: 1 },
    });
  });

  it('tries again, and goes elsewhere, like a chat; every attempt has its record', async () => {
    const one = maker('one', busy, busy);
    const two = maker('two', { data: [vector(0)], usage });
    const models = { vectors: ['one/e', 'two/e'] };
    await using pool = new ProviderPool({ providers: [one.provider, two.provider], models, retry });
    const told: AnyTelemetryEvent[] = [];
    pool.on('*', (event) => told.push(event));
    const answer = await pool.embed({ model: 'vectors', input: 'a' });
    expect([one.calls.length, two.calls.length]).toEqual([2, 1]);
    expect(answer.runestone.trace.attempts.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
      'one error',
      'one error',
      'two ok',
    ]);
    const count = (name: string) => told.filter((event) => event.name === name).length;
    expect(count('cost.recorded')).toBe(3);
    expect([count('request.start'), count('request.stop')]).toEqual([1, 1]);
  });

  it('costs what was read, for sure', async () => {
    const { provider } = maker('one', { data: [vector(0)], usage });
    const prices = { 'one/e': { inputUsdPerMTok: 20, outputUsdPerMTok: 0 } };
    await using pool = new ProviderPool({ providers: [provider], cost: { prices } });
    const { runestone } = await pool.embed({ model: 'one/e', input: 'a' });
    expect(runestone).toMatchObject({ costUsd: 0.0001, precision: 'reported' });
  });

  it('passes by a target whose provider makes none', async () => {
    const two = maker('two', { data: [vector(0)] });
    const models = { vectors: ['acme/e', 'two/e'] };
    await using pool = new ProviderPool({ providers: [{ ...silent, name: 'acme' }, two.provider], models });
    expect((await pool.embed({ model: 'vectors', input: 'a' })).runestone.provider).toBe('two');
  });

  it('says so where nobody does', async () => {
    await using pool = new ProviderPool({ providers: [{ ...silent, name: 'acme' }] });
    const failure = await failureOf(pool.embed({ model: 'acme/e', input: 'a' }));
    expect(failure).toMatchObject({ code: 'no_route', param: 'model', reason: 'unsupported_operation' });
  });

  it('quotes nothing of the input in an error', async () => {
    const message = 'bad input: my secret diary entry';
    const refused = new ProviderError({ provider: 'one', code: 'invalid_request', message, status: 400 });
    await using pool = new ProviderPool({ providers: [maker('one', refused).provider] });
    const failure = await failureOf(pool.embed({ model: 'one/e', input: 'my secret diary entry' }));
    expect(Object(failure).message).toBe('one: bad input: […]');
  });

  it('ends with the signal', async () => {
    const { provider } = maker('one');
    provider.embed = () => new Promise(() => undefined);
    await using pool = new ProviderPool({ providers: [provider] });
    const leaving = new AbortController();
    const answer = failureOf(pool.embed({ model: 'one/e', input: 'a' }, { signal: leaving.signal }));
    leaving.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
  });

  it('is refused before anything is sent, when it is wrong', async () => {
    const { provider, calls } = maker('one');
    await using pool = new ProviderPool({ providers: [provider] });
    const wrong = { input: 'a' } as unknown as EmbeddingRequest;
    expect(await failureOf(pool.embed(wrong))).toMatchObject({ code: 'invalid_request', param: 'model' });
    expect(calls).toEqual([]);
  });
});

describe('askForEmbedding', () => {
  it('is a chat without messages, for the sake of the model', () => {
    const asked = askForEmbedding({ model: 'm', input: 'a' });
    expect(asked.request).toEqual({ model: 'm', messages: [], stream: false });
    expect(asked.operation).toEqual({ kind: 'embed', embedding: { model: 'm', input: 'a' } });
  });
});
