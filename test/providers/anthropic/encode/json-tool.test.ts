import { describe, expect, it } from 'vitest';
import { encode, type RawRequest, refusalOf, tool, wireTool } from './encoding.ts';

const LEGACY = { model: 'claude-3-7-sonnet' };
const SCHEMA = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } } };
const WANTED = { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: SCHEMA } } };
const SINGLE = { disable_parallel_tool_use: true };
const sent = (request: RawRequest = {}): ReturnType<typeof encode> =>
  encode({ ...WANTED, ...request }, LEGACY);

describe('the JSON tool', () => {
  it('RF-4 BUG-8 carries the answer on models without structured outputs', () => {
    const { body, reading } = sent();
    expect(body.tools).toEqual([
      {
        name: 'json_response',
        description: 'Gives the answer. Call it once, with the whole answer.',
        input_schema: SCHEMA,
      },
    ]);
    expect(body.tool_choice).toEqual({ type: 'tool', name: 'json_response', ...SINGLE });
    expect(body).not.toHaveProperty('output_config');
    expect(reading.jsonTool).toBe(true);
    expect(reading.jsonFence).toBe(false);
  });

  it('RF-4 RF-12 BUG-10 leaves the caller’s tools callable', () => {
    const { body } = sent({ tools: [tool('a')], tool_choice: 'auto' });
    expect(body.tools?.map(({ name }) => name)).toEqual(['a', 'json_response']);
    expect(body.tool_choice).toEqual({ type: 'any', ...SINGLE });
  });

  it('RF-4 is forced where the caller forbids his own', () => {
    expect(sent({ tools: [tool('a')], tool_choice: 'none' }).body.tool_choice).toEqual({
      type: 'tool',
      name: 'json_response',
      ...SINGLE,
    });
  });

  it.each<RawRequest>([
    { tools: [tool('a')], tool_choice: 'required' },
    { tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'a' } } },
    {
      tools: [tool('a')],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'a' } }] },
      },
    },
    { reasoning_effort: 'high' },
  ])('RF-4 is refused beside %j', (request) => {
    expect(refusalOf(() => sent(request))).toBe('unsupported_value response_format');
  });

  it('RF-4 goes with an allow-list that forces nothing', () => {
    const allowed = { mode: 'auto', tools: [{ type: 'function', function: { name: 'a' } }] };
    const { body } = sent({
      tools: [tool('a'), tool('b')],
      tool_choice: { type: 'allowed_tools', allowed_tools: allowed },
    });
    expect(body.tools?.map(({ name }) => name)).toEqual(['a', 'json_response']);
    expect(body.tool_choice).toEqual({ type: 'any', ...SINGLE });
  });

  it('RF-4 goes with thinking that is switched off', () => {
    expect(sent({ thinking: { type: 'disabled' } }).reading.jsonTool).toBe(true);
  });

  it('RF-4 moves a function of the same name out of its way', () => {
    const { body, reading } = sent({ tools: [tool('json_response')] });
    expect(body.tools?.[0]?.name).toMatch(/^json_response_[0-9a-f]{8}$/);
    expect([...reading.toolNames.values()]).toEqual(['json_response']);
    expect(encode({ tools: [tool('json_response')] }).body.tools).toEqual([wireTool('json_response')]);
  });
});
