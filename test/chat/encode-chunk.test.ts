import { describe, expect, it } from 'vitest';
import type { ChatCompletionChunk } from '../../src/chat/completion.ts';
import { ChunkEncoder } from '../../src/chat/encode-chunk.ts';
import type { ChatEvent } from '../../src/chat/events.ts';
import type { Usage } from '../../src/usage/usage.ts';
import {
  args,
  call,
  chunksOf,
  cited,
  custom,
  deltasOf,
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
  withUsage,
} from './answers.ts';

const ROLE = { role: 'assistant', content: '', refusal: null };

const deltas = (chunks: readonly ChatCompletionChunk[]): unknown[] =>
  chunks.map(({ choices }) => choices[0]?.delta);

describe('an answer of text', () => {
  it('STR-3, STR-5, STR-14, BUG-74: role, text, finish', () => {
    const chunk = {
      id: 'msg_1',
      object: 'chat.completion.chunk',
      created: 1_700_000_002,
      model: 'served-model',
    };
    const choice = { index: 0, finish_reason: null, logprobs: null };
    expect(chunksOf([[startOf('msg_1')], [text('Hel'), text('lo')], [stop('stop', 'end_turn')]])).toEqual([
      { ...chunk, choices: [{ ...choice, delta: ROLE }] },
      { ...chunk, choices: [{ ...choice, delta: { content: 'Hel' } }] },
      { ...chunk, choices: [{ ...choice, delta: { content: 'lo' } }] },
      {
        ...chunk,
        choices: [{ ...choice, delta: {}, finish_reason: 'stop', native_finish_reason: 'end_turn' }],
        runestone: info,
      },
    ]);
  });

  it('STR-3: without content it is role and finish (N9)', () => {
    expect(deltas(chunksOf([[startOf('msg_1')], [stop()]]))).toEqual([ROLE, {}]);
  });

  it.each<[string, unknown, readonly ChatEvent[]]>([
    ['null before a call (BUG-75)', null, [call(0), text('b')]],
    ['null before a refusal', null, [refusal('No.')]],
    ['empty before text', '', [text('a'), call(0)]],
    ['empty before reasoning, of which nobody knows what follows', '', [reasoning('hm'), call(0)]],
    ['empty before a finish', '', [stop()]],
  ])('RES-5, STR-3: the content of the role is %s', (_, content, events) => {
    expect(deltas(chunksOf([events]))[0] ?? ROLE).toEqual({ ...ROLE, content });
  });

  it('does not invent a native finish reason', () => {
    const [, end] = chunksOf([[stop('stop')]]);
    expect(end?.choices[0]).not.toHaveProperty('native_finish_reason');
  });

  it('the finish that the batch holds is left to `finish`, which knows more', () => {
    const chunks: ChatCompletionChunk[] = [];
    new ChunkEncoder(plain, head).encode([text('a'), stop()], chunks);
    expect(chunks.every(({ choices }) => choices[0]?.finish_reason === null)).toBe(true);
  });
});

describe('what makes no chunk', () => {
  it.each<[string, ChatEvent]>([
    ['STR-2: the start', startOf('msg_1')],
    ['STR-5: empty text', text('')],
    ['an empty refusal', refusal('')],
    ['STR-8: empty reasoning', reasoning('')],
    ['STR-12: an empty fragment of arguments', args(0, '')],
    ['STR-13: usage', used(1, 2)],
    ['STR-6: citations', cited('https://a.example')],
    ['vendor data', vendor({ a: 1 })],
    ['a warning', warned],
    ['a finish', stop()],
  ])('%s', (_, event) => {
    const chunks: ChatCompletionChunk[] = [];
    for (const form of [plain, withUsage, legacy]) new ChunkEncoder(form, head).encode([event], chunks);
    expect(chunks).toEqual([]);
  });

  it('an empty batch', () => {
    const chunks: ChatCompletionChunk[] = [];
    new ChunkEncoder(plain, head).encode([], chunks);
    expect(chunks).toEqual([]);
  });
});

describe('id, model and created', () => {
  const heads = (chunks: readonly ChatCompletionChunk[]): Set<string> =>
    new Set(chunks.map(({ id, model, created, object }) => JSON.stringify({ id, model, created, object })));

  it('RES-14: come without a fingerprint', () => {
    const chunks = chunksOf([[startOf('msg_7'), text('a'), stop()]], withUsage);
    expect(chunks.some((chunk) => 'system_fingerprint' in chunk)).toBe(false);
  });

  it('RES-2: are the provider’s own', () => {
    const [first] = chunksOf([[startOf('msg_7'), text('a')]]);
    expect(first).toMatchObject({ id: 'msg_7', model: 'served-model', created: 1_700_000_002 });
  });

  it('are the pool’s when the provider names none', () => {
    expect(chunksOf([[text('a')]])[0]).toMatchObject(head);
  });

  it.each([
    ['twice (V3)', [startOf('msg_1'), text('a'), startOf('msg_2'), text('b'), stop()]],
    ['too late (V5)', [text('a'), startOf('msg_2'), text('b'), stop()]],
  ])('5: stay the same in every chunk of an answer that starts %s', (_, events) => {
    const chunks = chunksOf([events], withUsage);
    expect(heads(chunks).size).toBe(1);
    expect(chunks.filter(({ choices }) => choices[0]?.delta.role)).toHaveLength(1);
  });
});

describe('refusal', () => {
  it('FIN-6, STR-25: is told in `refusal`, and ends as a content filter', () => {
    const chunks = chunksOf([[text('Well'), refusal('I will not.'), stop('content_filter', 'refusal')]]);
    expect(deltas(chunks)).toEqual([ROLE, { content: 'Well' }, { refusal: 'I will not.' }, {}]);
    expect(chunks.at(-1)?.choices[0]).toMatchObject({
      finish_reason: 'content_filter',
      native_finish_reason: 'refusal',
    });
  });
});

describe('reasoning', () => {
  it('STR-8, STR-10: readable text, then the signed block, in the order they came', () => {
    expect(deltasOf(reasoning('a'), reasoning('b'), thought('ab'), text('c'), hidden)).toEqual([
      { reasoning_content: 'a' },
      { reasoning_content: 'b' },
      { thinking_blocks: [{ type: 'thinking', thinking: 'ab', signature: 'signed ab' }] },
      { content: 'c' },
      { thinking_blocks: [{ type: 'redacted_thinking', data: 'Eq…' }] },
    ]);
  });

  it('RES-8: a line break parts the texts of separate blocks, in chunks as in the whole', () => {
    expect(deltasOf(reasoning('a'), thought('a'), reasoning('b'), reasoning('c'))).toEqual([
      { reasoning_content: 'a' },
      expect.objectContaining({}),
      { reasoning_content: '\nb' },
      { reasoning_content: 'c' },
    ]);
  });

  it('STR-3: a hidden thought alone brings the role before it', () => {
    expect(deltas(chunksOf([[startOf('msg_1'), thought('')]]))).toEqual([
      ROLE,
      { thinking_blocks: [{ type: 'thinking', thinking: '', signature: 'signed ' }] },
    ]);
  });
});

describe('tool calls', () => {
  it('STR-11, STR-12, BUG-48: id, type and name once, then arguments alone', () => {
    expect(deltasOf(call(0, 'w'), args(0, '{"c":'), args(0, ''), args(0, '1}'))).toEqual([
      { tool_calls: [{ index: 0, id: 'call_0', type: 'function', function: { name: 'w', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"c":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
    ]);
  });

  it('STR-12: fragments may be cut anywhere, and are passed on as they are', () => {
    const fragments = ['{"a":"x\\', 'u00e', '9", "n": 1', '2.5', 'e3}'];
    expect(deltasOf(call(0), ...fragments.map((part) => args(0, part))).slice(1)).toEqual(
      fragments.map((part) => ({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
    );
  });

  it('keep their index when parallel calls mix', () => {
    const events = [call(0), call(1), args(1, '{}'), args(0, '{"a":1}')];
    expect(deltasOf(...events).map(({ tool_calls }) => tool_calls?.[0]?.index)).toEqual([0, 1, 1, 0]);
  });

  it('STR-12c: a custom call is one delta of its true type', () => {
    expect(deltasOf(custom(0, 'SELECT 1'))).toEqual([
      {
        tool_calls: [
          { index: 0, id: 'call_0', type: 'custom', custom: { name: 'tool_0', input: 'SELECT 1' } },
        ],
      },
    ]);
  });

  it('FIN-3: end as tool_calls', () => {
    expect(chunksOf([[call(0), stop('tool_calls', 'tool_use')]]).at(-1)?.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      native_finish_reason: 'tool_use',
    });
  });

  it('FIN-5: end as length when they may be cut', () => {
    expect(chunksOf([[call(0), args(0, '{"a'), stop('length')]]).at(-1)?.choices[0]?.finish_reason).toBe(
      'length',
    );
  });
});

describe('legacy functions (STR-28)', () => {
  it('name first, then arguments, without index and id', () => {
    const chunks = chunksOf([[call(0, 'w'), args(0, '{"c":'), args(0, '1}'), stop('tool_calls')]], legacy);
    expect(deltas(chunks)).toEqual([
      { ...ROLE, content: null },
      { function_call: { name: 'w', arguments: '' } },
      { function_call: { arguments: '{"c":' } },
      { function_call: { arguments: '1}' } },
      {},
    ]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('function_call');
  });

  it('of several calls only the first has a place', () => {
    const events = [call(0), call(1), args(1, '{"b":1}'), args(0, '{}'), stop('tool_calls')];
    expect(JSON.stringify(chunksOf([events], legacy))).not.toMatch(/tool_1|"b/);
  });

  it('a custom call is a call with its input as arguments', () => {
    expect(deltas(chunksOf([[custom(0, 'x = 1')]], legacy))[1]).toEqual({
      function_call: { name: 'tool_0', arguments: 'x = 1' },
    });
  });

  it.each(['stop', 'length', 'content_filter'] as const)('%s stays what it is', (reason) => {
    expect(chunksOf([[text('a'), stop(reason)]], legacy).at(-1)?.choices[0]?.finish_reason).toBe(reason);
  });
});

describe('the last delta', () => {
  it('STR-6, STR-14: brings citations and what the provider adds', () => {
    const chunks = chunksOf([[cited('https://a.example'), text('a'), vendor({ tier: 'x' }), stop()]]);
    expect(chunks.at(-1)?.choices[0]?.delta).toEqual({
      annotations: [expect.objectContaining({ type: 'url_citation' })],
      provider_specific_fields: { acme: { tier: 'x' } },
    });
    expect(JSON.stringify(chunks.slice(0, -1))).not.toMatch(/annotations|provider_specific/);
  });

  it('RES-10: has the last citations, and no empty list', () => {
    const none: ChatEvent = { type: 'annotations', annotations: [] };
    expect(chunksOf([[text('a'), none, stop()]]).at(-1)?.choices[0]?.delta).toEqual({});
    const last = chunksOf([[cited('https://a.example'), cited('https://b.example'), none, stop()]]).at(-1);
    expect(last?.choices[0]?.delta.annotations).toMatchObject([
      { url_citation: { url: 'https://b.example' } },
    ]);
  });

  it('keeps the data of each provider apart, whatever its name (9)', () => {
    const chunks = chunksOf([[vendor(1, 'one'), vendor(2, '__proto__'), vendor(3, 'one'), stop()]]);
    expect(JSON.stringify(chunks.at(-1)?.choices[0]?.delta)).toBe(
      '{"provider_specific_fields":{"one":3,"__proto__":2}}',
    );
    expect(Reflect.get({}, 'one')).toBeUndefined();
  });
});

describe('the tier', () => {
  it.each([plain, withUsage])(
    'RES-13: stands on the chunk that ends the answer, and on no other: %o',
    (form) => {
      const usage = { inputTokens: 3, outputTokens: 5, modifiers: { serviceTier: 'standard' } };
      const chunks = chunksOf([[{ type: 'usage', usage }, text('a'), stop()]], form);
      expect(chunks.map((chunk) => [chunk.choices[0]?.finish_reason, chunk.service_tier])).toEqual([
        [null, undefined],
        [null, undefined],
        ['stop', 'default'],
        ...(form === withUsage ? [[undefined, undefined]] : []),
      ]);
      expect(chunks.filter((chunk) => 'service_tier' in chunk)).toHaveLength(1);
    },
  );
});

describe('usage', () => {
  it('STR-15, BUG-15: null on every chunk, then one chunk of its own without choices', () => {
    const chunks = chunksOf([[used(3, 1), text('a'), used(3, 5), stop()]], withUsage);
    expect(chunks.slice(0, -1).map(({ usage }) => usage)).toEqual([null, null, null]);
    expect(chunks.at(-1)).toEqual({
      ...head,
      object: 'chat.completion.chunk',
      choices: [],
      usage: expect.objectContaining({ prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 }),
      runestone: info,
    });
    expect(chunks.filter(({ runestone }) => runestone)).toHaveLength(1);
  });

  it('STR-15: not a word of it when it was not asked for', () => {
    const chunks = chunksOf([[used(3, 5), text('a'), stop()]]);
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
    expect(chunks.at(-1)?.runestone).toBe(info);
  });

  it.each<[string, ChatEvent[]]>([
    ['nobody told any', []],
    ['USE-11: the output is unknown', [{ type: 'usage', usage: { inputTokens: 3, partial: true } }]],
    ['the input is unknown', [{ type: 'usage', usage: { outputTokens: 3 } }]],
  ])('is null, never 0, when %s', (_, events) => {
    expect(chunksOf([[...events, stop()]], withUsage).at(-1)?.usage).toBeNull();
  });

  it('USE-1 to USE-5, USE-8, USE-13: nests the cached part in the prompt', () => {
    const usage: Usage = {
      inputTokens: 10,
      cacheReadTokens: 200,
      cacheWrite5mTokens: 30,
      cacheWrite1hTokens: 4,
      outputTokens: 7,
      reasoningTokens: 2,
      serverTools: { webSearchRequests: 1 },
    };
    expect(chunksOf([[{ type: 'usage', usage }, stop()]], withUsage).at(-1)?.usage).toEqual({
      prompt_tokens: 244,
      completion_tokens: 7,
      total_tokens: 251,
      prompt_tokens_details: { cached_tokens: 200, cache_write_tokens: 34 },
      completion_tokens_details: {
        reasoning_tokens: 2,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
      provider_specific: { server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 } },
    });
  });
});

describe('the worked example of the contract (2.2)', () => {
  it('a hidden thought, text, two parallel calls, usage', () => {
    const chunks = chunksOf(
      [
        [startOf('msg_1')],
        [{ type: 'thinking_block', block: { type: 'thinking', thinking: '', signature: 'Eq..' } }],
        [text('Let me')],
        [call(0, 'w')],
        [args(0, '{"c":'), args(0, '1}')],
        [call(1, 't'), args(1, '{}')],
        [used(3, 5), stop('tool_calls', 'tool_use')],
      ],
      withUsage,
    );
    expect(deltas(chunks)).toEqual([
      ROLE,
      { thinking_blocks: [{ type: 'thinking', thinking: '', signature: 'Eq..' }] },
      { content: 'Let me' },
      { tool_calls: [{ index: 0, id: 'call_0', type: 'function', function: { name: 'w', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"c":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
      { tool_calls: [{ index: 1, id: 'call_1', type: 'function', function: { name: 't', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
      undefined,
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason ?? null)).toEqual([
      ...Array(8).fill(null),
      'tool_calls',
      null,
    ]);
  });
});
