import { type Context, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { ProviderPool } from 'runestone';
import { openTelemetry } from 'runestone/otel';
import { breaks, fails, replies, scriptedProvider } from 'runestone/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, failureOf } from '../contexts.ts';
import { AsyncLocalStorageContextManager } from './context-manager.ts';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

afterAll(() => context.disable());

function setUp() {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { spans: () => exporter.getFinishedSpans(), tracerProvider };
}

describe('openTelemetry: spans', () => {
  it('are one for the request over all its tries, and one in it for each attempt', async () => {
    const { spans, tracerProvider } = setUp();
    const pool = new ProviderPool({
      providers: [
        scriptedProvider('gemini', [fails('overloaded')]),
        scriptedProvider('mistral', [replies('Hello')]),
      ],
      models: { fast: ['gemini/m', 'mistral/m'] },
      retry: { attemptsPerTarget: 1 },
    });
    openTelemetry(pool, { tracerProvider, metrics: false });
    const answer = await pool.request({ ...ask('the secret prompt'), model: 'fast' }, { tenant: 'acme' });
    const [first, second, request] = spans();
    expect(spans()).toHaveLength(3);
    expect(request).toMatchObject({ name: 'chat fast', kind: SpanKind.CLIENT });
    expect(request?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mistral_ai',
      'gen_ai.request.model': 'fast',
      'gen_ai.response.model': 'm',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.output_tokens': answer.usage?.completion_tokens,
      'runestone.attempts': 2,
      'runestone.outcome': 'ok',
      'runestone.request.id': answer.runestone.requestId,
      'runestone.tenant': 'acme',
    });
    expect(request?.events.map(({ name }) => name)).toContain('runestone.failover');
    for (const attempt of [first, second]) {
      expect(attempt?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
      expect(attempt?.kind).toBe(SpanKind.INTERNAL);
    }
    expect(first).toMatchObject({ name: 'attempt gemini/m', status: { code: SpanStatusCode.ERROR } });
    expect(first?.attributes).toMatchObject({
      'error.type': 'overloaded',
      'gen_ai.provider.name': 'gcp.gemini',
    });
    expect(second?.status.code).toBe(SpanStatusCode.UNSET);
    expect(JSON.stringify(spans().map(({ attributes, events }) => [attributes, events]))).not.toContain(
      'secret',
    );
  });

  it('are children of the span in which the pool was called', async () => {
    const { spans, tracerProvider } = setUp();
    const pool = new ProviderPool({
      providers: [scriptedProvider('acme', [replies('Hi')])],
      defaultModel: 'acme/m',
    });
    openTelemetry(pool, { tracerProvider, metrics: false });
    const parent = tracerProvider.getTracer('app').startSpan('handler');
    const inside: Context = trace.setSpan(context.active(), parent);
    await context.with(inside, () => pool.request(ask()));
    const request = spans().find(({ name }) => name.startsWith('chat'));
    expect(request?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(request?.spanContext().traceId).toBe(parent.spanContext().traceId);
  });

  it('say of a stream that was cut that it ended in an error, and of a caller who left that it did not', async () => {
    const { spans, tracerProvider } = setUp();
    const provider = scriptedProvider('acme', [breaks('Hel'), replies('Hello there')]);
    const pool = new ProviderPool({ providers: [provider], defaultModel: 'acme/m' });
    openTelemetry(pool, { tracerProvider, metrics: false });
    const cut = await pool.streamRequest(ask());
    await failureOf(cut.completion());
    const left = await pool.streamRequest(ask());
    await left.cancel();
    const [cutSpan, leftSpan] = spans().filter(({ kind }) => kind === SpanKind.CLIENT);
    expect(cutSpan?.attributes).toMatchObject({
      'gen_ai.response.finish_reasons': ['error'],
      'error.type': 'stream_truncated',
    });
    expect(cutSpan?.status.code).toBe(SpanStatusCode.ERROR);
    expect(leftSpan?.attributes).toMatchObject({ 'runestone.outcome': 'cancelled' });
    expect(leftSpan?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('end when they are ended: nothing more is told', async () => {
    const { spans, tracerProvider } = setUp();
    const pool = new ProviderPool({
      providers: [scriptedProvider('acme', [replies('Hi')])],
      defaultModel: 'acme/m',
    });
    openTelemetry(pool, { tracerProvider, metrics: false })();
    await pool.request(ask());
    expect(spans()).toEqual([]);
  });
});
