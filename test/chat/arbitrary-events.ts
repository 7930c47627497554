import fc from 'fast-check';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';
import {
  args,
  call,
  cited,
  custom,
  hidden,
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

/** Something an answer may do next; which call it concerns is settled when the calls are known. */
type Move =
  | ChatEvent
  | { readonly type: 'open'; readonly name: string; readonly free: boolean; readonly input: string }
  | { readonly type: 'fragment'; readonly nth: number; readonly value: string };

const piece = fc.oneof(
  fc.constantFrom('', ' ', '\n', '\n\ndata: [DONE]\n\n', '"', '\\', '{"a":1}', '\ud83d', '\ude00'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: piece.map(text) },
  { weight: 3, arbitrary: piece.map(reasoning) },
  { weight: 2, arbitrary: piece.map(thought) },
  fc.constant(hidden),
  piece.map(refusal),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('open' as const),
      name: fc.constantFrom('get_weather', 'search', '__proto__'),
      free: fc.boolean(),
      input: piece,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('fragment' as const), nth: fc.nat(7), value: piece }),
  },
  fc.constantFrom('msg_1', 'msg_2').map(startOf),
  fc.tuple(fc.nat(99), fc.nat(99)).map(([input, output]) => used(input, output)),
  fc.constantFrom<ChatEvent>(
    { type: 'usage', usage: { outputTokens: 1, modifiers: { serviceTier: 'standard' } } },
    { type: 'annotations', annotations: [] },
    cited('https://a.example'),
    cited('https://b.example'),
    warned,
  ),
  fc
    .tuple(fc.json({ maxDepth: 2 }), fc.constantFrom('acme', 'other'))
    .map(([data, name]) => vendor(JSON.parse(data), name)),
);

const finish = fc
  .tuple(
    fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
    fc.constantFrom('end_turn', undefined),
  )
  .map(([reason, raw]) => stop(reason, raw));

/** Gives calls their dense indexes, and fragments a call that takes them. */
function settle(moves: readonly Move[]): ChatEvent[] {
  const events: ChatEvent[] = [];
  const open: number[] = [];
  let calls = 0;
  for (const next of moves) {
    if (next.type === 'open') {
      const index = calls++;
      if (next.free) events.push(custom(index, next.input));
      else {
        open.push(index);
        events.push(call(index, next.name));
      }
    } else if (next.type === 'fragment') {
      const index = open[next.nth % open.length];
      if (index !== undefined) events.push(args(index, next.value));
    } else events.push(next);
  }
  return events;
}

/** A whole answer as a provider may tell it: any order, parallel calls mixed, its finish last, in any batches. */
export const anyAnswer: fc.Arbitrary<readonly Batch[]> = fc
  .tuple(fc.array(move, { maxLength: 40 }), finish, fc.array(fc.nat(40), { maxLength: 8 }))
  .map(([moves, end, cuts]) => {
    const events = [...settle(moves), end];
    const places = [...cuts].sort((a, b) => a - b);
    return [0, ...places].map((from, index) => events.slice(from, places[index] ?? events.length));
  });
