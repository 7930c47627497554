import { describe, expect, it } from 'vitest';
import type { ChatEvent, Warning } from '../../src/chat/events.ts';
import { Tally } from '../../src/pipeline/tally.ts';

/** A tally begun at 1,000 that has taken the batches, each 10 ms after the last. */
function tallied(...batches: readonly (readonly ChatEvent[])[]): {
  tally: Tally;
  warnings: Warning[];
  looks: number;
} {
  const tally = new Tally(1_000);
  const warnings: Warning[] = [];
  let looks = 0;
  for (const [index, batch] of batches.entries()) {
    tally.add(
      batch,
      () => {
        looks++;
        return 1_010 + 10 * index;
      },
      warnings,
    );
  }
  return { tally, warnings, looks };
}

const start: ChatEvent = { type: 'start', id: 'msg', model: 'claude-served', created: 0 };
const text = (value: string): ChatEvent => ({ type: 'text_delta', text: value });
const usage = (outputTokens: number): ChatEvent => ({
  type: 'usage',
  usage: { inputTokens: 5, outputTokens },
});
const warning: Warning = { code: 'clamped', param: 'max_tokens', message: 'lowered to 4096' };

describe('a fresh tally', () => {
  it('knows nothing, and 0 only of what was delivered', () => {
    expect(new Tally(1_000)).toMatchObject({
      ...{ startedMs: 1_000, committed: false, committedMs: undefined, ttftMs: undefined },
      ...{ usage: undefined, finish: undefined, servedModel: undefined, outputChars: 0, delivered: [] },
      ...{ costUsd: undefined, precision: 'unknown' },
    });
  });
});

describe('the commit point', () => {
  it('is the time of the first content, from the start of the attempt', () => {
    const { tally } = tallied([start], [usage(1)], [text('')], [text('hi')], [text('there')]);
    expect(tally).toMatchObject({ committed: true, committedMs: 1_040, ttftMs: 40 });
  });

  it.each<ChatEvent>([
    text('x'),
    { type: 'refusal_delta', text: 'no' },
    { type: 'reasoning_delta', text: 'hm' },
    { type: 'tool_call_start', index: 0, id: 't', name: 'n' },
    { type: 'custom_tool_call', index: 0, id: 't', name: 'n', input: '' },
  ])('is reached by %o', (event) => {
    expect(tallied([start, event]).tally.ttftMs).toBe(10);
  });

  it.each<ChatEvent>([
    start,
    usage(9),
    { type: 'thinking_block', block: { type: 'redacted_thinking', data: 'd' } },
    { type: 'warning', warning },
    { type: 'vendor', provider: 'p', data: 1 },
    { type: 'finish', reason: 'stop', raw: undefined },
  ])('is not reached by %o', (event) => {
    expect(tallied([event]).tally.committed).toBe(false);
  });

  it('may be at the very start: 0 ms is a time', () => {
    const tally = new Tally(1_000);
    tally.add([text('x')], () => 1_000, []);
    expect(tally).toMatchObject({ committed: true, ttftMs: 0 });
  });

  it('is the only moment at which the clock is read: events are many', () => {
    expect(tallied([start, usage(1)], [text('a'), text('b')], [text('c')]).looks).toBe(1);
  });
});

describe('what was delivered', () => {
  it('is counted in UTF-16 units over text, refusal, reasoning and tool arguments', () => {
    const { tally } = tallied([
      text('ab'),
      text('🦉'),
      { type: 'refusal_delta', text: 'c' },
      { type: 'reasoning_delta', text: 'de' },
      { type: 'tool_call_start', index: 0, id: 'long id', name: 'long name' },
      { type: 'tool_call_delta', index: 0, arguments: '{"a":1}' },
      { type: 'custom_tool_call', index: 1, id: 't', name: 'n', input: 'xyz' },
      { type: 'thinking_block', block: { type: 'thinking', thinking: 'not again', signature: 's' } },
    ]);
    expect(tally.outputChars).toBe(2 + 2 + 1 + 2 + 7 + 3);
  });
});

describe('facts', () => {
  it('of usage are the last running total, never a sum (U3)', () => {
    expect(tallied([usage(1)], [usage(7)], [usage(7)]).tally.usage).toEqual({
      inputTokens: 5,
      outputTokens: 7,
    });
  });

  it('of usage count also when they come after the end (U4)', () => {
    const { tally } = tallied(
      [text('x'), { type: 'finish', reason: 'length', raw: 'max_tokens' }],
      [usage(3)],
    );
    expect(tally).toMatchObject({ finish: 'length', usage: { outputTokens: 3 } });
  });

  it('tell which model upstream says is answering (V15)', () => {
    expect(tallied([start]).tally.servedModel).toBe('claude-served');
  });

  it('pass warnings to the request, in order', () => {
    const other: Warning = { code: 'model_retired', message: 'since 2025-10-28' };
    const { warnings } = tallied(
      [{ type: 'warning', warning }, text('x')],
      [{ type: 'warning', warning: other }],
    );
    expect(warnings).toEqual([warning, other]);
  });

  it('stay as they are when a batch is empty', () => {
    const { tally, looks } = tallied([], [text('x')], []);
    expect([tally.ttftMs, tally.outputChars, looks]).toEqual([20, 1, 1]);
  });
});
