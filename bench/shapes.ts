import type { ContenderName, Task } from './contenders/contender.ts';

/** What is measured: the ways in which the upstream answers, and work before anything is sent. */
export type ShapeName = StreamedName | `door_${StreamedName}` | 'json' | 'translate';

type StreamedName = 'one_per_read' | 'five_per_read' | 'all_at_once';

/** What one shape demands, and what is promised about the work it causes. */
export interface Shape {
  readonly title: string;
  readonly task: Task;
  /** Who takes part. The others are held against the first. */
  readonly contenders: readonly [ContenderName, ...ContenderName[]];
  /** Events that travel in one write; none for the JSON answer. */
  readonly eventsPerWrite?: number;
  /** Pause after each write, so that the next one is a network read of its own, in microseconds. */
  readonly gapMicros: number;
  /** Requests a client makes in one round. */
  readonly requests: number;
  /**
   * Requests under way at once. Several where the upstream pauses, or a client would mostly be woken from sleep,
   * and what the machine takes for that would hide what the client does.
   */
  readonly concurrency: number;
  /** CPU as a share of the first contender's: at most this, for those of whom something is promised. */
  readonly limits: Readonly<Partial<Record<ContenderName, number>>>;
}

/** Content deltas in one answer. */
export const DELTAS = 200;

/** Who reads answers. */
const readers = { contenders: ['floor', 'anthropic-sdk', 'runestone'] } as const;

/**
 * OpenAI's client in front of OpenAI's format and in front of the pool, and the pool without it. Of one event a read
 * the machine's part is large, so it is shown.
 */
const visitors = {
  contenders: ['openai-sdk', 'openai-sdk-on-pool', 'runestone', 'socket'],
  limits: { 'openai-sdk-on-pool': 1.25, runestone: 0.5 },
} as const;

const streams = {
  one_per_read: {
    title: 'stream, one event per read',
    task: 'stream',
    ...readers,
    eventsPerWrite: 1,
    gapMicros: 400,
    requests: 32,
    concurrency: 8,
    limits: { runestone: 0.9 },
  },
  five_per_read: {
    title: 'stream, five per read',
    task: 'stream',
    ...readers,
    eventsPerWrite: 5,
    gapMicros: 500,
    requests: 80,
    concurrency: 8,
    limits: { runestone: 0.9 },
  },
  all_at_once: {
    title: 'stream, all at once',
    task: 'stream',
    ...readers,
    eventsPerWrite: Number.POSITIVE_INFINITY,
    gapMicros: 0,
    requests: 250,
    concurrency: 1,
    limits: { runestone: 0.9 },
  },
} as const;

/** All shapes, in the order of the report. */
export const shapes: Readonly<Record<ShapeName, Shape>> = {
  ...streams,
  json: {
    title: 'JSON answer',
    task: 'json',
    ...readers,
    gapMicros: 0,
    requests: 700,
    concurrency: 1,
    limits: { runestone: 0.8 },
  },
  translate: {
    title: 'request of 1 MB and 200 messages, to the body that is sent',
    task: 'translate',
    contenders: ['floor', 'to-anthropic', 'to-openai'],
    gapMicros: 0,
    requests: 40,
    concurrency: 1,
    limits: { 'to-anthropic': 1.5, 'to-openai': 1.5 },
  },
  // The pauses are longer: OpenAI's client needs more of them.
  door_one_per_read: {
    ...streams.one_per_read,
    ...visitors,
    title: 'door, one event per read',
    gapMicros: 600,
  },
  door_five_per_read: {
    ...streams.five_per_read,
    ...visitors,
    title: 'door, five per read',
    gapMicros: 1_600,
  },
  door_all_at_once: { ...streams.all_at_once, ...visitors, title: 'door, all at once', requests: 120 },
};

/** What every contender asks: the JSON answer is only given where `max_tokens` is small. */
export const question: {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: { readonly role: 'user'; readonly content: string }[];
} = {
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Tell me about the sea.' }],
};

const words = ['the', ' sea', ' is', ' older', ' than', ' every', ' word', ' for', ' it,'];

/** The text of one delta. */
export const deltaText = (index: number): string => words[index % words.length] ?? '';

/** The whole answer: what each contender must have read in the end. */
export const answerText: string = Array.from({ length: DELTAS }, (_, index) => deltaText(index)).join('');
