import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { ProviderPool } from 'runestone';
import { openTelemetry, type Semconv } from 'runestone/otel';
import { fails, replies, scriptedProvider } from 'runestone/testing';
import { expect, it } from 'vitest';
import { ask } from '../contexts.ts';

/** Every data point after one failover, by the name of its metric. */
async function metricsBy(semconv: Semconv) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const pool = new ProviderPool({
    providers: [scriptedProvider('a', [fails('overloaded')]), scriptedProvider('b', [replies('Hello')])],
    models: { fast: ['a/m', 'b/m'] },
    cost: { prices: { 'b/m': { inputUsdPerMTok: 1_000, outputUsdPerMTok: 1_000 } } },
    retry: { attemptsPerTarget: 1 },
  });
  openTelemetry(pool, { meterProvider, traces: false, semconv });
  const { usage, runestone } = await pool.request({ ...ask(), model: 'fast' });
  await meterProvider.forceFlush();
  const all = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  const points = (name: string) => all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  await meterProvider.shutdown();
  return { names: all.map(({ descriptor }) => descriptor.name), points, usage, runestone };
}

it("'1.41': duration, first chunk and a histogram of tokens by type", async () => {
  const { names, points, usage } = await metricsBy('1.41');
  expect(names).not.toContain('gen_ai.client.inference.duration');
  const [duration] = points('gen_ai.client.operation.duration');
  expect(duration).toMatchObject({
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'b',
      'gen_ai.response.model': 'm',
    },
    value: { count: 1 },
  });
  const sums = points('gen_ai.client.token.usage').map(({ attributes, value }) => [
    attributes['gen_ai.token.type'],
    Object(value).sum,
  ]);
  expect(sums).toEqual([
    ['input', usage?.prompt_tokens],
    ['output', usage?.completion_tokens],
  ]);
});

it("'latest': counters of tokens, and none of the old names", async () => {
  const { names, points, usage } = await metricsBy('latest');
  expect(names).not.toContain('gen_ai.client.token.usage');
  expect(names).toContain('gen_ai.client.inference.duration');
  expect(points('gen_ai.client.inference.usage.output_tokens')).toMatchObject([
    { value: usage?.completion_tokens },
  ]);
});

it("'both' has both; cost and attempts are there whatever the names", async () => {
  const { names, points, runestone } = await metricsBy('both');
  const paid = runestone.trace.attempts.at(-1)?.costUsd ?? Number.NaN;
  expect(names).toEqual(
    expect.arrayContaining(['gen_ai.client.operation.duration', 'gen_ai.client.inference.duration']),
  );
  expect(points('runestone.cost.usd')).toMatchObject([{ value: expect.closeTo(paid, 9) }]);
  const attempts = points('runestone.attempts').map(({ attributes }) => attributes['runestone.outcome']);
  expect(attempts.sort()).toEqual(['error', 'ok']);
});
