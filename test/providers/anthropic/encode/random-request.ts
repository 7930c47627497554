import fc from 'fast-check';
import {
  assistant,
  call,
  PNG,
  type RawRequest,
  result,
  system,
  text,
  thought,
  tool,
  user,
} from './encoding.ts';

/** Random requests, mostly legal, in the shapes that clients send and that histories get into. */

const words = fc.constantFrom('hi', ' ', '', '\n', 'ok \n', 'ü\ud800', '{"a":1}');
const ids = fc.constantFrom('1', '2', 'call_0', 'functions.x:0', 'a.b', 'a_b', '');
const names = fc.constantFrom('look', 'find', 'fs.read', 'x'.repeat(70), 'web_search');
const mark = fc.constantFrom(
  undefined,
  undefined,
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '1h' },
  { type: 'ephemeral', ttl: '5m' },
);

const withMark = (part: object): fc.Arbitrary<object> =>
  mark.map((cache_control) => ({ ...part, ...(cache_control && { cache_control }) }));

const textPart = words.chain((word) => withMark(text(word)));
const imagePart = withMark({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } });
const filePart = withMark({ type: 'file', file: { file_data: 'aGk=', filename: 'a.txt' } });
const userContent = fc.oneof(
  { weight: 3, arbitrary: words },
  fc.constant(null),
  fc.array(fc.oneof({ weight: 3, arbitrary: textPart }, imagePart, filePart), { maxLength: 3 }),
);

const signed = fc.constantFrom(
  undefined,
  [thought('s')],
  [thought('s', 'hm'), { type: 'redacted_thinking', data: 'd' }],
  [{ type: 'thinking', thinking: 'unsigned' }],
);

const args = fc.constantFrom('{}', '', '{"a":[1,{"b":null}]}', '[1]', '{"a":', '"{\\"a\\":1}"', 'null');
const someCalls = fc.array(
  fc.tuple(ids, names, args).map(([id, name, raw]) => call(id, name, raw)),
  { maxLength: 3 },
);

const answer = fc
  .record({
    content: fc.oneof(words, fc.constant(null), fc.array(textPart, { maxLength: 2 })),
    signed,
    calls: someCalls,
    own: fc.boolean(),
  })
  .map(({ content, signed: thinking_blocks, calls: tool_calls, own }) =>
    assistant(content, {
      ...(thinking_blocks && { thinking_blocks }),
      ...(tool_calls.length > 0 && { tool_calls }),
      ...(own && { provider_specific_fields: { anthropic: { model: 'claude-opus-5-5' } } }),
    }),
  );

const message: fc.Arbitrary<RawRequest> = fc.oneof(
  { weight: 4, arbitrary: userContent.map(user) },
  { weight: 3, arbitrary: answer },
  { weight: 2, arbitrary: fc.oneof(words, fc.array(textPart, { maxLength: 2 })).map(system) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(ids, fc.oneof(words, fc.array(textPart, { maxLength: 2 })))
      .map(([id, content]) => result(id, content)),
  },
);

const schema = fc.constantFrom(
  undefined,
  {},
  { type: 'object', properties: { a: { type: 'string', minLength: 1 } } },
  { properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: ['string', 'null'] } } },
  {
    anyOf: [
      { type: 'object', properties: { a: {} } },
      { type: 'object', properties: { b: {} } },
    ],
  },
  { type: 'object', additionalProperties: { type: 'string' } },
);
const tools = fc.uniqueArray(
  fc
    .tuple(names, schema, fc.boolean())
    .chain(([name, parameters, strict]) => withMark(tool(name, parameters, { strict }))),
  { maxLength: 4, selector: (each) => JSON.stringify(Reflect.get(Reflect.get(each, 'function'), 'name')) },
);

const choice = fc.constantFrom(
  undefined,
  'auto',
  'none',
  'required',
  { type: 'any' },
  { type: 'function', function: { name: 'look' } },
);
const format = fc.constantFrom(
  undefined,
  { type: 'json_object' },
  {
    type: 'json_schema',
    json_schema: { name: 'n', schema: { type: 'object', properties: { a: { type: 'string' } } } },
  },
);

/** Any request. About half of them are refused, all with a reason. */
export const randomRequest: fc.Arbitrary<RawRequest> = fc.record(
  {
    messages: fc.array(message, { minLength: 1, maxLength: 9 }),
    tools,
    tool_choice: choice,
    parallel_tool_calls: fc.boolean(),
    response_format: format,
    reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
    max_tokens: fc.constantFrom(1, 900, 2000, 200_000),
    temperature: fc.constantFrom(0, 0.5, 1, 1.5),
    stop: fc.constantFrom('END', '\n', ['a', '', 'a']),
    user: fc.constantFrom('u-1', 'ann@example.com'),
    cache_control: mark,
    web_search_options: fc.constantFrom({}, { search_context_size: 'low' }),
    thinking: fc.constantFrom(
      { type: 'adaptive' },
      { type: 'enabled', budget_tokens: 3000 },
      { type: 'disabled' },
    ),
    odd: fc.boolean(),
  },
  { requiredKeys: ['messages'] },
);

/** One model of each class, and one of each kind of unknown. */
export const randomModel: fc.Arbitrary<string> = fc.constantFrom(
  'claude-opus-5-5',
  'claude-mythos-preview',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-opus-4-8',
  'claude-opus-4-7',
  'claude-sonnet-4-6',
  'claude-opus-4-5',
  'claude-haiku-4-5',
  'claude-3-7-sonnet',
  'claude-3-haiku',
  'claude-nova-9',
  'claude-fable-7',
);
