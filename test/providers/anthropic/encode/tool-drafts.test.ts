import { describe, expect, it } from 'vitest';
import { encode, refusalOf, tool, wireTool } from './encoding.ts';

const sent = (tools: readonly unknown[], setting: object = {}): unknown =>
  encode({ tools }, setting).body.tools;

describe('tools', () => {
  it('TL-1 keep their order and carry no type', () => {
    expect(sent([tool('b'), tool('a', undefined, { description: 'A.' })])).toEqual([
      wireTool('b'),
      { ...wireTool('a'), description: 'A.' },
    ]);
  });

  it('TL-2 have no description rather than an empty one', () => {
    expect(
      sent([tool('a', undefined, { description: '' }), tool('b', undefined, { description: null })]),
    ).toEqual([wireTool('a'), wireTool('b')]);
  });

  it('TL-5 BUG-55 have different names, where case counts', () => {
    expect(refusalOf(() => sent([tool('a'), tool('b'), tool('a')]))).toBe(
      'invalid_value tools[2].function.name',
    );
    expect(sent([tool('a'), tool('A')])).toHaveLength(2);
    const custom = { type: 'custom', custom: { name: 'a' } };
    expect(refusalOf(() => sent([tool('a'), custom]))).toBe('invalid_value tools[1].custom.name');
    const bash = { type: 'bash_20250124', name: 'bash' };
    expect(refusalOf(() => sent([bash, bash]))).toBe('invalid_value tools[1].name');
  });

  it.each([
    'bash_20250124',
    'text_editor_20250728',
    'computer_toolset_20260801',
    'web_search_20260318',
    'web_fetch_20260318',
    'code_execution_20260521',
    'tool_search_tool_bm25_20251119',
    'memory_20250818',
    'browser_toolset_20260801',
    'mcp_toolset',
  ])('TL-16 of type %s pass in their place', (type) => {
    const native = { type, max_uses: 3 };
    expect(sent([tool('a'), native, tool('b')])).toEqual([wireTool('a'), native, wireTool('b')]);
    expect(refusalOf(() => sent([native], { acceptNativeTools: false }))).toBe(
      'unsupported_value tools[0].type',
    );
  });

  it.each(['retrieval', 'bash', 'mcp_toolset_2'])('TL-16 of type %s are refused', (type) => {
    expect(refusalOf(() => sent([tool('a'), { type }]))).toBe('unsupported_value tools[1].type');
    expect(refusalOf(() => sent([{ ...tool('a'), type }]))).toBe('unsupported_value tools[0].type');
  });

  it('TL-16 bring the beta they need', () => {
    expect(encode({ tools: [{ type: 'computer_20251124', name: 'computer' }] }).betas).toEqual([
      'computer-use-2025-11-24',
    ]);
    expect(encode({ tools: [{ type: 'mcp_toolset', mcp_server_name: 'm' }] }).betas).toEqual([
      'mcp-client-2025-11-20',
    ]);
  });

  it('TL-17 keep Anthropic’s settings, those of the tool before those of the function', () => {
    const settings = {
      defer_loading: true,
      allowed_callers: ['direct'],
      input_examples: [{ a: 1 }],
      eager_input_streaming: false,
    };
    const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(
      sent([
        { ...tool('a', undefined, { ...settings, defer_loading: false, ...mark }), defer_loading: true },
      ]),
    ).toEqual([{ ...wireTool('a'), ...settings, ...mark }]);
    expect(sent([{ ...tool('a'), defer_loading: null }])).toEqual([wireTool('a')]);
    expect(sent([{ ...tool('a'), ...settings, odd: 1 }])).toEqual([{ ...wireTool('a'), ...settings }]);
  });

  it('TL-14 REQ-17 come from the legacy functions too', () => {
    const functions = [{ name: 'f', description: 'F.', parameters: { type: 'object' } }];
    const { body, reading } = encode({ functions });
    expect(body.tools).toEqual([{ name: 'f', description: 'F.', input_schema: { type: 'object' } }]);
    expect(body.tool_choice).toEqual({ type: 'auto', disable_parallel_tool_use: true });
    expect(reading.legacyFunctions).toBe(true);
    expect(encode({ tools: [tool('f')] }).reading.legacyFunctions).toBe(false);
  });

  it('REQ-17 come from one of the two only', () => {
    expect(refusalOf(() => encode({ tools: [tool('a')], functions: [{ name: 'f' }] }))).toBe(
      'unsupported_parameter functions',
    );
    expect(refusalOf(() => encode({ functions: [{ name: 'f' }, { name: 'f' }] }))).toBe(
      'invalid_value functions[1].name',
    );
    expect(refusalOf(() => encode({ functions: [{}] }))).toBe('missing_required_parameter functions[0].name');
  });
});
