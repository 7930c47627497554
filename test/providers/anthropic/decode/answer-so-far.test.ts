import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../../src/provider-kit/index.ts';
import { AnswerSoFar } from '../../../../src/providers/anthropic/decode/answer-so-far.ts';
import { fixture, reading, reduce, told, wire } from '../wire.ts';

const answer = (options = {}) => new AnswerSoFar('claude-eu', { ...reading, ...options });

describe('text', () => {
  it('counts what was told', () => {
    const out: ChatEvent[] = [];
    const so = answer();
    so.say('ab', out);
    so.say('', out);
    so.say('😀', out);
    so.sayRest(out);
    expect(so.textLength).toBe(4);
    expect(out).toHaveLength(2);
  });

  it('is held back where a fence may have to go', () => {
    const out: ChatEvent[] = [];
    const so = answer({ jsonFence: true });
    so.say('```json\n1\n```', out);
    expect([so.textLength, out.length]).toEqual([0, 0]);
    so.sayRest(out);
    expect(out).toEqual([{ type: 'text_delta', text: '1' }]);
  });
});

describe('calls', () => {
  it('STR-11: are counted from 0 and known by id', () => {
    const so = answer();
    expect([so.addCall('a'), so.addCall('b')]).toEqual([0, 1]);
    expect([so.hasCall('a'), so.hasCall('c')]).toEqual([true, false]);
    expect(so.validCalls).toBe(2);
  });

  it('STR-12d STR-25: that were voided are not to be executed, later ones are', () => {
    const so = answer();
    so.addCall('a');
    so.voidCalls();
    so.addCall('b');
    expect([so.validCalls, so.voidCallIds]).toEqual([1, ['a']]);
  });

  it('STR-12a: what is owed is told once', () => {
    const out: ChatEvent[] = [];
    const so = answer();
    so.owe((later) => later.push({ type: 'tool_call_delta', index: 0, arguments: '{}' }));
    so.settle(out);
    so.settle(out);
    expect(out).toHaveLength(1);
  });
});

describe('a model that takes over in the middle (STR-12d)', () => {
  it('voids the calls before it, says so, and names itself', () => {
    const answer = told(reduce(fixture('fallback-mid-stream')));
    expect(answer).toMatchObject({
      text: 'Looking. I can say this much.',
      finish: 'stop',
      warnings: [{ code: 'void_tool_calls' }],
      vendor: {
        model: 'claude-fable-5-1',
        served_by: 'claude-opus-5-5',
        void_tool_calls: ['toolu_F'],
      },
    });
    expect(answer.vendor['content']).toHaveLength(4);
  });

  it('leaves the calls after it valid', () => {
    const takeOver = wire.block(0, { type: 'fallback', to: { model: 'm2' } });
    const events = [wire.start(), takeOver, ...wire.tool(1, 't', 'f', '{}'), ...wire.end('tool_use')];
    expect(told(reduce(events))).toMatchObject({
      finish: 'tool_calls',
      warnings: [],
      vendor: { served_by: 'm2' },
    });
  });

  it('does not change the model in the head', () => {
    const [start] = reduce(fixture('fallback-mid-stream'));
    expect(start).toMatchObject({ model: 'claude-fable-5-1' });
  });
});

describe('errors', () => {
  it('name the provider', () => {
    expect(answer().badResponse('x')).toMatchObject({ code: 'bad_response', provider: 'claude-eu' });
    expect(answer().truncated()).toMatchObject({ code: 'stream_truncated', provider: 'claude-eu' });
  });
});
