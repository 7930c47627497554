import { describe, expect, it } from 'vitest';
import { Accumulator } from '../../src/chat/accumulate.ts';
import type { ChatEvent } from '../../src/chat/events.ts';
import {
  args,
  call,
  cited,
  completionOf,
  custom,
  head,
  hidden,
  info,
  legacy,
  plain,
  reasoning,
  refusal,
  startOf,
  stop,
  text,
  thought,
  used,
  vendor,
  warned,
} from './answers.ts';

const messageOf = (...events: readonly ChatEvent[]) => completionOf([events]).choices[0]?.message;

describe('the completion', () => {
  it('RES-1 RES-2 RES-3 RES-4 RES-5 RES-6 RES-11 RES-12: of a plain answer', () => {
    expect(
      completionOf([[startOf('msg_1'), text('Hel'), text('lo'), used(3, 5), stop('stop', 'end_turn')]]),
    ).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_700_000_002,
      model: 'served-model',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          finish_reason: 'stop',
          native_finish_reason: 'end_turn',
          logprobs: null,
        },
      ],
      usage: expect.objectContaining({ prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 }),
      runestone: info,
    });
  });

  it('is the same however its events were batched', () => {
    const events = [startOf('a'), text('x'), call(0), args(0, '{}'), used(1, 2), stop('tool_calls')];
    const singly = events.map((event) => [event]);
    expect(completionOf(singly)).toEqual(completionOf([events]));
    expect(completionOf([[], ...singly, []])).toEqual(completionOf([events]));
  });

  it.each<[string, readonly ChatEvent[]]>([
    ['nothing', []],
    ['text', [text('a')]],
    ['calls', [call(0), args(0, '{}'), call(1), custom(2, 'x')]],
    ['a refusal', [refusal('no')]],
    ['reasoning', [reasoning('hm'), thought('hm'), hidden]],
  ])('RES-3 RES-4 RES-14: of %s is one choice of the assistant’s, and names no fingerprint', (_, events) => {
    const answer = completionOf([[...events, stop()]]);
    expect(answer.choices).toHaveLength(1);
    expect(answer.choices[0]).toMatchObject({ index: 0, logprobs: null, message: { role: 'assistant' } });
    expect(answer).not.toHaveProperty('system_fingerprint');
  });

  it('RES-2: keeps the pool’s head when the provider names none', () => {
    expect(completionOf([[text('a'), stop()]])).toMatchObject(head);
  });

  it.each([
    ['a second start without content between', [startOf('one'), startOf('two'), text('a')], 'two'],
    ['V3: a second start after content', [startOf('one'), text('a'), startOf('two')], 'one'],
    ['V5: a first start after content', [text('a'), startOf('two')], head.id],
    ['after a call', [startOf('one'), call(0), startOf('two')], 'one'],
    ['after a thought', [startOf('one'), hidden, startOf('two')], 'one'],
    ['after reasoning', [startOf('one'), reasoning('r'), startOf('two')], 'one'],
    ['after a refusal', [startOf('one'), refusal('r'), startOf('two')], 'one'],
    ['after nothing but usage and empty text', [startOf('one'), used(1, 1), text(''), startOf('two')], 'two'],
  ])('has the id that the chunks have: %s', (_, events, id) => {
    expect(completionOf([events]).id).toBe(id);
  });
});

describe('content (RES-5)', () => {
  it.each<[string, ChatEvent[], string | null]>([
    ['joins the texts without a separator', [text('Hel'), text(''), text('lo '), text('you')], 'Hello you'],
    ['RES-18: is "" when there is nothing at all', [], ''],
    ['BUG-75: is null beside calls', [call(0)], null],
    ['is null beside a custom call', [custom(0, 'x')], null],
    ['FIN-6: is null beside a refusal', [refusal('no')], null],
    ['is text beside calls', [text('Let me'), call(0)], 'Let me'],
    ['is text beside a refusal', [text('We'), refusal('no')], 'We'],
    ['is "" beside reasoning alone', [reasoning('hm')], ''],
    ['is "" beside an empty refusal', [refusal('')], ''],
    ['keeps white space', [text(' \n')], ' \n'],
  ])('%s', (_, events, content) => {
    expect(messageOf(...events)?.content).toBe(content);
  });

  it('E12: keeps halves of surrogate pairs together', () => {
    expect(messageOf(text('\ud83d'), text('\ude00'))?.content).toBe('😀');
  });
});

describe('refusal (RES-6, FIN-6)', () => {
  it('is always there, and null when there is none', () => {
    expect(messageOf(text('a'))).toHaveProperty('refusal', null);
    expect(messageOf(refusal('I '), refusal('will not.'))?.refusal).toBe('I will not.');
  });
});

describe('tool calls (RES-7)', () => {
  it('are left out when there are none', () => {
    expect(messageOf(text('a'))).not.toHaveProperty('tool_calls');
    expect(messageOf(text('a'))).not.toHaveProperty('function_call');
  });

  it('are whole, in their order', () => {
    const events = [
      call(0, 'w'),
      call(1, 't'),
      args(1, '{}'),
      args(0, '{"c":'),
      args(0, '1}'),
      custom(2, 'x'),
    ];
    expect(messageOf(...events)?.tool_calls).toEqual([
      { id: 'call_0', type: 'function', function: { name: 'w', arguments: '{"c":1}' } },
      { id: 'call_1', type: 'function', function: { name: 't', arguments: '{}' } },
      { id: 'call_2', type: 'custom', custom: { name: 'tool_2', input: 'x' } },
    ]);
  });

  it('V6: a fragment for no call is ignored', () => {
    expect(messageOf(args(3, '{"stray":1}'), text('a'))).toEqual({
      role: 'assistant',
      content: 'a',
      refusal: null,
    });
  });

  it('TL-14 FIN-3: answer the deprecated `functions` in their own form', () => {
    const events = [call(0, 'w'), args(0, '{}'), call(1), stop('tool_calls')];
    const [choice] = completionOf([events], legacy).choices;
    expect(choice?.message).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      function_call: { name: 'w', arguments: '{}' },
    });
    expect(choice?.finish_reason).toBe('function_call');
  });

  it('TL-14: without a call nothing is deprecated about an answer', () => {
    expect(completionOf([[text('a'), stop()]], legacy)).toEqual(completionOf([[text('a'), stop()]], plain));
  });
});

describe('reasoning (RES-8)', () => {
  it.each<[string, ChatEvent[], string | undefined]>([
    ['joins the pieces of one block', [reasoning('a'), reasoning('b')], 'ab'],
    ['joins blocks by a line break', [reasoning('a'), thought('a'), reasoning('b'), thought('b')], 'a\nb'],
    ['adds no break at the end', [reasoning('a'), thought('a')], 'a'],
    ['adds no break for hidden blocks before it', [hidden, hidden, reasoning('a')], 'a'],
    ['adds one break for several blocks', [reasoning('a'), thought('a'), hidden, reasoning('b')], 'a\nb'],
    [
      'is not led astray by empty pieces',
      [reasoning('a'), thought('a'), reasoning(''), reasoning('b')],
      'a\nb',
    ],
    ['is left out when empty', [reasoning(''), hidden], undefined],
  ])('%s', (_, events, joined) => {
    const message = messageOf(...events);
    expect(message?.reasoning_content).toBe(joined);
    expect(message && 'reasoning_content' in message).toBe(joined !== undefined);
  });

  it('has every signed block verbatim and in order, the empty and the redacted too', () => {
    expect(messageOf(thought(''), hidden, thought('b'))?.thinking_blocks).toEqual([
      { type: 'thinking', thinking: '', signature: 'signed ' },
      { type: 'redacted_thinking', data: 'Eq…' },
      { type: 'thinking', thinking: 'b', signature: 'signed b' },
    ]);
    expect(messageOf(text('a'))).not.toHaveProperty('thinking_blocks');
  });
});

describe('what else there is to tell', () => {
  it('RES-10: the last citations, and no empty list', () => {
    const none: ChatEvent = { type: 'annotations', annotations: [] };
    expect(
      messageOf(cited('https://a.example'), cited('https://b.example'), none)?.annotations,
    ).toMatchObject([{ url_citation: { url: 'https://b.example' } }]);
    expect(messageOf(none)).not.toHaveProperty('annotations');
  });

  it('RES-9: what the provider adds, under its name', () => {
    expect(
      messageOf(vendor({ a: 1 }), vendor({ b: 2 }, 'other'), vendor({ c: 3 }))?.provider_specific_fields,
    ).toEqual({
      acme: { c: 3 },
      other: { b: 2 },
    });
    expect(messageOf(text('a'))).not.toHaveProperty('provider_specific_fields');
  });

  it('9: a provider called __proto__ is data', () => {
    expect(JSON.stringify(messageOf(vendor(1, '__proto__'))?.provider_specific_fields)).toBe(
      '{"__proto__":1}',
    );
  });

  it('warnings are the pool’s to tell', () => {
    expect(JSON.stringify(completionOf([[warned, text('a'), stop()]]))).not.toContain('clamped');
  });

  it.each([
    ['standard', 'default'],
    ['priority', 'priority'],
    ['batch', undefined],
  ])('RES-13: the tier %s as %s', (serviceTier, tier) => {
    const usage = { inputTokens: 3, outputTokens: 5, modifiers: { serviceTier } };
    const answer = completionOf([[{ type: 'usage', usage }, stop()]]);
    expect(answer.service_tier).toBe(tier);
    expect('service_tier' in answer).toBe(tier !== undefined);
    expect(completionOf([[used(3, 5), stop()]])).not.toHaveProperty('service_tier');
  });

  it('USE-6: the last usage, which is a running total', () => {
    expect(completionOf([[used(3, 1), used(3, 4), used(5, 9), stop()]]).usage).toMatchObject({
      prompt_tokens: 5,
      completion_tokens: 9,
    });
  });

  it('USE-11, USE-12: no usage rather than a wrong one', () => {
    expect(completionOf([[stop()]])).not.toHaveProperty('usage');
    expect(completionOf([[{ type: 'usage', usage: { inputTokens: 3 } }, stop()]])).not.toHaveProperty(
      'usage',
    );
  });
});

describe('the finish', () => {
  it.each(['stop', 'length', 'tool_calls', 'content_filter'] as const)(
    'RES-11: %s, with the raw word',
    (reason) => {
      const answer = new Accumulator(head);
      expect(answer.finish).toBeUndefined();
      answer.add([text('a'), stop(reason, 'raw_word')]);
      expect(answer.finish).toEqual({ reason, raw: 'raw_word' });
      expect(answer.completion(plain, info).choices[0]).toMatchObject({
        finish_reason: reason,
        native_finish_reason: 'raw_word',
      });
    },
  );

  it('has no native word when there was none', () => {
    expect(completionOf([[stop()]]).choices[0]).not.toHaveProperty('native_finish_reason');
  });
});

describe('what had arrived of a broken answer', () => {
  const partialOf = (...events: readonly ChatEvent[]) => {
    const answer = new Accumulator(head);
    answer.add(events);
    return answer.partial();
  };

  it('is nothing at first', () => {
    expect(partialOf()).toEqual({ content: '', toolCalls: [] });
  });

  it('is text, refusal, reasoning and calls, cut anywhere', () => {
    expect(
      partialOf(reasoning('hm'), text('Hel'), refusal('n'), call(0, 'w'), args(0, '{"c'), custom(1, 'x')),
    ).toEqual({
      content: 'Hel',
      refusal: 'n',
      reasoning: 'hm',
      toolCalls: [
        { id: 'call_0', name: 'w', arguments: '{"c' },
        { id: 'call_1', name: 'tool_1', arguments: 'x' },
      ],
    });
  });

  it('does not change when more arrives', () => {
    const answer = new Accumulator(head);
    answer.add([text('a'), call(0)]);
    const before = answer.partial();
    answer.add([text('b'), args(0, '{}'), call(1)]);
    expect(before).toEqual({ content: 'a', toolCalls: [{ id: 'call_0', name: 'tool_0', arguments: '' }] });
  });
});

it('12: events are read, never changed', () => {
  const events = Object.freeze([
    startOf('a'),
    text('x'),
    call(0),
    args(0, '{}'),
    cited('https://a.example'),
    hidden,
    stop(),
  ]);
  for (const event of events) Object.freeze(event);
  expect(() => completionOf([events])).not.toThrow();
});
