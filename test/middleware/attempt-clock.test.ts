import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import { AttemptClock } from '../../src/middleware/attempt-clock.ts';
import type { AttemptContext } from '../../src/pipeline/middleware.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import { attemptContext, text, usage } from '../contexts.ts';

const START_MS = 5_000;
const timers = { connectMs: 10_000, idleMs: 60_000, progressMs: 300_000 };
const content: Batch = [text('a')];
const silentBytes: Batch = [usage({ inputTokens: 1, outputTokens: 1 })];
const ping: Batch = [];
const toolCall: Batch = [{ type: 'tool_call_start', index: 0, id: 'toolu_1', name: 'look' }];
/** What is left of a piece of reasoning that nobody is to see. */
const hidden: Batch = [];
const signed: Batch = [
  { type: 'thinking_block', block: { type: 'thinking', thinking: '', signature: 'sig' } },
];

/** A clock over a time that the test sets, with what an attempt may differ in. */
function setUp(facts: Partial<AttemptContext> = {}) {
  let timeMs = START_MS;
  const attempt = attemptContext({ tally: new Tally(START_MS), firstTokenMs: 20_000, ...facts });
  const clock = new AttemptClock(attempt, timers, () => timeMs);
  return {
    clock,
    attempt,
    readAt(atMs: number, batch: Batch): void {
      timeMs = START_MS + atMs;
      clock.onRead(batch);
    },
    resumeAt(atMs: number): void {
      timeMs = START_MS + atMs;
      clock.onResume();
    },
    /** Of the next pull, counted from the start of the attempt. */
    dueMs: () => (clock.deadlineMs() ?? Number.NaN) - START_MS,
  };
}

describe('AttemptClock', () => {
  it('waits for the first content as long as the attempt was given, whatever else comes', () => {
    const { readAt, resumeAt, dueMs, clock } = setUp();
    expect(dueMs()).toBe(20_000);
    readAt(15_000, ping);
    readAt(16_000, silentBytes);
    resumeAt(17_000);
    expect(dueMs()).toBe(20_000);
    expect(clock.expired()).toMatchObject({
      phase: 'first_token',
      message: expect.stringContaining('20000 ms'),
    });
  });

  it('after that, allows so much silence from the last byte, be it a ping', () => {
    const { readAt, dueMs, clock } = setUp();
    readAt(1_000, content);
    expect(dueMs()).toBe(61_000);
    readAt(50_000, ping);
    expect(dueMs()).toBe(110_000);
    expect(clock.expired()).toMatchObject({ phase: 'idle', message: expect.stringContaining('60000 ms') });
  });

  it('and so much time without content, however much else comes', () => {
    const { readAt, dueMs, clock } = setUp();
    readAt(1_000, content);
    for (let atMs = 2_000; atMs <= 290_000; atMs += 10_000) readAt(atMs, ping);
    expect(dueMs()).toBe(301_000);
    expect(clock.expired()).toMatchObject({
      phase: 'progress',
      message: expect.stringContaining('300000 ms'),
    });
    readAt(300_000, content);
    expect(dueMs()).toBe(360_000);
    expect(clock.expired()).toMatchObject({ phase: 'idle' });
  });

  it('TH-18 takes any event for life, shown or not: between tools some models only reason', () => {
    const { readAt, dueMs } = setUp({ reasoning: true });
    readAt(1_000, toolCall);
    readAt(50_000, hidden);
    expect(dueMs()).toBe(110_000);
    readAt(100_000, signed);
    expect(dueMs()).toBe(160_000);
  });

  it('watches no progress where the model reasons', () => {
    const { readAt, dueMs } = setUp({ reasoning: true });
    readAt(1_000, content);
    readAt(900_000, ping);
    expect(dueMs()).toBe(960_000);
  });

  it('counts none of the time in which the consumer did not read', () => {
    const { readAt, resumeAt, dueMs } = setUp();
    readAt(1_000, content);
    resumeAt(800_000);
    expect(dueMs()).toBe(860_000);
  });

  it('has no deadline on the JSON wire, unless the attempt has to leave time to others', () => {
    const { clock, readAt } = setUp({ stream: false, firstTokenMs: Number.POSITIVE_INFINITY });
    expect(clock.deadlineMs()).toBe(Number.POSITIVE_INFINITY);
    readAt(1_000, content);
    expect(clock.deadlineMs()).toBeUndefined();
    expect(setUp({ stream: false, firstTokenMs: 700 }).dueMs()).toBe(700);
  });

  it('says who was silent, and that the same target is not worth another try', () => {
    const { clock, attempt } = setUp();
    expect(clock.expired()).toMatchObject({
      code: 'timeout',
      retryable: false,
      provider: attempt.target.provider.name,
      model: attempt.target.model,
    });
  });
});
