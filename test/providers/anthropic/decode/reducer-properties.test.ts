import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatEvent, isRunestoneError } from '../../../../src/provider-kit/index.ts';
import { readMessage } from '../../../../src/providers/anthropic/decode/read-message.ts';
import { fixture, readWhole, reduce, reducerWith, told } from '../wire.ts';
import { streamedMessage } from './arbitrary-message.ts';

const runs = { numRuns: 200 };

/** Anything JSON can say, with a liking for the words of the protocol. */
const junk: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      'text',
      'tool_use',
      'thinking',
      'end_turn',
      '__proto__',
      '',
      0,
      1,
      -1,
      0.5,
      null,
      Number.POSITIVE_INFINITY,
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('type', 'id', 'name', 'text', 'input', 'model', 'content', 'usage', 'citations', 'to'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

const blockType = fc.constantFrom(
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'fallback',
);
const deltaType = fc.constantFrom(
  'text_delta',
  'input_json_delta',
  'thinking_delta',
  'signature_delta',
  'citations_delta',
);
const index = fc.oneof(fc.constantFrom(0, 1, 2), junk);

const protocolEvent = fc.oneof(
  fc.record({ type: fc.constant('message_start'), message: junk }),
  fc.record({
    type: fc.constant('content_block_start'),
    index,
    content_block: fc.oneof(
      junk,
      fc.record({ type: blockType, id: junk, name: junk, input: junk, text: junk }),
    ),
  }),
  fc.record({
    type: fc.constant('content_block_delta'),
    index,
    delta: fc.oneof(junk, fc.record({ type: deltaType, text: junk, partial_json: junk, thinking: junk })),
  }),
  fc.record({ type: fc.constant('content_block_stop'), index }),
  fc.record({ type: fc.constant('message_delta'), delta: junk, usage: junk }),
  fc.record({ type: fc.constantFrom('message_stop', 'ping', 'error'), error: junk }),
);

const anything = fc.oneof(junk, protocolEvent, fc.constantFrom<unknown>(...fixture('parallel-tools')));

function grammarFault(events: readonly ChatEvent[]): string | undefined {
  const finishes = events.filter(({ type }) => type === 'finish').length;
  if (finishes > 1) return 'more than one finish';
  if (finishes === 1 && events.at(-1)?.type !== 'finish') return 'something after the finish';
  const starts = events.filter(
    (event) => event.type === 'tool_call_start' || event.type === 'custom_tool_call',
  );
  const indexes = starts.map((event) => ('index' in event ? event.index : -1)).sort((a, b) => a - b);
  return indexes.every((value, at) => value === at) ? undefined : `indexes ${indexes}`;
}

describe('whatever it is fed', () => {
  it('INV-8 V12: the reducer throws nothing but ProviderError, and keeps the grammar', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (events) => {
        const out: ChatEvent[] = [];
        const reducer = reducerWith({
          customTools: new Set(['text']),
          exposeReasoning: true,
        });
        try {
          for (const event of events) reducer.push(event, out);
          reducer.endOfStream(out);
        } catch (error) {
          expect(isRunestoneError(error) && error.name).toBe('ProviderError');
        }
        expect(grammarFault(out)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('INV-8: neither does the reading of a whole body', () => {
    const body = fc.oneof(
      junk,
      fc.record({ content: fc.array(junk), stop_reason: junk, usage: junk, id: junk }),
    );
    fc.assert(
      fc.property(body, (message) => {
        const out: ChatEvent[] = [];
        try {
          readMessage(message, reducerWith(), out);
          expect(out.at(-1)?.type).toBe('finish');
        } catch (error) {
          expect(isRunestoneError(error) && error.name).toBe('ProviderError');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a streamed message', () => {
  const options = { exposeReasoning: true };

  it('INV-4: tells the same as the whole one', () => {
    fc.assert(
      fc.property(streamedMessage, ({ message, events }) => {
        expect(told(reduce(events, options))).toEqual(told(readWhole(message, options)));
      }),
      runs,
    );
  });

  it('INV-2: of a prefix tells a prefix', () => {
    fc.assert(
      fc.property(streamedMessage, fc.nat(), ({ events }, cut) => {
        const whole = reduce(events, options);
        const out: ChatEvent[] = [];
        const reducer = reducerWith(options);
        for (const event of events.slice(0, cut % (events.length + 1))) reducer.push(event, out);
        expect(out).toEqual(whole.slice(0, out.length));
      }),
      runs,
    );
  });

  it('INV-3: is complete exactly when its stop reason came through', () => {
    fc.assert(
      fc.property(streamedMessage, fc.nat(), ({ events }, cut) => {
        const kept = events.slice(0, cut % (events.length + 1));
        const complete = kept.some(({ type }) => type === 'message_delta');
        expect(told(reduce(kept)).finish !== undefined).toBe(complete);
      }),
      runs,
    );
  });

  it('INV-6: no text that upstream did not send', () => {
    fc.assert(
      fc.property(streamedMessage, ({ message, events }) => {
        const sent = JSON.parse(JSON.stringify(message['content'])).map(
          (block: { text?: string }) => block.text,
        );
        for (const event of reduce(events)) {
          if (event.type === 'text_delta') expect(sent.join('\0')).toContain(event.text);
        }
      }),
      runs,
    );
  });

  it('INV-7: is read the same with pings and future events in between', () => {
    const noise = fc.constantFrom<unknown>(
      { type: 'ping' },
      { type: 'message_note', note: 1 },
      { type: 'content_block_delta', index: 99, delta: { type: 'text_delta', text: 'stray' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'future_delta', text: 'x' } },
      null,
    );
    fc.assert(
      fc.property(streamedMessage, noise, ({ events: [start, ...rest] }, extra) => {
        const noisy = [start, extra, ...rest.flatMap((event) => [event, extra])];
        expect(reduce(noisy)).toEqual(reduce([start, ...rest]));
      }),
      runs,
    );
  });

  it('INV-13: with other ids, names and texts tells the same with those', () => {
    // Letter by letter, so that it does not matter where a text is split.
    const other = (text: string): string => [...text].map((letter) => `${letter}~`).join('');
    const renamed = (event: unknown): unknown =>
      JSON.parse(JSON.stringify(event), (_, value) => {
        const { type } = Object(value);
        if (type === 'text_delta' || type === 'text') return { ...value, text: other(value.text) };
        if (type !== 'tool_use' && type !== 'tool_call_start') return value;
        return { ...value, id: other(value.id), name: other(value.name) };
      });
    const spoken: ReadonlySet<string> = new Set([
      'text_delta',
      'tool_call_start',
      'tool_call_delta',
      'finish',
    ]);
    const heard = (events: readonly unknown[]): ChatEvent[] =>
      reduce(events).filter(({ type }) => spoken.has(type));
    fc.assert(
      fc.property(streamedMessage, ({ events }) => {
        expect(heard(events.map(renamed))).toEqual(heard(events).map(renamed));
      }),
      runs,
    );
  });

  it('INV-12: leaves its events untouched', () => {
    fc.assert(
      fc.property(streamedMessage, ({ events }) => {
        const before = JSON.stringify(events);
        reduce(events);
        expect(JSON.stringify(events)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });
});
