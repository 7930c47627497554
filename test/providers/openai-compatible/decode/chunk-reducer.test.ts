import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent, ProviderError } from '../../../../src/provider-kit/index.ts';
import { ChunkReducer } from '../../../../src/providers/openai-compatible/decode/chunk-reducer.ts';
import { only, thrownBy, told } from '../../anthropic/wire.ts';
import { calls, chunk, reading, reduce } from '../chat.ts';

const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 };
const end = chunk({}, 'stop');

/** What a reducer tells for each chunk, without the end. */
function stepwise(chunks: readonly unknown[]): ChatEvent[][] {
  const reducer = new ChunkReducer(reading);
  return chunks.map((each) => {
    const out: ChatEvent[] = [];
    reducer.push(each, out);
    return out;
  });
}

describe('a stream of chunks', () => {
  it('tells start, text, usage and finish, in this order and each once', () => {
    const events = reduce([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      end,
      { ...chunk({}), choices: [], usage },
    ]);
    expect(events).toEqual([
      { type: 'start', id: 'chatcmpl-AbCdEf0123456789', model: 'served-1', created: 1_700_000_001 },
      { type: 'text_delta', text: 'Hel' },
      { type: 'text_delta', text: 'lo' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 4 } },
      { type: 'finish', reason: 'stop', raw: 'stop' },
    ]);
  });

  it('STR-2: commits to nothing before there is something to say', () => {
    const [first, second] = stepwise([chunk({ role: 'assistant', content: '', refusal: null }), end]);
    expect(first?.map(({ type }) => type)).toEqual(['start']);
    expect(second).toEqual([]);
  });

  it.each([
    ['text', chunk({ content: 'a' }), { text: 'a' }],
    ['a refusal', chunk({ refusal: 'No.' }), { refusal: 'No.' }],
    ['reasoning_content', chunk({ reasoning_content: 'hm' }), { reasoning: 'hm' }],
    ['reasoning', chunk({ reasoning: 'hm' }), { reasoning: 'hm' }],
    [
      'an empty reasoning_content beside reasoning',
      chunk({ reasoning_content: '', reasoning: 'hm' }),
      { reasoning: 'hm' },
    ],
    [
      'the same words under two names',
      chunk({ reasoning_content: 'hm', reasoning: 'hm' }),
      { reasoning: 'hm' },
    ],
    [
      'details of reasoning',
      chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }),
      { reasoning: 'hm' },
    ],
    [
      'details beside the words',
      chunk({ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }),
      { reasoning: 'hm' },
    ],
    ['content null', chunk({ content: null, role: 'assistant' }), { text: '' }],
    ['content in parts', chunk({ content: [{ type: 'text', text: 'a' }] }), { text: 'a' }],
    [
      'role and content in every chunk',
      chunk({ role: 'assistant', content: 'a', refusal: null, tool_calls: null }),
      { text: 'a' },
    ],
    [
      'a message where the delta should be',
      { choices: [{ index: 0, message: { content: 'a' } }] },
      { text: 'a' },
    ],
    ['audio, which is nothing here', chunk({ audio: { id: 'x', data: 'AAAA' } }), { text: '' }],
    ['no delta', chunk(null), { text: '' }],
  ])('tells %s', (_, one, expected) => {
    expect(told(reduce([one, end]))).toMatchObject({ ...expected, finish: 'stop' });
  });

  it('tells reasoning before the text of the same chunk', () => {
    const events = reduce([chunk({ content: 'a', reasoning: 'hm' }), end]);
    expect(events.slice(1, 3).map(({ type }) => type)).toEqual(['reasoning_delta', 'text_delta']);
  });

  it('STR-28: reads the deprecated form of a call', () => {
    const events = reduce([
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{"x":' } }),
      chunk({ function_call: { arguments: '1}' } }),
      chunk({}, 'function_call'),
    ]);
    expect(told(events)).toMatchObject({
      calls: [{ name: 'f', arguments: '{"x":1}' }],
      finish: 'tool_calls',
    });
  });

  it('reads a call that is no list', () => {
    const one = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
    expect(told(reduce([chunk({ tool_calls: one }), end])).calls).toEqual([
      { id: 'a', name: 'f', arguments: '{}' },
    ]);
    expect(told(reduce([chunk({ tool_calls: [null, 7, one] }), end])).calls).toHaveLength(1);
  });

  it('keeps the first of several choices, by its own number', () => {
    const several = (...choices: unknown[]) => ({ ...chunk({}), choices });
    const events = reduce([
      several({ index: 1, delta: { content: 'b' } }, { index: 0, delta: { content: 'a' } }),
      several({ index: 1, delta: { content: 'b' }, finish_reason: 'length' }),
      several({ delta: { content: 'a' }, finish_reason: 'stop' }),
    ]);
    expect(told(events)).toMatchObject({ text: 'aa', finish: 'stop' });
  });
});

describe('the finish', () => {
  it('may come with the last content (V17: finish-with-content)', () => {
    expect(told(reduce([chunk({ content: 'a' }, 'stop')]))).toMatchObject({ text: 'a', finish: 'stop' });
  });

  it.each([
    ['stop', [chunk({ content: 'a' }), end], 'stop', 'stop'],
    [
      'stop beside calls (FIN-10)',
      [calls({ index: 0, id: 'a', function: { name: 'f' } }), end],
      'tool_calls',
      'stop',
    ],
    ['tool_calls without any (FIN-4)', [chunk({}, 'tool_calls')], 'stop', 'tool_calls'],
    ['length', [chunk({}, 'length')], 'length', 'length'],
    ['an odd spelling', [chunk({}, 'eos')], 'stop', 'eos'],
    ['an empty word, then a true one', [chunk({ content: 'a' }, ''), end], 'stop', 'stop'],
    [
      'a word in every chunk',
      [chunk({ content: 'a' }, 'stop'), chunk({ content: 'b' }, 'stop')],
      'stop',
      'stop',
    ],
    ['a plain end corrected', [end, chunk({}, 'length')], 'length', 'length'],
    [
      'a plain end after another, which stands',
      [chunk({}, 'content_filter'), end],
      'content_filter',
      'content_filter',
    ],
  ])('is told once: %s', (_, chunks, reason, raw) => {
    const finishes = only(reduce(chunks), 'finish');
    expect(finishes).toEqual([{ type: 'finish', reason, raw }]);
  });

  it('FIN-12: of an unknown word is `stop`, with a warning', () => {
    expect(told(reduce([chunk({}, 'brand_new')]))).toMatchObject({
      finish: 'stop',
      raw: 'brand_new',
      warnings: [{ code: 'unknown_stop_reason' }],
    });
  });

  it('does not end the text: hosts that say it in every chunk go on', () => {
    const events = reduce([chunk({ content: 'a' }, 'stop'), chunk({ content: 'b' }, 'stop')]);
    expect(told(events).text).toBe('ab');
  });

  it('ERR-56: is never made up', () => {
    const events = reduce([chunk({ content: 'a' }), { ...chunk({}), choices: [], usage }]);
    expect(told(events)).toMatchObject({ text: 'a', finish: undefined });
    const reducer = new ChunkReducer(reading);
    reducer.push(chunk({ content: 'a' }), []);
    expect([reducer.stopped, reducer.finished]).toEqual([false, false]);
  });

  it('is known before it is told, and nothing is told after it', () => {
    const reducer = new ChunkReducer(reading);
    const out: ChatEvent[] = [];
    reducer.push(end, out);
    expect([reducer.stopped, reducer.finished]).toEqual([true, false]);
    reducer.end(out);
    expect([reducer.stopped, reducer.finished]).toEqual([true, true]);
    const told = out.length;
    reducer.end(out);
    expect(out).toHaveLength(told);
  });

  it.each([
    ['error', 'server_error'],
    ['abort', 'server_error'],
    ['insufficient_system_resource', 'overloaded'],
  ])('that is a failure is thrown: %s', (word, code) => {
    expect(thrownBy(() => reduce([chunk({ content: 'a' }, word)]))).toMatchObject({
      name: 'ProviderError',
      code,
      provider: 'acme',
      model: 'model-1',
    });
  });

  it('STR-12a: leaves arguments that were cut as they are', () => {
    const start = calls({ index: 0, id: 'a', function: { name: 'f', arguments: '' } });
    expect(told(reduce([start, chunk({}, 'length')])).calls).toEqual([{ id: 'a', name: 'f', arguments: '' }]);
    expect(told(reduce([start, chunk({}, 'tool_calls')])).calls).toEqual([
      { id: 'a', name: 'f', arguments: '{}' },
    ]);
  });

  it('is refused for a call without a name', () => {
    const nameless = calls({ index: 0, id: 'a', function: { arguments: '{}' } });
    expect(thrownBy(() => reduce([nameless, end]))).toMatchObject({ code: 'bad_response' });
  });
});

describe('usage', () => {
  const running = (completion_tokens: number) => ({ usage: { prompt_tokens: 10, completion_tokens } });
  const usages = (chunks: readonly unknown[]): unknown[] =>
    only(reduce(chunks), 'usage').map((event) => event.type === 'usage' && event.usage);

  it.each([
    ['in a last chunk without choices', [end, { ...chunk({}), choices: [], usage }]],
    ['in a last chunk that has no choices at all', [end, { id: 'x', usage }]],
    ['in the chunk with the finish', [chunk({}, 'stop', { usage })]],
    [
      'in a last chunk with an empty choice, as from OpenRouter',
      [end, chunk({ content: '' }, null, { usage })],
    ],
    ['in x_groq', [chunk({}, 'stop', { x_groq: { id: 'req', usage } })]],
    [
      'in the choice, as from Moonshot',
      [{ ...chunk({}), choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }],
    ],
    ['in the chunk before the finish', [chunk({ content: 'a' }, null, { usage }), end]],
  ])('USE-6: is found %s', (_, chunks) => {
    expect(usages(chunks).at(-1)).toEqual({ inputTokens: 10, outputTokens: 4 });
  });

  it('USE-6, BUG-13: is a running total where every chunk has one, and the last one counts', () => {
    const chunks = [
      chunk({ content: 'a' }, null, running(1)),
      chunk({ content: 'b' }, null, running(2)),
      chunk({}, 'stop', running(3)),
    ];
    expect(usages(chunks)).toEqual([
      { inputTokens: 10, outputTokens: 1, partial: true },
      { inputTokens: 10, outputTokens: 2, partial: true },
      { inputTokens: 10, outputTokens: 3 },
    ]);
  });

  it('USE-11: is partial when the answer was cut', () => {
    expect(usages([chunk({ content: 'a' }, null, running(1))]).at(-1)).toMatchObject({ partial: true });
  });

  it.each([null, undefined, 'none', {}, { prompt_tokens: 0, completion_tokens: 0 }])(
    'is unknown when it is %j',
    (nothing) => {
      expect(usages([chunk({ content: 'a' }, null, { usage: nothing }), end])).toEqual([]);
    },
  );

  it('names the tier that the answer names', () => {
    const chunks = [chunk({ content: 'a' }, null, { service_tier: 'flex' }), chunk({}, 'stop', { usage })];
    expect(usages(chunks).at(-1)).toMatchObject({ modifiers: { serviceTier: 'flex' } });
  });
});

describe('the head', () => {
  it('RES-2: is told once, by the first chunk that has one', () => {
    const events = reduce([
      { id: '', model: '', object: '', choices: [], prompt_filter_results: [{}] },
      chunk({ role: 'assistant' }),
      chunk({ content: 'a' }, null, { id: 'another-id-0123456789', model: 'another' }),
      end,
    ]);
    expect(only(events, 'start')).toEqual([
      { type: 'start', id: 'chatcmpl-AbCdEf0123456789', model: 'served-1', created: 1_700_000_001 },
    ]);
  });

  it('is ours where the host has no unique id, so that the served model is told all the same', () => {
    const [first] = reduce([chunk({ content: 'a' }, null, { id: 'chatcmpl-123' }), end]);
    expect(first).toMatchObject({ type: 'start', id: 'chatcmpl-req-1', model: 'served-1' });
  });
});

describe('what else an answer says', () => {
  it("is carried under the provider's name, before the finish", () => {
    const details = [{ type: 'reasoning.encrypted', data: 'sig' }];
    const events = reduce([
      chunk({ reasoning_details: details }, null, { system_fingerprint: 'fp_1', service_tier: 'default' }),
      calls({
        index: 0,
        id: 'a',
        function: { name: 'f', arguments: '{}' },
        extra_content: { google: { thought_signature: 's' } },
      }),
      chunk({}, 'tool_calls', { citations: ['https://a.example'] }),
    ]);
    expect(events.at(-2)).toEqual({
      type: 'vendor',
      provider: 'acme',
      data: {
        system_fingerprint: 'fp_1',
        service_tier: 'default',
        citations: ['https://a.example'],
        reasoning_details: details,
        tool_calls: { a: { extra_content: { google: { thought_signature: 's' } } } },
      },
    });
    expect(events.at(-1)?.type).toBe('finish');
  });

  it('is nothing for a plain answer', () => {
    expect(only(reduce([chunk({ content: 'a' }), end]), 'vendor')).toEqual([]);
  });

  it('RES-10: tells citations of web pages together, at the end', () => {
    const cite = (url: string) => ({
      type: 'url_citation',
      url_citation: { url, title: 'T', start_index: 0, end_index: 1 },
    });
    const events = reduce([
      chunk({ annotations: [cite('https://a.example')] }),
      chunk({ annotations: [cite('https://b.example')] }, 'stop'),
    ]);
    expect(told(events).annotations).toEqual([cite('https://a.example'), cite('https://b.example')]);
    expect(only(events, 'annotations')).toHaveLength(1);
  });

  it('keeps the probabilities that were asked for', () => {
    const choice = {
      index: 0,
      delta: { content: 'a' },
      logprobs: { content: [{ token: 'a', logprob: -0.1 }] },
    };
    const events = reduce([{ ...chunk({}), choices: [choice] }, end]);
    expect(told(events).vendor).toEqual({
      logprobs: { content: [{ token: 'a', logprob: -0.1 }], refusal: [] },
    });
  });
});

describe('ERR-54: an error inside a stream', () => {
  const failure = (body: unknown): unknown => thrownBy(() => reduce([chunk({ content: 'a' }), body]));

  it.each([
    ['OpenAI', { error: { message: 'x', type: 'server_error', code: null } }, 'server_error'],
    [
      'an overload (ERR-53)',
      { error: { message: 'Slow down', type: 'server_error', code: null } },
      'overloaded',
    ],
    [
      'a rate limit',
      { error: { message: 'x', type: 'requests', code: 'rate_limit_exceeded' } },
      'rate_limited',
    ],
    ['used-up quota (ERR-51)', { error: { message: 'x', code: 'insufficient_quota' } }, 'quota_exhausted'],
    [
      'a context that is too long (ERR-40)',
      { error: { message: 'x', code: 'context_length_exceeded' } },
      'context_overflow',
    ],
    ['a text', { error: 'failed' }, 'server_error'],
    ['a text that tells an overload', { error: 'overloaded' }, 'overloaded'],
    [
      'no envelope',
      { object: 'error', message: 'x', type: 'invalid_request_error', code: 400 },
      'invalid_request',
    ],
    ['a message alone', { message: 'upstream connect error' }, 'server_error'],
    ['FastAPI', { detail: 'x' }, 'server_error'],
    [
      'OpenRouter: the status as the code',
      { error: { code: 502, message: 'x' }, choices: [{ delta: { content: '' }, finish_reason: 'error' }] },
      'server_error',
    ],
    [
      'OpenRouter: inside the choice',
      { choices: [{ delta: {}, error: { code: 429, message: 'x' } }] },
      'rate_limited',
    ],
    [
      'Groq',
      { error: { message: 'x', type: 'invalid_request_error', code: 'tool_use_failed', status_code: 400 } },
      'invalid_request',
    ],
  ])('is thrown by its words: %s', (_, body, code) => {
    expect(failure(body)).toMatchObject({ name: 'ProviderError', code, provider: 'acme', model: 'model-1' });
  });

  it('has no status, and hides the key (ERR-61)', () => {
    const body = { error: { message: 'bad key sk-secret-canary-1 for acme', code: 'server_error' } };
    const error = thrownBy(() => reduce([body], { secrets: ['sk-secret-canary-1'] })) as ProviderError;
    expect(error.status).toBeUndefined();
    expect(error.message).not.toContain('canary');
    expect(error.message).toContain('bad key');
  });

  it('is not seen in a stream that says `error: null` in every chunk', () => {
    expect(
      told(reduce([chunk({ content: 'a' }, null, { error: null }), chunk({}, 'stop', { error: null })])),
    ).toMatchObject({ text: 'a', finish: 'stop' });
  });
});

describe('whatever a host sends', () => {
  it.each([
    [null],
    [42],
    [''],
    [[]],
    ['text'],
    [true],
    [{}],
    [{ choices: {} }],
    [{ choices: [null] }],
    [{ choices: [[]] }],
    [{ choices: [{ delta: [] }] }],
  ])('V12: is ignored when it is no chunk: %j', (odd) => {
    expect(told(reduce([odd, chunk({ content: 'a' }), odd, end]))).toMatchObject({
      text: 'a',
      finish: 'stop',
    });
  });

  it('V14: arguments nested without end are refused', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    const one = calls({ index: 0, id: 'a', function: { name: 'f', arguments: deep } });
    expect(thrownBy(() => reduce([one, end]))).toMatchObject({ code: 'bad_response' });
  });

  it('leads to events or to a ProviderError, and to nothing else', () => {
    const odd = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('stop', 'error', null, 0, ''));
    const field = fc.constantFrom('delta', 'message', 'finish_reason', 'index', 'error', 'logprobs', 'usage');
    const inDelta = fc.constantFrom(
      'content',
      'tool_calls',
      'function_call',
      'reasoning',
      'reasoning_details',
      'annotations',
      'refusal',
    );
    const delta = fc.dictionary(inDelta, odd, { maxKeys: 4 });
    const choice = fc.oneof(
      fc.dictionary(field, odd, { maxKeys: 4 }),
      delta.map((value) => ({ index: 0, delta: value })),
    );
    const any = fc.oneof(
      odd,
      fc.record(
        { choices: fc.array(choice, { maxLength: 2 }), usage: odd, error: fc.option(odd) },
        { requiredKeys: ['choices'] },
      ),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (chunks) => {
        let events: ChatEvent[] = [];
        try {
          events = reduce(chunks);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProviderError' });
        }
        expect(only(events, 'finish').length).toBeLessThanOrEqual(1);
        expect(only(events, 'start').length).toBeLessThanOrEqual(1);
        const starts = only(events, 'tool_call_start', 'custom_tool_call');
        expect(starts.map((event) => 'index' in event && event.index).sort()).toEqual(
          starts.map((_, i) => i),
        );
      }),
      { numRuns: 200 },
    );
  });
});
