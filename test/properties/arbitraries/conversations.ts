import fc from 'fast-check';
import type OpenAI from 'openai7';
import { someCalls, toolName } from './calls.ts';
import { assistantPart, textPart, userPart } from './parts.ts';
import { anyArguments, anyText, plainText } from './texts.ts';

/** One message of a conversation, as OpenAI's package types it. */
export type Message = OpenAI.ChatCompletionMessageParam;

/** What is said in one go: one message, or calls with all their results. */
type Step = readonly Message[];

const participant = fc.constantFrom(undefined, undefined, undefined, 'ann', 'Bob B.');

/** The message, with a name in some cases. */
const named = <Spoken extends Message>(message: fc.Arbitrary<Spoken>): fc.Arbitrary<Spoken> =>
  fc.tuple(message, participant).map(([plain, name]) => (name ? { ...plain, name } : plain));

const instructions = fc.oneof(anyText, fc.array(textPart, { maxLength: 3 }));
const systemMessage: fc.Arbitrary<Message> = named(
  fc.oneof(
    instructions.map((content): Message => ({ role: 'system', content })),
    instructions.map((content): Message => ({ role: 'developer', content })),
  ),
);

const userMessage: fc.Arbitrary<Message> = named(
  fc
    .oneof(
      { weight: 3, arbitrary: plainText },
      { weight: 2, arbitrary: anyText },
      { weight: 4, arbitrary: fc.array(userPart, { maxLength: 4 }) },
    )
    .map((content): Message => ({ role: 'user', content })),
);

const answerContent = fc.oneof(
  { weight: 3, arbitrary: anyText },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(assistantPart, { maxLength: 3 }) },
);
const answer: fc.Arbitrary<Message> = named(
  fc.record({ content: answerContent, refusal: fc.option(anyText, { freq: 8 }), audio: fc.nat(30) }).map(
    ({ content, refusal, audio }): Message => ({
      role: 'assistant',
      content,
      ...(refusal !== null && { refusal }),
      ...(audio === 0 && { audio: { id: 'audio_1' } }),
    }),
  ),
);

const resultContent = fc.oneof(anyText, fc.array(textPart, { maxLength: 2 }));

/** Calls, and a result for each in any order. */
const callsAndResults: fc.Arbitrary<Step> = fc
  .record({ content: answerContent, tool_calls: someCalls, results: fc.infiniteStream(resultContent) })
  .chain(({ content, tool_calls, results }) => {
    const tools = tool_calls.map(({ id }): Message => {
      const next = results.next();
      return { role: 'tool', tool_call_id: id, content: next.done ? '' : next.value };
    });
    return fc
      .shuffledSubarray(tools, { minLength: tools.length })
      .map((shuffled): Step => [{ role: 'assistant', content, tool_calls }, ...shuffled]);
  });

/** The single call of the years before tools. */
const legacyCall: fc.Arbitrary<Step> = fc
  .record({ name: toolName, raw: anyArguments, content: fc.option(anyText) })
  .map(
    ({ name, raw, content }): Step => [
      { role: 'assistant', content: null, function_call: { name, arguments: raw } },
      { role: 'function', name, content },
    ],
  );

const one = (message: fc.Arbitrary<Message>): fc.Arbitrary<Step> => message.map((each) => [each]);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: one(userMessage) },
  { weight: 4, arbitrary: one(answer) },
  { weight: 5, arbitrary: callsAndResults },
  { weight: 1, arbitrary: legacyCall },
  { weight: 2, arbitrary: one(systemMessage) },
);

/** A conversation as the API's reference allows it: every call has its result, and somebody waits for an answer. */
export const soundConversation: fc.Arbitrary<Message[]> = fc
  .record({
    opening: fc.array(systemMessage, { maxLength: 2 }),
    steps: fc.array(step, { maxLength: 6 }),
    last: plainText,
  })
  .map(({ opening, steps, last }) => [...opening, ...steps.flat(), { role: 'user', content: last }]);

/** What programs do to a history: trim it, reorder it, send a message twice. */
const damage = fc.oneof(
  fc.nat(9).map((at) => (list: Message[]) => void list.splice(at % list.length, 1)),
  fc.nat(9).map((at) => (list: Message[]) => void list.splice(0, at % list.length)),
  fc.tuple(fc.nat(9), fc.nat(9)).map(([from, to]) => (list: Message[]) => {
    const [moved] = list.splice(from % list.length, 1);
    if (moved) list.splice(to % (list.length + 1), 0, moved);
  }),
  fc.nat(9).map((at) => (list: Message[]) => {
    const again = list[at % list.length];
    if (again) list.push(again);
  }),
);

/** Any list of valid messages: sound in most cases, else as a trimmed or mixed-up history is. */
export const anyConversation: fc.Arbitrary<Message[]> = fc.oneof(
  { weight: 3, arbitrary: soundConversation },
  {
    weight: 2,
    arbitrary: fc.tuple(soundConversation, fc.array(damage, { maxLength: 3 })).map(([messages, harm]) => {
      const list = [...messages];
      for (const act of harm) if (list.length > 1) act(list);
      return list;
    }),
  },
);

/** A history of hundreds of messages, which hardly any single message could make. */
export const longConversation: fc.Arbitrary<Message[]> = fc
  .tuple(fc.array(step, { minLength: 3, maxLength: 8 }), fc.integer({ min: 5, max: 40 }))
  .map(([steps, times]) => [
    ...Array.from({ length: times }, () => steps.flat()).flat(),
    { role: 'user', content: 'Go on.' },
  ]);
