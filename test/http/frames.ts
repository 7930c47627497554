import type { AnswerInfo } from '../../src/chat/completion.ts';
import type { ChatEvent } from '../../src/chat/events.ts';
import { InvalidRequestError } from '../../src/errors/index.ts';
import type { Reading } from '../../src/http/dialect.ts';

/** An event of a stream as the wire has it. */
export interface Frame {
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

/** The frames in a piece of a body. */
export function parseFrames(text: string): Frame[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const field = (name: string): string | undefined =>
        frame
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      return { event: field('event'), data: JSON.parse(field('data') ?? 'null') };
    });
}

/** What the pool tells of an answer, when a test does not care. */
export const info: AnswerInfo = {
  requestId: 'r1',
  provider: 'test',
  model: 'claude-test',
  attempts: 1,
  usage: { inputTokens: 7, outputTokens: 5 },
  costUsd: undefined,
  precision: 'unknown',
  ttftMs: 1,
  durationMs: 2,
  warnings: [],
  trace: { strategy: 'order', candidates: [], excluded: [], attempts: [] },
};

/** What a writer writes of these events. */
export function written(
  reading: Pick<Reading, 'writer'>,
  events: readonly ChatEvent[],
  told: AnswerInfo = info,
): Frame[] {
  const writer = reading.writer();
  return parseFrames(events.map((event) => writer.write([event], () => told)).join('') + writer.end(told));
}

/** The provider has accepted the call. */
export const started: Extract<ChatEvent, { type: 'start' }> = {
  type: 'start',
  id: 'msg_up',
  model: 'claude-up',
  created: 1_700_000_000,
};

/** A usual end. */
export const stopped: ChatEvent = { type: 'finish', reason: 'stop', raw: 'end_turn' };

/** What a refused request says: `reason param`. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return `${error.reason} ${error.param}`;
  }
  throw new Error('nothing was refused');
}
