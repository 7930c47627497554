import { describe, expect, it } from 'vitest';
import { fixture, only, reduce, told, wire } from '../wire.ts';

const contentOf = (events: readonly unknown[]) => told(reduce(events)).vendor['content'];

describe('the native form (RES-9)', () => {
  it('goes under the key `anthropic`, whatever the provider is called', () => {
    expect(only(reduce(fixture('text'), { provider: 'claude-eu' }), 'vendor')).toMatchObject([
      { provider: 'anthropic' },
    ]);
  });

  it('FIN-2: carries what OpenAI has no field for, and nothing that is null', () => {
    expect(told(reduce(fixture('stop-sequence'))).vendor).toEqual({
      model: 'claude-sonnet-5-5',
      stop_reason: 'stop_sequence',
      stop_sequence: ', 4',
      service_tier: 'standard',
      usage: expect.objectContaining({ input_tokens: 25, output_tokens: 8 }),
    });
  });

  it('USE-4: keeps the split of cache writes', () => {
    expect(told(reduce(fixture('text'))).vendor['usage']).toMatchObject({
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    });
  });

  it('keeps the details of a stop and the container', () => {
    expect(told(reduce(fixture('refusal-mid-stream'))).vendor['stop_details']).toMatchObject({
      category: 'bio',
    });
    expect(told(reduce(fixture('content-in-start'))).vendor['container']).toMatchObject({
      id: 'container_01',
    });
  });

  it('STR-13: takes a container that is only named at the end', () => {
    const events = [wire.start({ container: null }), ...wire.end('end_turn', { container: { id: 'c2' } })];
    expect(told(reduce(events)).vendor['container']).toEqual({ id: 'c2' });
  });

  it.each(['text', 'stop-sequence', 'empty-arguments', 'refusal-first'])(
    'leaves content out of %s',
    (name) => {
      expect(contentOf(fixture(name))).toBeUndefined();
    },
  );

  it('FIN-8 BUG-6: holds the content array of a paused turn', () => {
    const kinds = contentOf(fixture('pause-turn'));
    expect(kinds).toMatchObject([
      { type: 'text' },
      { type: 'server_tool_use' },
      { type: 'web_search_tool_result' },
    ]);
  });

  it('BUG-16 BUG-17: holds thinking in its place between text and calls', () => {
    expect(contentOf(fixture('parallel-tools'))).toEqual([
      { type: 'thinking', thinking: '', signature: 'EqPara==' },
      { type: 'text', text: 'Let me look.', citations: null },
      {
        type: 'tool_use',
        id: 'toolu_A',
        name: 'weather',
        input: { city: 'Berlin', days: 10 },
        caller: { type: 'direct' },
      },
      { type: 'tool_use', id: 'toolu_B', name: 'now', input: {}, caller: { type: 'direct' } },
    ]);
  });

  it('RES-7: holds a call that was made from code, with its caller', () => {
    expect(contentOf(fixture('content-in-start'))).toMatchObject([
      { id: 'toolu_W', input: { sql: 'select 1' }, caller: { tool_id: 'srvtoolu_C' } },
    ]);
  });

  it('G1: is left out as a whole when an input is no JSON', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'thinking', thinking: '', signature: 'S' }),
      wire.stopBlock(0),
      ...wire.tool(1, 't', 'f', '{"half":'),
      ...wire.end('max_tokens'),
    ];
    const answer = told(reduce(events));
    expect(answer.vendor).not.toHaveProperty('content');
    expect(answer.blocks).toHaveLength(1);
  });

  it('STR-12d: names who served, and which calls are void', () => {
    expect(told(reduce(fixture('text'))).vendor).not.toHaveProperty('served_by');
    expect(told(reduce(fixture('fallback-mid-stream'))).vendor).toMatchObject({
      served_by: 'claude-opus-5-5',
      void_tool_calls: ['toolu_F'],
    });
  });

  it('RES-16: keeps a fallback block in its place', () => {
    expect(contentOf(fixture('fallback-mid-stream'))).toMatchObject([
      { type: 'text' },
      { type: 'tool_use' },
      { type: 'fallback', to: { model: 'claude-opus-5-5' } },
      { type: 'text' },
    ]);
  });
});
