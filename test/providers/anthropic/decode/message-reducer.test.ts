import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../../src/provider-kit/index.ts';
import { fixture, only, reduce, reducerWith, stepwise, thrownBy, told, wire } from '../wire.ts';

describe('a plain stream', () => {
  it('STR-2 STR-5 STR-13 STR-14: tells start, text as it comes, usage, and finish last', () => {
    expect(reduce(fixture('text')).filter(({ type }) => type !== 'vendor')).toEqual([
      { type: 'start', id: 'msg_01Text', model: 'claude-sonnet-5-5', created: 1_700_000_000 },
      { type: 'usage', usage: expect.objectContaining({ inputTokens: 25, partial: true }) },
      { type: 'text_delta', text: 'Hello' },
      { type: 'text_delta', text: ' there' },
      { type: 'text_delta', text: ', how are you?' },
      { type: 'usage', usage: expect.objectContaining({ inputTokens: 25, outputTokens: 9 }) },
      { type: 'finish', reason: 'stop', raw: 'end_turn' },
    ]);
  });

  it('RES-2 T-11: id and model are upstream’s own words, created is the caller’s', () => {
    const [start] = reduce([wire.start({ id: 'msg_x', model: 'claude-y' })], { created: 12 });
    expect(start).toEqual({ type: 'start', id: 'msg_x', model: 'claude-y', created: 12 });
  });

  it('RES-2: a name that only this host has is told as Anthropic’s, in the native message too', () => {
    const modelOf = (name: string): string => (name === 'us.anthropic.claude-y' ? 'claude-y' : name);
    const events = (model: string) =>
      reduce([wire.start({ model }), ...wire.text(0, 'a'), ...wire.end('end_turn')], { modelOf });
    for (const model of ['us.anthropic.claude-y', 'claude-y']) {
      expect(events(model)[0]).toMatchObject({ type: 'start', model: 'claude-y' });
      expect(JSON.stringify(only(events(model), 'vendor'))).toContain('"model":"claude-y"');
    }
    expect(events('claude-z')[0]).toMatchObject({ model: 'claude-z' });
  });

  it.each([
    { name: 'an unnamed model is the one asked for', message: { model: undefined }, model: 'asked' },
    { name: 'a model that is no text is the one asked for', message: { model: 7 }, model: 'asked' },
  ])('RES-2: $name', ({ message, model }) => {
    expect(reduce([wire.start(message)], { model: 'asked' })[0]).toMatchObject({ type: 'start', model });
  });

  it.each([undefined, null, '', 7, {}])('RES-2: without a usable id (%j) no start is told', (id) => {
    expect(
      only(reduce([wire.start({ id }), ...wire.text(0, 'a'), ...wire.end('end_turn')]), 'start'),
    ).toEqual([]);
  });

  it('STR-2 STR-3: nothing that commits comes out before there is content', () => {
    const quiet = stepwise(fixture('thinking-omitted').slice(0, 5)).flat();
    expect(quiet.map(({ type }) => type)).toEqual(['start', 'usage', 'thinking_block']);
  });

  it('STR-4: text in the start event is content', () => {
    const events = [wire.start(), wire.block(0, { type: 'text', text: 'Hi' }), ...wire.end('end_turn')];
    expect(told(reduce(events)).text).toBe('Hi');
  });

  it('STR-17 E5 BUG-90: event names do not matter, the type in the data does', () => {
    const answer = told(reduce(fixture('unnamed-events')));
    expect(answer).toMatchObject({ text: 'Héllo 🌍', finish: 'stop' });
  });

  it('STR-17: pings say nothing', () => {
    expect(stepwise([{ type: 'ping' }, wire.start(), { type: 'ping' }])).toEqual([
      [],
      [expect.anything()],
      [],
    ]);
  });

  it('STR-26: one event of the wire tells at most three', () => {
    const [, ...steps] = stepwise(fixture('web-search')).slice(0, -1);
    expect(Math.max(...steps.map((step) => step.length))).toBeLessThanOrEqual(3);
  });

  it('the worked example of the contract comes out in its order', () => {
    const events = reduce(fixture('parallel-tools'));
    expect(events.filter(({ type }) => !['start', 'usage', 'vendor'].includes(type))).toEqual([
      { type: 'thinking_block', block: { type: 'thinking', thinking: '', signature: 'EqPara==' } },
      { type: 'text_delta', text: 'Let me look.' },
      { type: 'tool_call_start', index: 0, id: 'toolu_A', name: 'weather' },
      { type: 'tool_call_delta', index: 0, arguments: '{"city":"Ber' },
      { type: 'tool_call_delta', index: 0, arguments: 'lin","days":1' },
      { type: 'tool_call_delta', index: 0, arguments: '0}' },
      { type: 'tool_call_start', index: 1, id: 'toolu_B', name: 'now' },
      { type: 'tool_call_delta', index: 1, arguments: '{}' },
      { type: 'finish', reason: 'tool_calls', raw: 'tool_use' },
    ]);
  });
});

describe('the end', () => {
  it('STR-13: several message_delta events make one finish, and what is null later changes nothing', () => {
    const delta = (stop_reason: unknown, stop_sequence: unknown, output_tokens: number) => ({
      type: 'message_delta',
      delta: { stop_reason, stop_sequence },
      usage: { output_tokens },
    });
    const answer = reduce([
      wire.start(),
      ...wire.text(0, 'a'),
      delta('stop_sequence', 'END', 3),
      delta(null, null, 5),
      { type: 'message_stop' },
    ]);
    expect(only(answer, 'finish')).toEqual([{ type: 'finish', reason: 'stop', raw: 'stop_sequence' }]);
    expect(told(answer)).toMatchObject({ usage: { outputTokens: 5 }, vendor: { stop_sequence: 'END' } });
  });

  it('STR-19 T37: a stop reason without an end event is a complete answer, with a warning', () => {
    const answer = reduce(fixture('missing-end'));
    expect(told(answer)).toMatchObject({
      text: 'Complete.',
      finish: 'stop',
      warnings: [{ code: 'missing_end' }],
    });
    expect(answer.at(-1)?.type).toBe('finish');
  });

  it('STR-19 T35: without a stop reason nothing is invented', () => {
    const answer = told(reduce(fixture('cut')));
    expect(answer).toMatchObject({ text: 'Once upon a time', finish: undefined, warnings: [] });
  });

  it('STR-19: a message_stop without any stop reason is a cut answer', () => {
    const cut = [wire.start(), ...wire.text(0, 'a'), { type: 'message_stop' }];
    expect(thrownBy(() => reduce(cut))).toMatchObject({ code: 'stream_truncated', provider: 'anthropic' });
  });

  it('N8: a message_stop before any message is no end', () => {
    expect(reduce([{ type: 'ping' }, { type: 'message_stop' }])).toEqual([]);
  });

  it('V9: after the finish nothing is told, not even an error', () => {
    const late = [...wire.text(1, 'late'), { type: 'error', error: { type: 'overloaded_error' } }];
    const answer = reduce([...fixture('text'), ...late, ...fixture('text')]);
    expect(answer.at(-1)?.type).toBe('finish');
    expect(only(answer, 'finish')).toHaveLength(1);
    expect(told(answer).text).not.toContain('late');
  });

  it('V8: blocks that were never closed are complete when the message is', () => {
    const open = [
      wire.start(),
      wire.block(0, { type: 'thinking', thinking: '', signature: 'Sig' }),
      wire.block(1, { type: 'tool_use', id: 't', name: 'f', input: {} }),
      wire.delta(1, { type: 'input_json_delta', partial_json: '{"a":1}' }),
      wire.block(2, { type: 'tool_use', id: 'u', name: 'g', input: {} }),
      ...wire.end('tool_use'),
    ];
    expect(told(reduce(open))).toMatchObject({
      blocks: [{ signature: 'Sig' }],
      calls: [{ arguments: '{"a":1}' }, { arguments: '{}' }],
      finish: 'tool_calls',
    });
  });

  it('T38: `stopped` and `finished` tell how far the answer has come', () => {
    const reducer = reducerWith();
    const seen = fixture('text').map((event) => {
      reducer.push(event, []);
      return [reducer.stopped, reducer.finished];
    });
    expect(seen.slice(-3)).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
  });
});

describe('an error in the stream', () => {
  it('STR-18 STR-2 B1 BUG-70: as the first event', () => {
    const error = thrownBy(() => reduce(fixture('error-first')));
    expect(error).toMatchObject({ code: 'overloaded', upstreamRequestId: 'req_011Err' });
    expect(error).not.toHaveProperty('status');
  });

  it('STR-18 B3 BUG-68: after content, which was told before', () => {
    const out: ChatEvent[] = [];
    const reducer = reducerWith();
    const error = thrownBy(() => {
      for (const event of fixture('error-later')) reducer.push(event, out);
    });
    expect(error).toMatchObject({ code: 'overloaded' });
    expect(told(out)).toMatchObject({ text: 'Half an ans', finish: undefined });
  });

  it('BUG-69 BUG-71: after an error there is no finish, even if the body goes on to one', () => {
    const out: ChatEvent[] = [];
    const reducer = reducerWith();
    for (const event of fixture('error-later').slice(0, -1)) reducer.push(event, out);
    expect(() => reducer.push({ type: 'error', error: { type: 'api_error' } }, out)).toThrow(
      'internal error',
    );
    reducer.endOfStream(out);
    expect(only(out, 'finish')).toEqual([]);
  });

  it.each([
    {
      name: 'the bare envelope',
      event: { error: { type: 'rate_limit_error', message: 'slow' } },
      code: 'rate_limited',
    },
    { name: 'an envelope without an error', event: { type: 'error' }, code: 'server_error' },
    { name: 'text for an error', event: { type: 'error', error: 'broken' }, code: 'server_error' },
  ])('B3 N3 ERR-36: $name', ({ event, code }) => {
    expect(thrownBy(() => reduce([wire.start(), event]))).toMatchObject({ code });
  });

  it('ERR-61: names the model, masks the key, maps the path', () => {
    const error = { type: 'invalid_request_error', message: 'messages.0.content: bad key-for-tests-1234' };
    const seen = thrownBy(() =>
      reduce([{ type: 'error', error }], {
        model: 'claude-x',
        secrets: ['key-for-tests-1234'],
        toCallerPath: (path) => path.replace('messages.0', 'messages[2]'),
      }),
    );
    expect(seen).toMatchObject({ code: 'invalid_request', model: 'claude-x', param: 'messages[2].content' });
    expect(String(seen)).not.toContain('key-for-tests');
  });
});

describe('a second message', () => {
  it('V3 STR-23: the same start twice is read once', () => {
    const [start, ...rest] = fixture('text');
    const answer = reduce([start, start, ...rest]);
    expect(only(answer, 'start')).toHaveLength(1);
    expect(told(answer).text).toBe('Hello there, how are you?');
  });

  it('V4: another one is refused before any of it is told', () => {
    const out: ChatEvent[] = [];
    const reducer = reducerWith();
    const error = thrownBy(() => {
      for (const event of [...fixture('text').slice(0, 4), ...fixture('empty-arguments')])
        reducer.push(event, out);
    });
    expect(error).toMatchObject({ code: 'bad_response' });
    expect(told(out).calls).toEqual([]);
  });
});

describe('events that are wrong', () => {
  it.each([
    ['a block', wire.block(0, { type: 'text', text: '' })],
    ['a delta', wire.delta(0, { type: 'text_delta', text: 'x' })],
  ])('V5: %s before the message is refused', (_, event) => {
    expect(thrownBy(() => reduce([event, ...fixture('text')]))).toMatchObject({ code: 'bad_response' });
  });

  it('V6 STR-23: a delta for no block, and one after the stop, are ignored', () => {
    const stray = wire.delta(9, { type: 'text_delta', text: 'stray' });
    const late = wire.delta(0, { type: 'text_delta', text: 'late' });
    const events = [
      wire.start(),
      stray,
      ...wire.text(0, 'a'),
      late,
      wire.stopBlock(0),
      ...wire.end('end_turn'),
    ];
    expect(told(reduce(events)).text).toBe('a');
  });

  it.each([['__proto__'], [-1], [0.5], [null], [undefined], ['0'], [{}], [2 ** 53]])(
    'V7: the index %j is no place for a block',
    (index) => {
      const hostile = [
        wire.block(index, { type: 'text', text: '' }),
        wire.delta(index, { type: 'text_delta', text: 'evil' }),
        wire.stopBlock(index),
      ];
      const answer = told(
        reduce([wire.start(), ...hostile, ...wire.text(0, 'good'), ...wire.end('end_turn')]),
      );
      expect(answer.text).toBe('good');
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
  );

  it('V7: a huge but whole index is one like any other', () => {
    const events = [wire.start(), ...wire.text(2 ** 32 - 1, 'far'), ...wire.end('end_turn')];
    expect(told(reduce(events)).text).toBe('far');
  });

  it('a host that gives every block the index 0 is read in order', () => {
    const events = [
      wire.start(),
      ...wire.text(0, 'a'),
      ...wire.tool(0, 't', 'f', '{"x":1}'),
      ...wire.text(0, 'b'),
    ];
    expect(told(reduce([...events, ...wire.end('tool_use')]))).toMatchObject({
      text: 'ab',
      calls: [{ arguments: '{"x":1}' }],
    });
  });

  it('a block that starts where one is still open completes that one', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'thinking', thinking: '', signature: 'S1' }),
      wire.block(0, { type: 'text', text: 'a' }),
      ...wire.end('end_turn'),
    ];
    expect(reduce(events).map(({ type }) => type)).toEqual([
      'start',
      'thinking_block',
      'text_delta',
      'usage',
      'vendor',
      'finish',
    ]);
  });

  it.each([[null], [42], ['x'], [[]], [undefined], [true], [{}], [{ type: null }], [{ type: 7 }]])(
    'V12: %j is no event',
    (junk) => {
      const [start, ...rest] = fixture('text');
      expect(reduce([junk, start, junk, ...rest.flatMap((event) => [event, junk])])).toEqual(
        reduce(fixture('text')),
      );
    },
  );

  it.each([
    [wire.block(0, null)],
    [wire.block(0, 'text')],
    [wire.block(0, {})],
    [wire.block(0, { type: 'text', text: 7, citations: 'no' })],
    [wire.block(0, { type: 'thinking' })],
    [wire.block(0, { type: 'redacted_thinking' })],
    [wire.block(0, { type: 'fallback', to: 'x' })],
    [{ type: 'message_delta' }],
    [{ type: 'message_delta', delta: 3, usage: 'none' }],
    [{ type: 'message_delta', delta: { stop_reason: 4, container: 1 }, usage: [] }],
  ])('V12: the malformed event %j is read without harm', (event) => {
    const answer = told(reduce([wire.start(), event, ...wire.text(5, 'ok'), ...wire.end('end_turn')]));
    expect(answer).toMatchObject({ text: 'ok', finish: 'stop' });
  });

  it.each([[undefined], [null], [7], ['m'], [[]]])(
    'V12: a message_start with %j for a message is refused',
    (message) => {
      expect(thrownBy(() => reduce([{ type: 'message_start', message }]))).toMatchObject({
        code: 'bad_response',
      });
    },
  );

  it('V1 STR-22 BUG-92: future events, blocks, deltas and reasons', () => {
    expect(told(reduce(fixture('future')))).toMatchObject({
      text: 'Hi',
      finish: 'stop',
      raw: 'satisfied',
      warnings: [{ code: 'unknown_stop_reason' }],
    });
  });

  it('V13: keys such as __proto__ stay data', () => {
    const { content } = told(reduce(fixture('future'))).vendor;
    expect(JSON.stringify(content)).toContain('"__proto__":{"polluted":true}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('V14: depth is refused with a typed error, not with a RangeError', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const events = [wire.start(), wire.block(0, { type: 'hologram', deep }), ...wire.end('end_turn')];
    expect(thrownBy(() => reduce(events))).toMatchObject({ code: 'bad_response' });
  });
});

describe('content in message_start (V16)', () => {
  const call = { type: 'tool_use', id: 'toolu_W', name: 'query', input: { sql: 'select 1' } };

  it('is told when the stream brings no blocks', () => {
    expect(told(reduce(fixture('content-in-start')))).toMatchObject({
      calls: [{ id: 'toolu_W', name: 'query', arguments: '{"sql":"select 1"}' }],
      finish: 'tool_calls',
    });
  });

  it('comes before the usage that ends the message, and once', () => {
    const types = reduce(fixture('content-in-start')).map(({ type }) => type);
    expect(types.filter((type) => type === 'tool_call_start')).toHaveLength(1);
    expect(types.indexOf('tool_call_start')).toBeLessThan(types.lastIndexOf('usage'));
  });

  it('is a mere preview when the stream brings the same blocks', () => {
    const events = [
      wire.start({ content: [call] }),
      ...wire.tool(0, 'toolu_W', 'query', '{"sql":"select 1"}'),
      ...wire.end('tool_use'),
    ];
    expect(told(reduce(events)).calls).toEqual([
      { id: 'toolu_W', name: 'query', arguments: '{"sql":"select 1"}' },
    ]);
  });

  it('is told as far as it comes before the first streamed block', () => {
    const content = [
      { type: 'text', text: 'Once ' },
      { type: 'text', text: 'preview' },
    ];
    const events = [wire.start({ content }), ...wire.text(1, 'upon'), ...wire.end('end_turn')];
    expect(told(reduce(events)).text).toBe('Once upon');
  });

  it('is told when the answer ends by its stop reason in the start already', () => {
    const events = [wire.start({ content: [call], stop_reason: 'tool_use' }), { type: 'message_stop' }];
    expect(told(reduce(events))).toMatchObject({ calls: [{ id: 'toolu_W' }], finish: 'tool_calls' });
  });

  it('tells empty arguments as {}, whatever ended the message', () => {
    const content = [{ ...call, input: {} }, null, 'junk'];
    const events = [wire.start({ content }), ...wire.end('max_tokens')];
    expect(told(reduce(events)).calls[0]?.arguments).toBe('{}');
  });
});
