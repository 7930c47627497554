import { describe, expect, it } from 'vitest';
import { eventsOfBlock } from '../../../../src/providers/anthropic/decode/whole-block.ts';

describe('eventsOfBlock', () => {
  it('starts and stops a block without an input', () => {
    const block = { type: 'text', text: 'a' };
    expect(eventsOfBlock(block, 3)).toEqual([
      { type: 'content_block_start', index: 3, content_block: block },
      { type: 'content_block_stop', index: 3 },
    ]);
  });

  it.each([
    [{ a: 1 }, { a: 1 }],
    [{}, {}],
    [null, {}],
    [undefined, {}],
    ['{"a":1}', '{"a":1}'],
  ])('RES-7: sends the input %j as a delta', (input, partial_json) => {
    expect(eventsOfBlock({ type: 'tool_use', id: 't', input }, 0)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't', input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json } },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  it('does not touch the block', () => {
    const block = Object.freeze({ type: 'tool_use', id: 't', input: Object.freeze({ a: 1 }) });
    eventsOfBlock(block, 0);
    expect(block.input).toEqual({ a: 1 });
  });
});
