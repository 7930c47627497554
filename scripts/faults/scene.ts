import {
  type AnyTelemetryEvent,
  type CallOptions,
  type ChatRequest,
  type ChatStream,
  type PoolOptions,
  ProviderPool,
} from 'runestone';
import { type Lab, type LabOptions, labWords, startLab, type WireName } from 'runestone/testing';
import { ask, questionOf } from './ask.ts';
import type { Got } from './facts.ts';
import type { CourseOptions, Form } from './row.ts';
import { host, models, nextNonce } from './stand.ts';
import { standingCheck } from './standing-check.ts';

/** Where a course takes place. */
export interface SceneSetup extends Pick<CourseOptions, 'timers'> {
  readonly wire: WireName;
  /** Selectors of the lab, or whole origins, by the names of the hosts; the alias `route` goes to them in this order. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly pool?: Partial<PoolOptions>;
  readonly respond?: LabOptions['respond'];
  /** Pieces of a whole answer. @default 4 */
  readonly pieces?: number;
  /** Listeners go wrong on purpose. @default false */
  readonly badListeners?: boolean;
}

/** What became of one request of a scene. */
export interface Asked extends Got {
  readonly nonce: string;
  /** `ok` for the whole answer, and no word more; a code; or what came instead. */
  readonly outcome: string;
  readonly tookMs: number;
}

/** One pool, its hosts, and everything that it tells. */
export interface Scene {
  readonly lab: Lab;
  readonly pool: ProviderPool;
  readonly told: readonly AnyTelemetryEvent[];
  of<Name extends AnyTelemetryEvent['name']>(name: Name): Extract<AnyTelemetryEvent, { name: Name }>[];
  /** Asks for an answer, and reads it to its end. */
  ask(call?: CallOptions, form?: Form): Promise<Asked>;
  /** Asks for a stream, and leaves the rest to the course. */
  open(call?: CallOptions, request?: ChatRequest): Promise<ChatStream>;
  /** Its signal must have no listeners in the end. */
  controller(): AbortController;
}

/**
 * Plays a course, and looks afterwards whether anything is left over (S0).
 *
 * @returns what is wrong
 */
export async function inScene(
  setup: SceneSetup,
  act: (scene: Scene) => Promise<readonly string[]>,
): Promise<string[]> {
  const { wire, hosts, timers, respond, pieces = 4, badListeners = false } = setup;
  await using lab = await startLab(respond ? { respond } : {});
  const names = Object.keys(hosts);
  const urlOf = (place = ''): string => (place.startsWith('http') ? place : lab.baseURL(place, wire));
  const pool = new ProviderPool({
    providers: names.map((name) => host(name, wire, urlOf(hosts[name]))),
    models: { route: names.map((name) => `${name}/${models[wire]}`) },
    ...setup.pool,
  });
  const told: AnyTelemetryEvent[] = [];
  pool.on('*', (event) => void told.push(event));
  const signals: AbortSignal[] = [];
  const of: Scene['of'] = (name) =>
    told.filter((event): event is Extract<AnyTelemetryEvent, { name: typeof name }> => event.name === name);
  const scene: Scene = {
    lab,
    pool,
    told,
    of,
    open: (call, request = questionOf(nextNonce(), 'stream')) => pool.streamRequest(request, call),
    controller() {
      const controller = new AbortController();
      signals.push(controller.signal);
      return controller;
    },
    async ask(call, form = 'stream') {
      const nonce = nextNonce();
      const began = performance.now();
      const got = await ask(pool, questionOf(nonce, form), form, call);
      const isWhole = got.text === labWords(nonce, pieces).join('') && got.finish !== undefined;
      const outcome = got.error?.code ?? (isWhole ? 'ok' : `text ${got.text.slice(0, 80)}`);
      return { ...got, nonce, outcome, tookMs: performance.now() - began };
    },
  };
  const wrong = await act(scene);
  const requests = of('request.start').length;
  return [...wrong, ...(await standingCheck({ pool, lab, signals, told, requests, badListeners, timers }))];
}

/** What is wrong when something does not hold: nothing, or these words. */
export function unless(holds: boolean, otherwise: string): readonly string[] {
  return holds ? [] : [otherwise];
}

/** How often each outcome came, as one text: `circuit_open 3, ok 7`. */
export function tallyOf(asked: readonly { readonly outcome: string }[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of asked) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ');
}

/** Waits so long, in milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds, but not longer than so many milliseconds. */
export async function until(holds: () => boolean, withinMs = 2_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds() && performance.now() < deadline) await sleep(2);
}

/** What something throws; `undefined` when it throws nothing. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The whole time that a busy machine may be late, in milliseconds. */
export const LATE_MS = 60;
