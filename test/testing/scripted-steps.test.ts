import { describe, expect, it } from 'vitest';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';

const text = (said: string) => ({ type: 'text_delta', text: said }) as const;
const finish = { type: 'finish', reason: 'stop', raw: 'stop' } as const;

describe('replies', () => {
  it('says a text, counts it and finishes', () => {
    expect(replies('hello world')).toEqual({
      events: [text('hello world'), { type: 'usage', usage: { inputTokens: 10, outputTokens: 3 } }, finish],
      ending: 'end',
    });
  });

  it('says a text in pieces', () => {
    expect(replies(['hel', 'lo']).events.slice(0, 2)).toEqual([text('hel'), text('lo')]);
  });

  it('takes events as they are, mixed with text', () => {
    const call = { type: 'tool_call_start', index: 0, id: 'c1', name: 'add' } as const;
    const args = { type: 'tool_call_delta', index: 0, arguments: '{"a":1}' } as const;
    const { events } = replies(['Let me see.', call, args]);
    expect(events.slice(0, 3)).toEqual([text('Let me see.'), call, args]);
    expect(events.at(-2)).toMatchObject({ usage: { outputTokens: 5 } });
    expect(events.at(-1)).toMatchObject({ reason: 'tool_calls' });
  });

  it('adds nothing to events that finish by themselves', () => {
    expect(replies([text('a'), finish]).events).toEqual([text('a'), finish]);
  });

  it('takes usage from the test, or sends none (U1)', () => {
    expect(replies('a', { usage: { outputTokens: 7 } }).events[1]).toEqual({
      type: 'usage',
      usage: { outputTokens: 7 },
    });
    expect(replies('a', { usage: null }).events).toEqual([text('a'), finish]);
  });

  it('finishes for another reason when told to', () => {
    expect(replies('a', { finish: 'length' }).events.at(-1)).toEqual({
      type: 'finish',
      reason: 'length',
      raw: 'length',
    });
  });

  it('may be empty, and slow', () => {
    expect(replies('', { delayMs: 5 })).toMatchObject({ delayMs: 5, ending: 'end' });
    expect(replies([]).events).toHaveLength(2);
  });
});

describe('fails', () => {
  it('fails before anything', () => {
    expect(fails('overloaded')).toEqual({ events: [], ending: { code: 'overloaded' } });
    expect(fails('rate_limited', { status: 429, retryAfterMs: 5 }).ending).toEqual({
      code: 'rate_limited',
      status: 429,
      retryAfterMs: 5,
    });
  });
});

describe('hangs', () => {
  it('is silent at once, or after something', () => {
    expect(hangs()).toEqual({ events: [], ending: 'silence' });
    expect(hangs('Hel').events).toEqual([text('Hel')]);
  });
});

describe('breaks', () => {
  it('stops short with an error, or without a word', () => {
    expect(breaks('Hel')).toEqual({ events: [text('Hel')], ending: 'end' });
    expect(breaks(['He', 'l'], { code: 'connection' })).toEqual({
      events: [text('He'), text('l')],
      ending: { code: 'connection' },
    });
  });
});
