import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  finishReasonOf,
  isCut,
  mergeStop,
  refusalText,
} from '../../../../src/providers/anthropic/decode/stop-reason.ts';
import { fixture, only, reduce, thrownBy, told, wire } from '../wire.ts';

describe('the finish table', () => {
  it.each([
    { rule: 'FIN-1', stop: 'end_turn', calls: false, finish: 'stop' },
    { rule: 'FIN-2', stop: 'stop_sequence', calls: false, finish: 'stop' },
    { rule: 'FIN-3', stop: 'tool_use', calls: true, finish: 'tool_calls' },
    { rule: 'FIN-4', stop: 'tool_use', calls: false, finish: 'stop' },
    { rule: 'FIN-5 BUG-4', stop: 'max_tokens', calls: false, finish: 'length' },
    { rule: 'FIN-5 BUG-4', stop: 'max_tokens', calls: true, finish: 'length' },
    { rule: 'FIN-6 BUG-76', stop: 'refusal', calls: false, finish: 'content_filter' },
    { rule: 'FIN-6 STR-25', stop: 'refusal', calls: true, finish: 'content_filter' },
    { rule: 'FIN-7 BUG-78', stop: 'model_context_window_exceeded', calls: false, finish: 'length' },
    { rule: 'FIN-7 BUG-78', stop: 'model_context_window_exceeded', calls: true, finish: 'length' },
    { rule: 'FIN-8 BUG-77', stop: 'pause_turn', calls: false, finish: 'stop' },
    { rule: 'FIN-8', stop: 'pause_turn', calls: true, finish: 'stop' },
    { rule: 'FIN-9', stop: 'compaction', calls: false, finish: 'stop' },
    { rule: 'FIN-10', stop: 'end_turn', calls: true, finish: 'tool_calls' },
    { rule: 'FIN-10', stop: 'stop_sequence', calls: true, finish: 'tool_calls' },
    { rule: 'FIN-12 V2', stop: 'satisfied', calls: false, finish: 'stop' },
    { rule: 'FIN-12 V2', stop: 'satisfied', calls: true, finish: 'stop' },
  ])('$rule: $stop with calls $calls is $finish, and the raw word stays', ({ stop, calls, finish }) => {
    const call = calls ? wire.tool(1, 't', 'f', '{"a":1}') : [];
    const events = reduce([wire.start(), ...wire.text(0, 'a'), ...call, ...wire.end(stop)]);
    expect(only(events, 'finish')).toEqual([{ type: 'finish', reason: finish, raw: stop }]);
    expect(told(events).warnings).toHaveLength(stop === 'satisfied' ? 1 : 0);
  });

  it('INV-14: any word at all is one of OpenAI’s, and `tool_calls` only where there is a call', () => {
    const known = ['end_turn', 'tool_use', 'max_tokens', 'refusal', 'pause_turn', 'compaction'];
    const word = fc.oneof(fc.constantFrom(...known), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(word, fc.boolean(), (stop, calls) => {
        const call = calls ? wire.tool(1, 't', 'f', '{"a":1}') : [];
        const finish = told(reduce([wire.start(), ...wire.text(0, 'a'), ...call, ...wire.end(stop)])).finish;
        expect(['stop', 'length', 'content_filter', ...(calls ? ['tool_calls'] : [])]).toContain(finish);
        if (calls && stop === 'tool_use') expect(finish).toBe('tool_calls');
      }),
      { numRuns: 200 },
    );
  });

  it('FIN-4 RES-15: calls the provider ran itself do not count', () => {
    const search = wire.block(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} });
    expect(told(reduce([wire.start(), search, ...wire.end('tool_use')])).finish).toBe('stop');
  });

  it('FIN-12: only the unknown ones are warned of', () => {
    const warned = (stop: string) => told(reduce([wire.start(), ...wire.end(stop)])).warnings;
    expect(warned('satisfied')).toMatchObject([{ code: 'unknown_stop_reason' }]);
    expect(warned('pause_turn')).toEqual([]);
  });

  it('FIN-12: an unknown word is foreign text and stays out of messages', () => {
    expect(JSON.stringify(told(reduce([wire.start(), ...wire.end('sk-secret')])).warnings)).not.toContain(
      'sk-',
    );
  });

  it.each([null, undefined, '', 7, {}])('STR-19: %j is no stop reason', (stop) => {
    expect(thrownBy(() => reduce([wire.start(), ...wire.end(stop)]))).toMatchObject({
      code: 'stream_truncated',
    });
  });

  it.each(['constructor', '__proto__', 'toString'])('V2: %s is an unknown one like any other', (stop) => {
    expect(finishReasonOf(stop, true)).toBeUndefined();
  });

  it.each([
    ['max_tokens', true],
    ['model_context_window_exceeded', true],
    ['end_turn', false],
    ['refusal', false],
    ['satisfied', false],
  ])('isCut(%s) is %s', (stop, cut) => {
    expect(isCut(stop)).toBe(cut);
  });
});

describe('mergeStop (STR-13)', () => {
  it('keeps what a later delta leaves null', () => {
    const first = mergeStop(undefined, {
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
      stop_details: { a: 1 },
    });
    expect(mergeStop(first, { stop_reason: null, stop_sequence: null })).toEqual(first);
  });

  it('takes what a later delta says', () => {
    const first = mergeStop(undefined, { stop_reason: 'end_turn' });
    expect(mergeStop(first, { stop_reason: 'refusal', stop_details: { category: 'bio' } })).toMatchObject({
      reason: 'refusal',
      details: { category: 'bio' },
    });
  });

  it('knows nothing before a reason came', () => {
    expect(mergeStop(undefined, { stop_reason: null, stop_sequence: 'x' })).toBeUndefined();
  });
});

describe('a refusal (FIN-6)', () => {
  it.each([
    { details: { explanation: 'This could harm.', category: 'bio' }, text: 'This could harm.' },
    {
      details: { explanation: null, category: 'cyber' },
      text: 'The model declined to answer. Category: cyber.',
    },
    { details: { explanation: '', category: null }, text: 'The model declined to answer.' },
    { details: null, text: 'The model declined to answer.' },
    { details: 'x', text: 'The model declined to answer.' },
    { details: { explanation: 7, category: {} }, text: 'The model declined to answer.' },
  ])('$details reads "$text"', ({ details, text }) => {
    expect(refusalText(details)).toBe(text);
  });

  it('N9 USE-10: before any output: the refusal, not billed', () => {
    const answer = told(reduce(fixture('refusal-first')));
    expect(answer).toMatchObject({
      text: '',
      refusal: 'The model declined to answer. Category: cyber.',
      finish: 'content_filter',
      usage: { billed: false, inputTokens: 25, outputTokens: 0 },
    });
  });

  it('STR-25: after output: what was told stays told, begun calls are void', () => {
    const events = reduce(fixture('refusal-mid-stream'));
    expect(told(events)).toMatchObject({
      text: 'First you take',
      refusal: 'This could help to cause harm.',
      finish: 'content_filter',
      vendor: { void_tool_calls: ['toolu_R'] },
    });
    expect(told(events).usage).not.toHaveProperty('billed');
    const ending = events.slice(-3).map(({ type }) => type);
    expect(ending).toEqual(['refusal_delta', 'vendor', 'finish']);
  });
});
