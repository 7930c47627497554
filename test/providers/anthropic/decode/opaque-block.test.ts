import { describe, expect, it } from 'vitest';
import { fixture, only, reduce, told, wire } from '../wire.ts';

describe('blocks OpenAI has no place for', () => {
  it('STR-12b RES-15 BUG-5 BUG-91 D-5: provider-run tools never become calls', () => {
    const events = reduce(fixture('web-search'));
    expect(only(events, 'tool_call_start', 'tool_call_delta', 'custom_tool_call')).toEqual([]);
    expect(told(events).finish).toBe('stop');
  });

  it('STR-12b BUG-5 BUG-91: their input does not reach the client’s call before them', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'tool_use', id: 't', name: 'f', input: {} }),
      wire.block(1, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      wire.delta(1, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      wire.delta(0, { type: 'input_json_delta', partial_json: '{"mine":1}' }),
      wire.stopBlock(1),
      wire.stopBlock(0),
      ...wire.end('tool_use'),
    ];
    const answer = told(reduce(events));
    expect(answer.calls).toEqual([{ id: 't', name: 'f', arguments: '{"mine":1}' }]);
    expect(answer.vendor['content']).toMatchObject([{ input: { mine: 1 } }, { input: { query: 'x' } }]);
  });

  it('BUG-6 BUG-7 RES-9: use and result are kept together, verbatim', () => {
    const { content } = told(reduce(fixture('pause-turn'))).vendor;
    expect(content).toMatchObject([
      { type: 'text', text: 'Searching. ' },
      {
        type: 'server_tool_use',
        id: 'srvtoolu_S',
        input: { query: 'tallest tower' },
        caller: { type: 'direct' },
      },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_S',
        content: [{ encrypted_content: 'EncTower==' }],
      },
    ]);
  });

  it('are told in their place, whole, for doors that speak the same wire', () => {
    const events = [
      wire.start(),
      ...wire.text(0, 'I look. '),
      wire.block(1, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      wire.delta(1, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      wire.stopBlock(1),
      wire.block(2, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
      wire.stopBlock(2),
      ...wire.text(3, 'Found.'),
      ...wire.end('end_turn'),
    ];
    const said = reduce(events).flatMap((event) =>
      event.type === 'text_delta' ? [event.text] : event.type === 'vendor' ? [event.data] : [],
    );
    expect(said.slice(0, -1)).toEqual([
      'I look. ',
      { content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } } },
      { content_block: { type: 'web_search_tool_result', tool_use_id: 's', content: [] } },
      'Found.',
    ]);
  });

  it.each([
    { type: 'redacted_thinking', data: 'xyz' },
    { type: 'tool_use', id: 't', name: 'twice', input: {} },
  ])('is not told twice: $type', (block) => {
    const call = { type: 'tool_use', id: 't', name: 'f', input: {} };
    const events = [
      wire.start(),
      ...[call, block].flatMap((each, index) => [wire.block(index, each), wire.stopBlock(index)]),
      ...wire.end('tool_use'),
    ];
    expect(only(reduce(events), 'vendor')).toHaveLength(1);
  });

  it('STR-22 RES-16: an unknown block is kept as it started, its deltas are ignored', () => {
    const block = { type: 'connector_text', text: 'not for people' };
    const events = [
      wire.start(),
      wire.block(0, block),
      wire.delta(0, { type: 'text_delta', text: 'more' }),
      wire.stopBlock(0),
      ...wire.end('end_turn'),
    ];
    const answer = told(reduce(events));
    expect(answer.text).toBe('');
    expect(answer.vendor['content']).toEqual([block]);
  });

  it('FIN-9: a compaction block takes its final members from its delta', () => {
    const answer = told(reduce(fixture('compaction')));
    expect(answer).toMatchObject({ text: '', finish: 'stop', raw: 'compaction' });
    expect(answer.vendor['content']).toEqual([
      { type: 'compaction', content: 'The talk so far, in short.', encrypted_content: 'EncSum==' },
    ]);
  });

  it('a compaction delta on another block changes nothing', () => {
    const events = [
      wire.start(),
      wire.block(0, { type: 'hologram' }),
      wire.delta(0, { type: 'compaction_delta', content: 'x' }),
      ...wire.end('end_turn'),
    ];
    expect(told(reduce(events)).vendor['content']).toEqual([{ type: 'hologram' }]);
  });
});
