import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../src/chat/parse-request.ts';
import { readMessages } from '../../../src/http/messages/read-messages.ts';
import { encode } from '../../providers/anthropic/encode/encoding.ts';
import { runs } from '../../runs.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The body that Claude is sent for a Messages request, and what the house had to say of it. */
function sent(
  body: Fields,
  headers: Record<string, string> = {},
): { body: Fields; warnings: readonly unknown[] } {
  const { model } = body;
  const request = parseRequest(readMessages(body, new Headers(headers)), false);
  const encoded = encode(request, { model: String(model), strict: false, stream: false });
  const { stream: _, ...rest } = encoded.body;
  return { body: rest, warnings: encoded.warnings };
}

/** The normal form of the house: content is a list of blocks, and a result of one text is a string. */
function normal(body: Fields): Fields {
  const { stream: _, ...rest } = body;
  const messages = Array.isArray(body['messages']) ? body['messages'] : [];
  return {
    ...rest,
    ...(body['system'] !== undefined && { system: blocks(body['system']) }),
    messages: messages.map(({ role, content }) => ({ role, content: blocks(content).map(normalBlock) })),
  };
}

const blocks = (content: unknown): Fields[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content as Fields[]);

function normalBlock(block: Fields): Fields {
  if (block['type'] !== 'tool_result') return block;
  const { content, is_error, ...rest } = block;
  const [first, ...more] = Array.isArray(content) ? content : [];
  const isText = more.length === 0 && first?.type === 'text' && first.cache_control === undefined;
  const told = isText ? first.text : content;
  return { ...rest, ...(told?.length > 0 && { content: told }), ...(is_error === true && { is_error }) };
}

const word = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `w${text}`);
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
const PDF = Buffer.from('%PDF-1.4 a page').toString('base64');

const textBlock = word.map((text) => ({ type: 'text', text }));
const mediaBlock = fc.constantFrom<Fields>(
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
  { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
  { type: 'image', source: { type: 'file', file_id: 'file_1' } },
  { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } },
  {
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data: PDF },
    title: 'T',
    context: 'C',
  },
  {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'plain' },
    citations: { enabled: true },
  },
  { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
  { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'found' }] },
);
const thinkingBlock = fc.oneof(
  fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: word }),
  fc.record({ type: fc.constant('redacted_thinking'), data: word }),
);
const input = fc.dictionary(
  fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
  fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 3 }),
  ),
  { maxKeys: 3 },
);
const resultContent = fc.oneof(
  fc.string(),
  fc.array(fc.oneof(textBlock, mediaBlock), { minLength: 1, maxLength: 2 }),
  fc.constant(undefined),
);

/** What an assistant said, what its calls brought, and what the user said then. */
const exchange = fc.record({
  thinking: fc.array(thinkingBlock, { maxLength: 2 }),
  text: fc.option(textBlock, { nil: undefined }),
  calls: fc.array(
    fc.record({ name: fc.constantFrom('look', 'send'), input, content: resultContent, failed: fc.boolean() }),
    { maxLength: 3 },
  ),
  last: fc.array(fc.oneof(textBlock, mediaBlock), { minLength: 1, maxLength: 3 }),
  asString: fc.boolean(),
});

type Exchange = typeof exchange extends fc.Arbitrary<infer Value> ? Value : never;

function turnsOf(exchanges: readonly Exchange[]): Fields[] {
  return exchanges.flatMap(({ thinking, text, calls, last, asString }, turn) => {
    const ids = calls.map((_, index) => `toolu_${turn}_${index}`);
    const uses = calls.map(({ name, input }, index) => ({ type: 'tool_use', id: ids[index], name, input }));
    const said = [
      ...thinking,
      text ?? (calls.length === 0 ? { type: 'text', text: 'well' } : undefined),
      ...uses,
    ];
    const results = calls.map(({ content, failed }, index) => ({
      type: 'tool_result',
      tool_use_id: ids[index],
      ...(content !== undefined && { content: failed ? 'it failed' : content }),
      ...(failed && { is_error: true }),
    }));
    const isPlain = asString && thinking.length === 0 && uses.length === 0;
    return [
      { role: 'assistant', content: isPlain ? String(text?.text ?? 'well') : said.filter((block) => block) },
      { role: 'user', content: [...results, ...last] },
    ];
  });
}

/** Marks a few blocks of the conversation, and no more than Claude takes. */
function marked(turns: readonly Fields[], places: readonly number[]): Fields[] {
  let place = 0;
  return turns.map((turn) => ({
    ...turn,
    content: Array.isArray(turn['content'])
      ? turn['content'].map((block: Fields) => {
          const mayCarry = !String(block['type']).endsWith('thinking');
          return mayCarry && places.includes(place++)
            ? { ...block, cache_control: { type: 'ephemeral' } }
            : block;
        })
      : turn['content'],
  }));
}

const conversation = fc
  .record({
    opening: fc.oneof(word, fc.array(fc.oneof(textBlock, mediaBlock), { minLength: 1, maxLength: 2 })),
    exchanges: fc.array(exchange, { maxLength: 3 }),
    places: fc.uniqueArray(fc.nat(12), { maxLength: 3 }),
    system: fc.option(fc.oneof(word, fc.array(textBlock, { minLength: 1, maxLength: 2 })), {
      nil: undefined,
    }),
  })
  .map(({ opening, exchanges, places, system }) => ({
    ...(system !== undefined && { system }),
    messages: marked([{ role: 'user', content: opening }, ...turnsOf(exchanges)], places),
  }));

const tools = [
  {
    name: 'look',
    description: 'Looks.',
    input_schema: { type: 'object', properties: { at: { type: 'string' } } },
  },
  {
    name: 'send',
    input_schema: { type: 'object', properties: {} },
    cache_control: { type: 'ephemeral', ttl: '5m' },
  },
];

describe('a Messages request that Claude answers', () => {
  it.each(['claude-opus-5-5', 'claude-opus-4-8', 'claude-haiku-4-5-20251001'])(
    'INV-10: is the same request again: texts, calls, results, images, documents, marks and reasoning, on %s',
    (model) => {
      fc.assert(
        fc.property(conversation, (asked) => {
          const body = { model, max_tokens: 900, tools, ...asked };
          const { body: reached, warnings } = sent(body);
          expect(reached).toEqual(normal(body));
          expect(warnings).toEqual([]);
        }),
        runs(),
      );
    },
  );

  it.each<[string, Fields]>([
    ['effort without thinking', { output_config: { effort: 'low' } }],
    ['thinking', { thinking: { type: 'adaptive', display: 'omitted' } }],
    ['both', { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
    ['thinking switched off', { thinking: { type: 'disabled' } }],
    ['a budget of the task', { output_config: { effort: 'low', task_budget: { type: 'tokens', total: 9 } } }],
    ['choices', { tools, tool_choice: { type: 'any', disable_parallel_tool_use: true } }],
    ['a named tool', { tools, tool_choice: { type: 'tool', name: 'look' } }],
    ['none', { tools, tool_choice: { type: 'none' } }],
    ['a server tool', { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }] }],
    ['settings of a tool', { tools: [{ ...tools[0], defer_loading: true, input_examples: [{ at: 'x' }] }] }],
    ['stops', { stop_sequences: ['\nEND', 'x'] }],
    ['more stops than OpenAI takes', { stop_sequences: ['a', 'b', 'c', 'd', 'e'] }],
    ['a user', { metadata: { user_id: 'u-1' } }],
    ['a long user', { metadata: { user_id: 'u'.repeat(200) } }],
    ['the standard tier', { service_tier: 'standard_only' }],
    ['automatic caching', { cache_control: { type: 'ephemeral', ttl: '1h' } }],
    ['a container', { container: 'c1' }],
    ['context management', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
    [
      'a schema',
      {
        output_config: {
          format: {
            type: 'json_schema',
            schema: {
              type: 'object',
              properties: { a: { type: 'string' } },
              required: ['a'],
              additionalProperties: false,
            },
          },
        },
      },
    ],
  ])('keeps %s', (_, more) => {
    const body = {
      model: 'claude-opus-4-8',
      max_tokens: 900,
      messages: [{ role: 'user', content: 'hi' }],
      ...more,
    };
    const { body: reached, warnings } = sent(body);
    expect(reached).toEqual(normal(body));
    expect(warnings).toEqual([]);
  });

  it('keeps sampling for models and hosts that take it, and tells of it elsewhere', () => {
    const body = {
      model: 'claude-opus-4-8',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'hi' }],
      top_k: 4,
    };
    expect(sent(body).warnings).toMatchObject([{ code: 'unsupported_parameter', param: 'top_k' }]);
  });

  it('a budget to think with stays one, and what comes of it is told', () => {
    const thinking = { type: 'enabled', budget_tokens: 2_000 };
    const body = {
      model: 'claude-sonnet-4-6',
      max_tokens: 9_000,
      messages: [{ role: 'user', content: 'hi' }],
      thinking,
    };
    expect(sent(body).body['thinking']).toEqual(thinking);
  });

  it('FIN-8 MSG-19: a paused turn is gone on with', () => {
    const content = [
      { type: 'text', text: 'I look.' },
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
    ];
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      { role: 'assistant', content },
    ];
    expect(sent({ model: 'claude-opus-5-5', max_tokens: 9, messages }).body['messages']).toEqual(messages);
  });

  it('REQ-3 fills the cache where no answer is wanted', () => {
    const body = { model: 'claude-opus-4-8', max_tokens: 0, messages: [{ role: 'user', content: 'hi' }] };
    expect(sent(body).body['max_tokens']).toBe(0);
  });
});
