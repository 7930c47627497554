import type { Attributes, Meter } from '@opentelemetry/api';
import type { EventOf, ProviderPool } from '../index.ts';
import { attribute, providerName, type Semconv, tokenCounts } from './attributes.ts';

type RequestStop = EventOf<'request.stop'>;

/** Records what one request came to, by one edition of the conventions. */
type Record1 = (event: RequestStop, attributes: Attributes) => void;

/** Boundaries of durations in the conventions, in seconds: each twice the one before. */
const SECONDS: number[] = Array.from({ length: 14 }, (_, power) => 0.01 * 2 ** power);

/** Boundaries of token counts in the conventions: each four times the one before. */
const TOKENS: number[] = Array.from({ length: 14 }, (_, power) => 4 ** power);

/**
 * Duration, time to the first chunk and tokens of each request by the names of the conventions, and what it cost by
 * ours: `runestone.cost.usd`, and `runestone.attempts` for each try.
 *
 * @returns ends it
 */
export function openMetrics(pool: Pick<ProviderPool, 'on'>, meter: Meter, semconv: Semconv): () => void {
  const recorders = [
    ...(semconv === 'latest' ? [] : [conventions141(meter)]),
    ...(semconv === '1.41' ? [] : [conventionsLatest(meter)]),
  ];
  const cost = meter.createCounter('runestone.cost.usd', {
    unit: 'USD',
    description: 'Cost where it is known',
  });
  const attempts = meter.createCounter('runestone.attempts', {
    unit: '{attempt}',
    description: 'Upstream tries',
  });
  const unsubscribe = [
    pool.on('request.stop', (event) => {
      const attributes = attributesOf(event);
      for (const record of recorders) record(event, attributes);
    }),
    pool.on('provider.request.stop', ({ provider, model, target, outcome, code, costUsd }) => {
      const attributes: Attributes = {
        [attribute.provider]: providerName(provider),
        [attribute.responseModel]: model,
        [attribute.target]: target,
      };
      if (costUsd) cost.add(costUsd, attributes);
      attempts.add(1, {
        ...attributes,
        [attribute.outcome]: outcome,
        ...(code && { [attribute.errorType]: code }),
      });
    }),
  ];
  return () => {
    for (const end of unsubscribe) end();
  };
}

/** Few and of few values, as metrics want them: no ids, no tenants. */
function attributesOf({ provider, model, operation, code }: RequestStop): Attributes {
  return {
    [attribute.operation]: operation,
    ...(provider && { [attribute.provider]: providerName(provider) }),
    ...(model && { [attribute.responseModel]: model }),
    ...(code && { [attribute.errorType]: code }),
  };
}

/** As of 1.41: a histogram of tokens by type. */
function conventions141(meter: Meter): Record1 {
  const duration = seconds(meter, 'gen_ai.client.operation.duration');
  const firstChunk = seconds(meter, 'gen_ai.client.operation.time_to_first_chunk');
  const tokens = meter.createHistogram('gen_ai.client.token.usage', {
    unit: '{token}',
    advice: { explicitBucketBoundaries: TOKENS },
  });
  return (event, attributes) => {
    const { input, output } = tokenCounts(event.usage);
    duration.record(event.durationMs / 1_000, attributes);
    if (event.ttftMs !== undefined) firstChunk.record(event.ttftMs / 1_000, attributes);
    if (input !== undefined) tokens.record(input, { ...attributes, [attribute.tokenType]: 'input' });
    if (output !== undefined) tokens.record(output, { ...attributes, [attribute.tokenType]: 'output' });
  };
}

/** As in the conventions' own repository: counters of tokens, one for each kind. */
function conventionsLatest(meter: Meter): Record1 {
  const duration = seconds(meter, 'gen_ai.client.inference.duration');
  const firstChunk = seconds(meter, 'gen_ai.client.inference.time_to_first_chunk');
  const counter = (kind: string) =>
    meter.createCounter(`gen_ai.client.inference.usage.${kind}`, { unit: '{token}' });
  const counters = {
    input: counter('input_tokens'),
    output: counter('output_tokens'),
    cacheRead: counter('cache_read.input_tokens'),
    cacheWrite: counter('cache_write.input_tokens'),
    reasoning: counter('reasoning.output_tokens'),
  };
  return (event, attributes) => {
    const counts = tokenCounts(event.usage);
    duration.record(event.durationMs / 1_000, attributes);
    if (event.ttftMs !== undefined) firstChunk.record(event.ttftMs / 1_000, attributes);
    counters.input.add(counts.input ?? 0, attributes);
    counters.output.add(counts.output ?? 0, attributes);
    counters.cacheRead.add(counts.cacheRead ?? 0, attributes);
    counters.cacheWrite.add(counts.cacheWrite ?? 0, attributes);
    counters.reasoning.add(counts.reasoning ?? 0, attributes);
  };
}

function seconds(meter: Meter, name: string): ReturnType<Meter['createHistogram']> {
  return meter.createHistogram(name, { unit: 's', advice: { explicitBucketBoundaries: SECONDS } });
}
