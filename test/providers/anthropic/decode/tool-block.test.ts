import { describe, expect, it } from 'vitest';
import { fixture, only, type ReducerOptions, reduce, thrownBy, told, wire } from '../wire.ts';

const read = (events: readonly unknown[], options: Partial<ReducerOptions> = {}, stop: string = 'tool_use') =>
  reduce([wire.start(), ...events, ...wire.end(stop)], options);

const callEvents = ['tool_call_start', 'tool_call_delta', 'custom_tool_call'] as const;

describe('a function call', () => {
  it('STR-11 STR-12 BUG-48: id and name once, then the fragments as they are', () => {
    const events = read(wire.tool(0, 'toolu_1', 'f', '{"a":"\\', 'n', ' 1', '2"} \n'));
    expect(only(events, ...callEvents)).toEqual([
      { type: 'tool_call_start', index: 0, id: 'toolu_1', name: 'f' },
      { type: 'tool_call_delta', index: 0, arguments: '{"a":"\\' },
      { type: 'tool_call_delta', index: 0, arguments: 'n' },
      { type: 'tool_call_delta', index: 0, arguments: ' 1' },
      { type: 'tool_call_delta', index: 0, arguments: '2"} \n' },
    ]);
  });

  it('STR-11 BUG-3: indexes count calls from 0, not blocks', () => {
    const events = read([
      ...wire.text(0, 'a'),
      ...wire.tool(1, 't1', 'f', '{"x":1}'),
      ...wire.text(2, 'b'),
      ...wire.tool(7, 't2', 'g', '{"y":2}'),
    ]);
    expect(only(events, 'tool_call_start').map((event) => 'index' in event && event.index)).toEqual([0, 1]);
  });

  it.each([
    [{ caller: { type: 'code_execution_20260521', tool_id: 's' } }, 1],
    [{ caller: { type: 'direct' }, toolset_name: 'browser' }, 1],
    [{ caller: { type: 'direct' }, toolset_name: null }, 0],
    [{}, 0],
  ])('RES-7: what makes it more than a call is told before it: %j', (more, count) => {
    const start = { type: 'tool_use', id: 't', name: 'f', input: {}, ...more };
    const events = read([wire.block(0, start), wire.stopBlock(0)]);
    const before = events.slice(
      0,
      events.findIndex(({ type }) => type === 'tool_call_start'),
    );
    expect(only(before, 'vendor')).toEqual(
      Array(count).fill({ type: 'vendor', provider: 'anthropic', data: { tool_use: more } }),
    );
  });

  it('STR-11 BUG-1: the start event’s empty input is never written out', () => {
    expect(told(read(wire.tool(0, 't', 'f', '{"x":1}'))).calls[0]?.arguments).toBe('{"x":1}');
  });

  it.each([
    { name: 'an object and no deltas', input: { a: 1 }, deltas: [], told: '{"a":1}' },
    { name: 'an object and empty deltas', input: { a: 1 }, deltas: [''], told: '{"a":1}' },
    { name: 'an object and deltas, which win', input: { a: 1 }, deltas: ['{"b":', '2}'], told: '{"b":2}' },
    { name: 'JSON text', input: '{"c":3}', deltas: [], told: '{"c":3}' },
    { name: 'an array', input: [1], deltas: [], told: '[1]' },
    { name: 'null', input: null, deltas: [], told: '{}' },
    { name: 'nothing', input: undefined, deltas: [], told: '{}' },
    { name: 'a number', input: 3, deltas: [], told: '{}' },
    { name: 'an object as a delta (G5)', input: {}, deltas: [{ d: 4 }], told: '{"d":4}' },
    { name: 'junk deltas', input: {}, deltas: [null, 7, true, undefined], told: '{}' },
  ])('STR-11 STR-12a: $name', ({ input, deltas, told: expected }) => {
    const events = [
      wire.block(0, { type: 'tool_use', id: 't', name: 'f', input }),
      ...deltas.map((partial_json) => wire.delta(0, { type: 'input_json_delta', partial_json })),
      wire.stopBlock(0),
    ];
    expect(told(read(events)).calls).toEqual([{ id: 't', name: 'f', arguments: expected }]);
  });

  it('STR-12a BUG-2 G4: a call without arguments joins to {}', () => {
    expect(told(reduce(fixture('empty-arguments'))).calls).toEqual([
      { id: 'toolu_E', name: 'now', arguments: '{}' },
    ]);
  });

  it.each(['max_tokens', 'model_context_window_exceeded'])('STR-12a: not when %s cut it', (stop) => {
    expect(told(read(wire.tool(0, 't', 'f'), {}, stop)).calls[0]?.arguments).toBe('');
  });

  it('STR-12a FIN-5: the recorded cut', () => {
    expect(told(reduce(fixture('max-tokens-in-call')))).toMatchObject({
      calls: [{ id: 'toolu_M', arguments: '' }],
      finish: 'length',
    });
  });

  it('STR-12a: a call that another block follows was complete, even if a cut comes later', () => {
    const events = [...wire.tool(0, 't', 'f'), ...wire.tool(1, 'u', 'g', '{"half":')];
    const { calls } = told(read(events, {}, 'max_tokens'));
    expect(calls.map((call) => call.arguments)).toEqual(['{}', '{"half":']);
  });

  it('STR-12a STR-19: nothing is added when the stream is cut', () => {
    expect(told(reduce([wire.start(), ...wire.tool(0, 't', 'f')])).calls[0]?.arguments).toBe('');
  });

  it('STR-12 G1 G3: invalid JSON is passed on, never repaired', () => {
    expect(told(reduce(fixture('invalid-arguments')))).toMatchObject({
      calls: [{ arguments: '{"text":"ab", oops' }],
      finish: 'tool_calls',
    });
  });

  it('TL-4 RES-7: names are told as the caller wrote them', () => {
    const toolNames = new Map([['a_b_1234abcd', 'a.b']]);
    expect(told(read(wire.tool(0, 't', 'a_b_1234abcd'), { toolNames })).calls[0]?.name).toBe('a.b');
    expect(told(read(wire.tool(0, 't', 'constructor'), { toolNames })).calls[0]?.name).toBe('constructor');
  });

  it('RES-7 G6: of two calls with one id the first is kept', () => {
    const events = [
      ...wire.tool(0, 'same', 'f', '{"a":1}'),
      ...wire.tool(1, 'same', 'g', '{"b":2}'),
      ...wire.tool(2, 'other', 'h', '{"c":3}'),
    ];
    expect(told(read(events)).calls).toEqual([
      { id: 'same', name: 'f', arguments: '{"a":1}' },
      { id: 'other', name: 'h', arguments: '{"c":3}' },
    ]);
  });

  it.each([
    [{ type: 'tool_use', id: 't', input: {} }],
    [{ type: 'tool_use', id: 't', name: '', input: {} }],
    [{ type: 'tool_use', id: 7, name: 'f', input: {} }],
    [{ type: 'tool_use', name: 'f', input: {} }],
  ])('V12: a call that nobody can answer is refused: %j', (block) => {
    expect(thrownBy(() => read([wire.block(0, block)]))).toMatchObject({ code: 'bad_response' });
  });

  it('V14: an input nested too deeply is refused with a typed error', () => {
    const input = JSON.parse(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    const block = wire.block(0, { type: 'tool_use', id: 't', name: 'f', input });
    expect(thrownBy(() => read([block]))).toMatchObject({ code: 'bad_response' });
  });

  it('V13: __proto__ in arguments stays data', () => {
    const input = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}');
    const events = [wire.block(0, { type: 'tool_use', id: 't', name: 'f', input }), wire.stopBlock(0)];
    expect(told(read(events)).calls[0]?.arguments).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('a custom tool (TL-12)', () => {
  const customTools = new Set(['patch']);

  it('STR-12c: is told once, at the end of its block', () => {
    const events = read(
      [...wire.tool(0, 't1', 'patch', '{"inp', 'ut":"line\\n2"}'), ...wire.tool(1, 't2', 'f', '{"a":1}')],
      { customTools },
    );
    expect(only(events, ...callEvents)).toEqual([
      { type: 'custom_tool_call', index: 0, id: 't1', name: 'patch', input: 'line\n2' },
      { type: 'tool_call_start', index: 1, id: 't2', name: 'f' },
      { type: 'tool_call_delta', index: 1, arguments: '{"a":1}' },
    ]);
    expect(told(events).finish).toBe('tool_calls');
  });

  it('goes by its wire name and is told by the caller’s', () => {
    const options = { customTools: new Set(['a_b_1']), toolNames: new Map([['a_b_1', 'a.b']]) };
    expect(told(read(wire.tool(0, 't', 'a_b_1', '{"input":"x"}'), options)).custom).toEqual([
      { index: 0, id: 't', name: 'a.b', input: 'x' },
    ]);
  });

  it.each([
    { name: 'cut input', json: '{"input":"half', input: '{"input":"half' },
    { name: 'another shape', json: '{"text":"x"}', input: '{"text":"x"}' },
    { name: 'input that is no text', json: '{"input":5}', input: '{"input":5}' },
    { name: 'empty text', json: '{"input":""}', input: '' },
    { name: 'nothing at all', json: '', input: '' },
  ])('G1: $name is handed on as it came', ({ json, input }) => {
    expect(told(read(wire.tool(0, 't', 'patch', json), { customTools })).custom[0]?.input).toBe(input);
  });

  it('reads an input that came whole in the start event', () => {
    const block = wire.block(0, { type: 'tool_use', id: 't', name: 'patch', input: { input: 'whole' } });
    expect(told(read([block, wire.stopBlock(0)], { customTools })).custom[0]?.input).toBe('whole');
  });

  it('says nothing when the stream breaks before its block is complete', () => {
    const open = [wire.start(), ...wire.tool(0, 't', 'patch', '{"input":"x').slice(0, -1)];
    expect(told(reduce(open, { customTools })).custom).toEqual([]);
  });
});

describe('the JSON tool (RF-4)', () => {
  const jsonTool = { jsonTool: true };

  it('STR-27 FIN-4 BUG-8: its input is the text, verbatim, and the answer stops', () => {
    const events = read(wire.tool(0, 't', 'json_response', '{"a": ', '[1, 2]}'), jsonTool);
    expect(told(events)).toMatchObject({ text: '{"a": [1, 2]}', calls: [], finish: 'stop', raw: 'tool_use' });
    expect(only(events, 'text_delta')).toHaveLength(2);
  });

  it('STR-27: whole in the start event, and empty', () => {
    const whole = wire.block(0, { type: 'tool_use', id: 't', name: 'json_response', input: { a: 1 } });
    expect(told(read([whole], jsonTool)).text).toBe('{"a":1}');
    expect(told(read(wire.tool(0, 't', 'json_response'), jsonTool)).text).toBe('{}');
    expect(told(read(wire.tool(0, 't', 'json_response'), jsonTool, 'max_tokens')).text).toBe('');
  });

  it('FIN-3: beside it a call of the caller’s own tool is a call', () => {
    const events = [...wire.tool(0, 't', 'json_response', '{}'), ...wire.tool(1, 'u', 'f', '{"x":1}')];
    expect(told(read(events, jsonTool))).toMatchObject({
      text: '{}',
      calls: [{ name: 'f' }],
      finish: 'tool_calls',
    });
  });

  it('is a tool like any other where the caller named one so', () => {
    expect(told(read(wire.tool(0, 't', 'json_response', '{}'))).calls).toHaveLength(1);
  });
});
