import { ProviderPool } from 'runestone';
import { openTelemetry } from 'runestone/otel';
import { replies, scriptedProvider } from 'runestone/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { ask } from '../contexts.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Names of the metrics that are made. */
function namesMade(options: object = {}): string[] {
  const names: string[] = [];
  const make = (name: string) => {
    names.push(name);
    return { add: () => {}, record: () => {} };
  };
  const meterProvider = { getMeter: () => ({ createCounter: make, createHistogram: make }) };
  const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('x')])] });
  openTelemetry(pool, { meterProvider, ...options } as never);
  return names;
}

it('without an SDK it changes nothing', async () => {
  const pool = new ProviderPool({ providers: [scriptedProvider('a', [replies('x')])], defaultModel: 'a/m' });
  openTelemetry(pool);
  expect((await pool.request(ask())).choices[0]?.message.content).toBe('x');
});

it('the names are those of 1.41, unless the environment opts in to the latest', () => {
  expect(namesMade()).toContain('gen_ai.client.token.usage');
  vi.stubEnv('OTEL_SEMCONV_STABILITY_OPT_IN', 'http, gen_ai_latest_experimental');
  expect(namesMade()).not.toContain('gen_ai.client.token.usage');
  expect(namesMade({ semconv: '1.41' })).toContain('gen_ai.client.token.usage');
});

it('metrics can be left out', () => {
  expect(namesMade({ metrics: false })).toEqual([]);
});
