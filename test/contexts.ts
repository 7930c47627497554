import type { Batch, ChatEvent } from '../src/chat/events.ts';
import type { ChatRequest } from '../src/chat/request.ts';
import type { Teller } from '../src/middleware/telemetry.ts';
import { Cancellation } from '../src/pipeline/cancellation.ts';
import type { AttemptContext, RequestContext, Target } from '../src/pipeline/middleware.ts';
import { CHAT } from '../src/pipeline/operation.ts';
import { PromptSize } from '../src/pipeline/prompt-size.ts';
import { Tally } from '../src/pipeline/tally.ts';
import type { Provider } from '../src/provider-kit/provider.ts';
import { Emitter } from '../src/telemetry/emitter.ts';
import type { AnyTelemetryEvent, EventName } from '../src/telemetry/events.ts';
import type { Usage } from '../src/usage/usage.ts';

export const text = (value: string): ChatEvent => ({ type: 'text_delta', text: value });

export const finish: ChatEvent = { type: 'finish', reason: 'stop', raw: 'end_turn' };

export const start: ChatEvent = { type: 'start', id: 'msg_1', model: 'served-model', created: 1_700_000_000 };

export const usage = (counts: Usage): ChatEvent => ({ type: 'usage', usage: counts });

export const ask = (content = 'Hello'): ChatRequest => ({ messages: [{ role: 'user', content }] });

/** A provider that is never called. */
export const silent: Provider = { name: 'acme', stream: () => stream([]) };

export async function* stream(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

export async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** What a promise rejects with; fails when it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

export function targetOf(provider: Provider, facts: Partial<Target> = {}): Target {
  const model = facts.model ?? 'model-1';
  return { provider, key: 0, model, label: `${provider.name}/${model}`, spec: undefined, ...facts };
}

export function requestContext(facts: Partial<Omit<RequestContext, 'signal'>> = {}): RequestContext {
  const { cancellation = new Cancellation() } = facts;
  return {
    requestId: 'req-1',
    request: { ...ask(), stream: true },
    get signal() {
      return cancellation.signal;
    },
    cancellation,
    deadlineMs: Number.POSITIVE_INFINITY,
    tenant: undefined,
    priority: 'normal',
    operation: CHAT,
    size: new PromptSize(facts.request ?? ask()),
    sessionId: undefined,
    plans: [],
    seams: [],
    maxNanoUsd: undefined,
    metadata: {},
    pinned: undefined,
    apiKey: undefined,
    strict: false,
    retiredModels: 'warn',
    singleFlight: false,
    trail: [],
    warnings: [],
    sharedWith: [],
    ...facts,
  };
}

/** A cancellation, and how many listen to it. */
export function watchedCancellation(): {
  readonly cancellation: Cancellation;
  readonly listeners: () => number;
} {
  const cancellation = new Cancellation();
  const listening = new Set<() => void>();
  const onCancel = cancellation.onCancel.bind(cancellation);
  cancellation.onCancel = (listener) => {
    const stop = onCancel(listener);
    listening.add(stop);
    return () => {
      listening.delete(stop);
      stop();
    };
  };
  return { cancellation, listeners: () => listening.size };
}

export function attemptContext(facts: Partial<AttemptContext> = {}): AttemptContext {
  const { request = requestContext() } = facts;
  return {
    request,
    attempt: 1,
    waitedMs: 0,
    cancellation: request.cancellation,
    hedge: false,
    target: targetOf(silent),
    stream: true,
    firstTokenMs: 60_000,
    reasoning: false,
    lastTarget: true,
    repairs: [],
    continues: undefined,
    mayPause: false,
    tally: new Tally(0),
    ...facts,
  };
}

/** A teller whose clock the test moves, and everything it told. */
export interface Recorder {
  readonly teller: Teller;
  readonly told: readonly AnyTelemetryEvent[];
  readonly names: () => EventName[];
  readonly of: <Name extends EventName>(name: Name) => Extract<AnyTelemetryEvent, { name: Name }>[];
  /** Lets others listen too. */
  readonly on: Emitter['on'];
  /** Moves both clocks. */
  readonly pass: (ms: number) => void;
}

export const EPOCH_MS = 1_800_000_000_000;

/** @param nowMs - a clock of the test's own; then `pass` moves nothing */
export function recorder(nowMs?: () => number): Recorder {
  const told: AnyTelemetryEvent[] = [];
  const emitter = new Emitter();
  emitter.on('*', (event) => told.push(event));
  let now = 0;
  const clock = nowMs ?? (() => now);
  return {
    teller: { emit: emitter.emit, nowMs: clock, epochMs: () => EPOCH_MS + clock() },
    told,
    on: (name, listener) => emitter.on(name, listener),
    names: () => told.map(({ name }) => name),
    of: <Name extends EventName>(name: Name) =>
      told.filter((event): event is Extract<AnyTelemetryEvent, { name: Name }> => event.name === name),
    pass: (ms) => {
      now += ms;
    },
  };
}
