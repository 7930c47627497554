import { describe, expect, it } from 'vitest';
import type { ChatRequest, Tool } from '../../../../src/provider-kit/index.ts';
import type { Quirks } from '../../../../src/providers/openai-compatible/index.ts';
import { encode } from '../chat.ts';

const weather: Tool = {
  type: 'function',
  function: { name: 'weather', description: 'Tells.', parameters: { type: 'object' }, strict: true },
};

function fitted(
  request: Partial<ChatRequest>,
  quirks: Quirks = {},
): readonly [body: unknown, warned: unknown[]] {
  const { body, warnings } = encode(request, quirks);
  const { tools, tool_choice, parallel_tool_calls } = body;
  const sent = JSON.parse(JSON.stringify({ tools, tool_choice, parallel_tool_calls }));
  return [sent, warnings.map(({ code, param }) => [code, param])];
}

describe('tools', () => {
  it('go out as they came', () => {
    const custom: Tool = { type: 'custom', custom: { name: 'sh', format: { type: 'text' } } };
    const native: Tool = { type: 'web_search_20250305', name: 'web_search' };
    const request: Partial<ChatRequest> = {
      tools: [weather, custom, native],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: false,
    };
    expect(fitted(request)).toEqual([request, []]);
    expect(encode(request).body['tools']).toMatchObject([weather, custom, native]);
  });

  it("lose marks of a cache, and with a warning what else is Claude's (TL-17)", () => {
    const marked: Tool = {
      ...weather,
      cache_control: { type: 'ephemeral' },
      defer_loading: true,
      function: { ...weather.function!, cache_control: { type: 'ephemeral' }, input_examples: [{}] },
    };
    expect(fitted({ tools: [marked] })).toEqual([
      { tools: [weather] },
      [
        ['unsupported_parameter', 'tools[0].defer_loading'],
        ['unsupported_parameter', 'tools[0].function.input_examples'],
      ],
    ]);
    expect(marked).toHaveProperty('cache_control');
  });

  it('lose `strict` for a host that refuses it, with a warning where it meant something', () => {
    const { strict: _, ...plain } = weather.function!;
    const quirks: Quirks = { noStrictTools: true };
    expect(fitted({ tools: [weather] }, quirks)).toEqual([
      { tools: [{ type: 'function', function: plain }] },
      [['strict_dropped', 'tools[0].function.strict']],
    ]);
    const loose = { type: 'function', function: { ...plain, strict: false } };
    expect(fitted({ tools: [loose] }, quirks)).toEqual([
      { tools: [{ type: 'function', function: plain }] },
      [],
    ]);
    expect(fitted({ tools: [weather, weather] }, quirks)[1]).toHaveLength(1);
  });

  it('of none are left out with what chooses among them: OpenAI refuses an empty list', () => {
    const request: Partial<ChatRequest> = { tools: [], tool_choice: 'auto', parallel_tool_calls: true };
    expect(fitted(request)).toEqual([{}, []]);
  });
});

describe('the choice of a tool', () => {
  const quirks: Quirks = { noForcedToolChoice: true };

  it.each(['required', { type: 'function', function: { name: 'weather' } }] as const)(
    'becomes auto where a call cannot be forced: %j',
    (tool_choice) => {
      expect(fitted({ tools: [weather], tool_choice }, quirks)).toEqual([
        { tools: [weather], tool_choice: 'auto' },
        [['forced_tool_choice_weakened', 'tool_choice']],
      ]);
    },
  );

  it.each(['auto', 'none', undefined] as const)('stays: %s', (tool_choice) => {
    const request = { tools: [weather], ...(tool_choice && { tool_choice }) };
    expect(fitted(request, quirks)).toEqual([request, []]);
  });
});
