import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../../src/providers/anthropic/encode/node-digest.ts';
import {
  assistant,
  call,
  encode,
  type RawRequest,
  refusalOf,
  result,
  type Setting,
  system,
  text,
  thought,
  tool,
  user,
  warningsOf,
} from './encoding.ts';

describe('encodeRequest', () => {
  it('translates a whole request', () => {
    const encoded = encode(
      {
        model: 'claude-sonnet-5.5',
        messages: [
          system('You are brief.'),
          user([
            text('What is this?'),
            { type: 'image_url', image_url: { url: 'https://x.y/z.png', detail: 'auto' } },
          ]),
          assistant(null, {
            thinking_blocks: [thought('sig')],
            tool_calls: [call('c.1', 'look.up', '{"q":"z"}')],
          }),
          result('c.1', 'A cat.'),
          system('Answer in French.'),
        ],
        tools: [
          tool('look.up', { properties: { q: { type: 'string' } } }, { description: 'Looks.', strict: true }),
        ],
        tool_choice: 'auto',
        parallel_tool_calls: false,
        reasoning_effort: 'high',
        max_completion_tokens: 2000,
        temperature: 0.2,
        stop: ['END'],
        user: 'u-1',
        service_tier: 'default',
        stream_options: { include_usage: true },
      },
      { model: 'claude-sonnet-5.5' },
    );
    const wireName = `look_up_${sha256Hex('look.up').slice(0, 8)}`;
    const wireId = `tu_${sha256Hex('c.1').slice(0, 40)}`;
    expect(encoded.body).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 2000,
      system: [text('You are brief.')],
      messages: [
        {
          role: 'user',
          content: [
            text('What is this?'),
            { type: 'image', source: { type: 'url', url: 'https://x.y/z.png' } },
          ],
        },
        {
          role: 'assistant',
          content: [thought('sig'), { type: 'tool_use', id: wireId, name: wireName, input: { q: 'z' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: wireId, content: 'A cat.' }] },
        { role: 'system', content: [text('Answer in French.')] },
      ],
      tools: [
        {
          name: wireName,
          description: 'Looks.',
          strict: true,
          input_schema: {
            type: 'object',
            properties: { q: { type: 'string' } },
            additionalProperties: false,
          },
        },
      ],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      output_config: { effort: 'high' },
      stop_sequences: ['END'],
      service_tier: 'standard_only',
      metadata: { user_id: 'u-1' },
      stream: true,
    });
    expect(warningsOf(encoded)).toEqual([
      'tool_name_aliased tools[0].function.name',
      'unsupported_parameter temperature',
    ]);
    expect(encoded.betas).toEqual([]);
    expect(encoded.headers).toEqual({});
    expect(encoded.reading).toEqual({
      toolNames: new Map([[wireName, 'look.up']]),
      customTools: new Set(),
      jsonTool: false,
      legacyFunctions: false,
      ephemeralPrompt: false,
      exposeReasoning: false,
      jsonFence: false,
    });
  });

  it.each([true, false])('REQ-11 REQ-12 sends stream %s, whatever the request says', (stream) => {
    const { body } = encode({ stream: !stream, stream_options: { include_usage: true } }, { stream });
    expect(body.stream).toBe(stream);
    expect(body).not.toHaveProperty('stream_options');
  });
});

/** Requests that lose something, each by another rule. */
const WEAKENED: readonly RawRequest[] = [
  { temperature: 0.5 },
  { verbosity: 'low' },
  { unheard_of: 1 },
  { service_tier: 'flex' },
  { user: 'ann@example.com' },
  { max_tokens: 10_000_000 },
  { response_format: { type: 'json_object' } },
  { tools: [{ type: 'custom', custom: { name: 'c' } }] },
  { tools: [tool('a.b')] },
  { messages: [{ ...user('a'), name: 'ann' }] },
  { messages: [user('a'), result('gone')] },
  { messages: [user('a'), system('s'), user('b'), system('t'), user('c')] },
  { betas: ['pdfs-2024-09-25'] },
  { stop: [''] },
];

describe('strict', () => {
  it.each(WEAKENED)('0.1 refuses %j with the param of the warning', (request) => {
    const { warnings } = encode(request);
    expect(warnings.length).toBeGreaterThan(0);
    expect(refusalOf(() => encode(request, { strict: true }))).toMatch(
      new RegExp(`^\\w+ ${escaped(warnings[0]?.param)}$`),
    );
  });
});

const escaped = (value: string | undefined): string => (value ?? '').replace(/[[\].]/g, '\\$&');

/** One round of a conversation: what is said, and the answer. Only what an answer follows ends a prefix. */
interface Round {
  readonly asks: readonly RawRequest[];
  readonly answer: RawRequest;
}

const words = fc.constantFrom('a', 'b c', ' ', '', '\n', 'ü\ud800');
const ask = fc.oneof(
  { weight: 4, arbitrary: words.map((word) => user(word)) },
  fc.array(words, { maxLength: 3 }).map((list) => user(list.map(text))),
  words.map((word) => system(word)),
);
/**
 * Answers with a report of Anthropic's, so that those without reasoning are known never to have had any. They all
 * show something: a blank one is dropped, and the turns around it become one.
 */
const answer = fc.record({
  word: fc.constantFrom('a', ' b\n', 'ü\ud800'),
  thinks: fc.boolean(),
  ids: fc.array(fc.constantFrom('1', 'x.y', ''), { maxLength: 3 }),
});

/** A conversation by rounds. Every ask begins with something visible, so that no turn is refused for emptiness. */
const rounds: fc.Arbitrary<readonly Round[]> = fc
  .array(fc.tuple(fc.array(ask, { maxLength: 3 }), answer), { minLength: 1, maxLength: 6 })
  .map((list) => {
    let waiting: readonly string[] = [];
    return list.map(([asks, { word, thinks, ids }], index) => {
      const results = waiting.map((id) => result(id, `r${index}`));
      waiting = ids;
      return { asks: [...results, user(`q${index}`), ...asks], answer: answerOf(word, thinks, ids) };
    });
  });

function answerOf(word: string, thinks: boolean, ids: readonly string[]): RawRequest {
  const content = [...(thinks ? [thought('s')] : []), text(word)];
  const report = { model: 'claude-sonnet-5-5', ...(thinks && ids.length === 0 && { content }) };
  return assistant(word, {
    ...(ids.length > 0 && { tool_calls: ids.map((id) => call(id)) }),
    ...(thinks && ids.length > 0 && { thinking_blocks: [thought('s')] }),
    provider_specific_fields: { anthropic: report },
  });
}

describe('T-10: a longer conversation', () => {
  it.each<[string, Setting]>([
    ['with bound reasoning', { model: 'claude-sonnet-5-5' }],
    ['without system turns', { model: 'claude-sonnet-5' }],
    ['on a model of budgets', { model: 'claude-haiku-4-5' }],
  ])('begins with the translation of the shorter one, %s', (_, setting) => {
    fc.assert(
      fc.property(rounds, (list) => {
        const messages = list.flatMap(({ asks, answer: given }) => [...asks, given]);
        const whole = encode({ messages: [...messages, ...closing(list)] }, setting).body;
        let end = 0;
        for (const { asks } of list) {
          end += asks.length;
          const part = encode({ messages: messages.slice(0, end) }, setting).body;
          expect(whole.messages.slice(0, part.messages.length)).toEqual(part.messages);
          expect(whole.system).toEqual(part.system);
          end += 1;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same every time', () => {
    fc.assert(
      fc.property(rounds, (list) => {
        const messages = [...list.flatMap(({ asks, answer: given }) => [...asks, given]), ...closing(list)];
        expect(encode({ messages })).toEqual({ ...encode({ messages }), blockMap: expect.anything() });
      }),
      { numRuns: 50 },
    );
  });
});

/** Results of the last answer's calls, and a last word. */
function closing(list: readonly Round[]): readonly RawRequest[] {
  const given = list.at(-1)?.answer['tool_calls'];
  const open = Array.isArray(given) ? given : [];
  return [...open.map(({ id }) => result(String(id))), user('end')];
}

describe('the cost of a translation', () => {
  const line = 'The quick brown fox jumps over the "lazy" dog.\n';
  const messages = Array.from({ length: 50 }, (_, index) => [
    user([text(line.repeat(110))]),
    assistant(line.repeat(110), {
      tool_calls: [call(`c${index}`, 'look', JSON.stringify({ text: line.repeat(50) }))],
    }),
    result(`c${index}`, line.repeat(150)),
    assistant('Done.'),
  ]).flat();
  const request = { messages: [...messages, user('Go on.')], tools: [tool('look')] };

  /** The shortest of many runs, in milliseconds: what is left when nothing interferes. */
  function shortest(run: () => unknown): number {
    let best = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 40; turn++) {
      const start = performance.now();
      run();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  }

  it('stays below that of parsing the same megabyte', () => {
    const json = JSON.stringify(request);
    expect(json.length).toBeGreaterThan(1_000_000);
    const frozen = encode(request);
    expect(frozen.body.messages).toHaveLength(201);
    expect(shortest(() => encode(request))).toBeLessThan(shortest(() => JSON.parse(json)));
  });
});
