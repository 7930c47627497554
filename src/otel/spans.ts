import {
  type Attributes,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { EventOf, ProviderPool } from '../index.ts';
import { attribute, providerName, tokenCounts } from './attributes.ts';

/** A request under way, and those of its attempts that are. */
interface Open {
  readonly span: Span;
  readonly attempts: Map<number, Span>;
}

type Stop = EventOf<'request.stop'> | EventOf<'provider.request.stop'>;

/**
 * A span for each request, over all its retries, and in it one for each attempt. The request is the inference of the
 * conventions; an attempt is ours, so that nobody counts a call twice.
 *
 * @returns ends it
 */
export function openSpans(pool: Pick<ProviderPool, 'on'>, tracer: Tracer): () => void {
  const spans = new OpenSpans(tracer);
  const unsubscribe = [
    pool.on('request.start', (event) => spans.began(event)),
    pool.on('provider.request.start', (event) => spans.attempted(event)),
    pool.on('failover', ({ requestId, from, to, code }) =>
      spans.note(requestId, 'runestone.failover', { from, to, [attribute.errorType]: code }),
    ),
    pool.on('retry.scheduled', ({ requestId, target, delayMs, code }) =>
      spans.note(requestId, 'runestone.retry', { target, delayMs, [attribute.errorType]: code }),
    ),
    pool.on('provider.request.stop', (event) => spans.attemptEnded(event)),
    pool.on('request.stop', (event) => spans.ended(event)),
  ];
  return () => {
    for (const end of unsubscribe) end();
  };
}

/** The spans of requests under way. */
class OpenSpans {
  readonly #tracer: Tracer;
  readonly #open = new Map<string, Open>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** In the caller's own context: its span is the parent. */
  began(event: EventOf<'request.start'>): void {
    const span = this.#tracer.startSpan(nameOf(event.operation, event.requestedModel), {
      kind: SpanKind.CLIENT,
      attributes: compact({
        [attribute.operation]: event.operation,
        [attribute.requestModel]: event.requestedModel,
        [attribute.stream]: event.stream,
        [attribute.requestId]: event.requestId,
        [attribute.tenant]: event.tenant,
      }),
    });
    this.#open.set(event.requestId, { span, attempts: new Map() });
  }

  attempted({ requestId, attempt, target, provider, model }: EventOf<'provider.request.start'>): void {
    const request = this.#open.get(requestId);
    if (!request) return;
    const attributes = {
      [attribute.provider]: providerName(provider),
      [attribute.requestModel]: model,
      [attribute.target]: target,
      [attribute.attempt]: attempt,
    };
    const parent = trace.setSpan(context.active(), request.span);
    request.attempts.set(attempt, this.#tracer.startSpan(`attempt ${target}`, { attributes }, parent));
  }

  note(requestId: string, name: string, attributes: Attributes): void {
    this.#open.get(requestId)?.span.addEvent(name, attributes);
  }

  attemptEnded(event: EventOf<'provider.request.stop'>): void {
    const attempts = this.#open.get(event.requestId)?.attempts;
    const span = attempts?.get(event.attempt);
    attempts?.delete(event.attempt);
    close(span, event, {
      [attribute.status]: event.status,
      [attribute.upstreamRequestId]: event.upstreamRequestId,
    });
  }

  ended(event: EventOf<'request.stop'>): void {
    const request = this.#open.get(event.requestId);
    this.#open.delete(event.requestId);
    close(request?.span, event, {
      [attribute.provider]: event.provider && providerName(event.provider),
      [attribute.responseModel]: event.model,
      [attribute.attempts]: event.attempts,
    });
  }
}

/** The conventions' name of a span: what is done, and by which model. */
function nameOf(operation: string, model: string | undefined): string {
  return model === undefined ? operation : `${operation} ${model}`;
}

/** How it ended and what it took. A stream that was cut has the finish reason `error`, as the conventions say. */
function endOf(event: Stop): Record<string, Attributes[string]> {
  const { input, output, cacheRead, cacheWrite, reasoning } = tokenCounts(event.usage);
  const { finishReason = event.outcome === 'error' ? 'error' : undefined } = event;
  return {
    [attribute.outcome]: event.outcome,
    [attribute.finishReasons]: finishReason === undefined ? undefined : [finishReason],
    [attribute.timeToFirstChunk]: event.ttftMs === undefined ? undefined : event.ttftMs / 1_000,
    [attribute.inputTokens]: input,
    [attribute.outputTokens]: output,
    [attribute.cacheRead]: cacheRead,
    // Under the old name and the new one: an attribute twice costs little, a dashboard without it a lot.
    [attribute.cacheCreation]: cacheWrite,
    [attribute.cacheWrite]: cacheWrite,
    [attribute.reasoning]: reasoning,
    [attribute.costUsd]: event.costUsd,
    [attribute.costPrecision]: event.precision,
    [attribute.errorType]: event.code,
  };
}

/** A caller who leaves is no error. */
function close(span: Span | undefined, event: Stop, more: Record<string, Attributes[string]>): void {
  if (!span) return;
  span.setAttributes(compact({ ...endOf(event), ...more }));
  const { outcome, code } = event;
  if (outcome === 'error') span.setStatus({ code: SpanStatusCode.ERROR, ...(code && { message: code }) });
  span.end();
}

/** Without what is unknown. */
function compact(attributes: Record<string, Attributes[string]>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
