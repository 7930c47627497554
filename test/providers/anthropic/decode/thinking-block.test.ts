import { describe, expect, it } from 'vitest';
import { fixture, only, reduce, stepwise, told, wire } from '../wire.ts';

describe('thinking', () => {
  it('STR-9 STR-10 BUG-17: withheld text leaves a signed block with empty text', () => {
    expect(told(reduce(fixture('thinking-omitted')))).toMatchObject({
      blocks: [{ type: 'thinking', thinking: '', signature: 'EqoBCkgIBxABGAIiQOmitted==' }],
      reasoning: '',
      text: 'The answer is 4.',
    });
  });

  it('STR-8: readable text is told as it comes, when it was asked for', () => {
    const events = reduce(fixture('thinking-summarized'), { exposeReasoning: true });
    expect(only(events, 'reasoning_delta', 'thinking_block', 'text_delta')).toEqual([
      { type: 'reasoning_delta', text: 'Two and two' },
      { type: 'reasoning_delta', text: ' make four.' },
      {
        type: 'thinking_block',
        block: { type: 'thinking', thinking: 'Two and two make four.', signature: 'EqoBFirst==' },
      },
      { type: 'text_delta', text: 'Four. ' },
      { type: 'reasoning_delta', text: 'Check: yes.' },
      {
        type: 'thinking_block',
        block: { type: 'thinking', thinking: 'Check: yes.', signature: 'EqoBSecond==' },
      },
      { type: 'text_delta', text: 'I am sure.' },
    ]);
  });

  it('TH-11 RES-8: otherwise only the signed blocks are told, which the next turn needs', () => {
    const answer = told(reduce(fixture('thinking-summarized')));
    expect(answer.reasoning).toBe('');
    expect(answer.blocks).toHaveLength(2);
  });

  it('STR-10: a redacted block is told at its start', () => {
    const steps = stepwise(fixture('redacted-thinking'));
    expect(steps[1]).toEqual([
      { type: 'thinking_block', block: { type: 'redacted_thinking', data: 'EmwKAhgBEgyRedacted' } },
    ]);
  });

  it('STR-7: what the start event holds counts as a delta', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'thinking', thinking: 'A', signature: 'S' }),
      wire.delta(0, { type: 'thinking_delta', thinking: 'B' }),
      wire.stopBlock(0),
      ...wire.end('end_turn'),
    ];
    expect(told(reduce(events, { exposeReasoning: true }))).toMatchObject({
      reasoning: 'AB',
      blocks: [{ thinking: 'AB', signature: 'S' }],
    });
  });

  it('STR-9: a signature in pieces is joined', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'thinking', thinking: '', signature: '' }),
      wire.delta(0, { type: 'signature_delta', signature: 'Ab' }),
      wire.delta(0, { type: 'signature_delta', signature: 'Cd' }),
      wire.stopBlock(0),
      ...wire.end('end_turn'),
    ];
    expect(told(reduce(events)).blocks).toEqual([{ type: 'thinking', thinking: '', signature: 'AbCd' }]);
  });

  it('BUG-18: a block without a signature is not told as a signed one', () => {
    const thinking = wire.block(0, { type: 'thinking', thinking: 'hm', signature: '' });
    const events = [wire.start(), thinking, wire.stopBlock(0), ...wire.end('end_turn')];
    const answer = told(reduce(events));
    expect(answer.blocks).toEqual([]);
    expect(answer.vendor['content']).toEqual([{ type: 'thinking', thinking: 'hm', signature: '' }]);
  });

  it('V12: deltas that are no text are skipped', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'thinking', thinking: null, signature: 3 }),
      wire.delta(0, { type: 'thinking_delta', thinking: {} }),
      wire.delta(0, { type: 'signature_delta' }),
      wire.delta(0, { type: 'text_delta', text: 'not mine' }),
      wire.stopBlock(0),
      ...wire.end('end_turn'),
    ];
    expect(told(reduce(events))).toMatchObject({ text: '', blocks: [] });
  });
});
