import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import type { ProviderPool } from '../index.ts';
import type { Semconv } from './attributes.ts';
import { openMetrics } from './instruments.ts';
import { openSpans } from './spans.ts';

/** What is told to OpenTelemetry, and to whom. */
export interface OpenTelemetryOptions {
  /** @default the global one */
  readonly tracerProvider?: TracerProvider;
  /** @default the global one */
  readonly meterProvider?: MeterProvider;
  /** @default true */
  readonly traces?: boolean;
  /** @default true */
  readonly metrics?: boolean;
  /**
   * Names of metrics. Spans have the names of both.
   *
   * @default '1.41'; 'latest' where `OTEL_SEMCONV_STABILITY_OPT_IN` names `gen_ai_latest_experimental`
   */
  readonly semconv?: Semconv;
}

/** The name of instrumentation scopes. */
const SCOPE = 'runestone';

/**
 * Hands what a pool tells on to OpenTelemetry: a span for each request and each attempt in it, and metrics. Never the
 * text of a prompt or an answer: the pool tells nobody.
 *
 * Needs the optional peer `@opentelemetry/api`, 1.4 or later; without an SDK it does nothing. Headers such as
 * `traceparent` are the business of OpenTelemetry's undici instrumentation, which sees the requests of the pool.
 *
 * @returns ends it
 *
 * @example
 * const end = openTelemetry(pool);
 */
export function openTelemetry(
  pool: Pick<ProviderPool, 'on'>,
  options: OpenTelemetryOptions = {},
): () => void {
  const { tracerProvider = trace, meterProvider = metrics, semconv = fromEnvironment() } = options;
  const ends = [
    ...(options.traces === false ? [] : [openSpans(pool, tracerProvider.getTracer(SCOPE))]),
    ...(options.metrics === false ? [] : [openMetrics(pool, meterProvider.getMeter(SCOPE), semconv)]),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** @see https://opentelemetry.io/docs/specs/semconv/gen-ai/#transition-plan */
function fromEnvironment(): Semconv {
  const wanted = process.env['OTEL_SEMCONV_STABILITY_OPT_IN']?.split(',').map((each) => each.trim()) ?? [];
  return wanted.includes('gen_ai_latest_experimental') ? 'latest' : '1.41';
}
