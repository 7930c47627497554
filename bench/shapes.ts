import type { ContenderName, Task } from './contenders/contender.ts';

/** What is measured: the ways in which the upstream answers, and work before anything is sent. */
export type ShapeName = 'one_per_read' | 'five_per_read' | 'all_at_once' | 'json' | 'translate';

/** What one shape demands, and what is promised about the work it causes. */
export interface Shape {
  readonly title: string;
  readonly task: Task;
  /** Who takes part, the floor first. */
  readonly contenders: readonly ContenderName[];
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
  /** CPU of this house as a share of the floor's: at most this. */
  readonly limit: number;
}

/** Content deltas in one answer. */
export const DELTAS = 200;

/** Who reads answers. */
const readers: readonly ContenderName[] = ['floor', 'anthropic-sdk', 'runestone'];

/** All shapes, in the order of the report. */
export const shapes: Readonly<Record<ShapeName, Shape>> = {
  one_per_read: {
    title: 'stream, one event per read',
    task: 'stream',
    contenders: readers,
    eventsPerWrite: 1,
    gapMicros: 400,
    requests: 32,
    concurrency: 8,
    limit: 0.9,
  },
  five_per_read: {
    title: 'stream, five per read',
    task: 'stream',
    contenders: readers,
    eventsPerWrite: 5,
    gapMicros: 500,
    requests: 80,
    concurrency: 8,
    limit: 0.9,
  },
  all_at_once: {
    title: 'stream, all at once',
    task: 'stream',
    contenders: readers,
    eventsPerWrite: Number.POSITIVE_INFINITY,
    gapMicros: 0,
    requests: 250,
    concurrency: 1,
    limit: 0.9,
  },
  json: {
    title: 'JSON answer',
    task: 'json',
    contenders: readers,
    gapMicros: 0,
    requests: 700,
    concurrency: 1,
    limit: 0.8,
  },
  translate: {
    title: 'request of 1 MB and 200 messages, to the body that is sent',
    task: 'translate',
    contenders: ['floor', 'to-anthropic', 'to-openai'],
    gapMicros: 0,
    requests: 40,
    concurrency: 1,
    limit: 1.5,
  },
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
