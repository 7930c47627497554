import { describe, expect, it } from 'vitest';
import { addReplay, callExtras } from '../../../../src/providers/openai-compatible/encode/replay-fields.ts';

const details = [{ type: 'reasoning.encrypted', data: 'sig' }];
const message = (own: unknown, provider = 'acme') => ({
  role: 'assistant',
  content: 'a',
  reasoning_content: 'hm',
  provider_specific_fields: { [provider]: own },
});

function replay(of: Readonly<Record<string, unknown>>, name?: string): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  addReplay(of, 'acme', name, changes);
  return changes;
}

describe('what a host said in an earlier turn', () => {
  it('comes back to it: signed reasoning', () => {
    expect(replay(message({ reasoning_details: details }))).toEqual({ reasoning_details: details });
  });

  it('comes back to it: reasoning in words, under the name it wants', () => {
    expect(replay(message({}), 'reasoning_content')).toEqual({ reasoning_content: 'hm' });
    expect(replay(message({}), 'reasoning')).toEqual({ reasoning: 'hm' });
    expect(replay(message({}))).toEqual({});
    expect(replay({ ...message({}), reasoning_content: '' }, 'reasoning')).toEqual({});
  });

  it('does not go to another', () => {
    expect(replay(message({ reasoning_details: details }, 'other'))).toEqual({});
    expect(callExtras(message({ tool_calls: { a: { x: 1 } } }, 'other'), 'acme')).toBeUndefined();
  });

  it('comes back to it: what its calls had beyond', () => {
    const extras = { a: { extra_content: { google: { thought_signature: 's' } } } };
    expect(callExtras(message({ tool_calls: extras }), 'acme')).toBe(extras);
  });

  it.each([
    [undefined],
    [null],
    [7],
    [[]],
    [{}],
    [{ acme: null }],
    [{ acme: { tool_calls: [], reasoning_details: {} } }],
  ])('is nothing in %j', (fields) => {
    const odd = { role: 'assistant', provider_specific_fields: fields };
    expect(replay(odd, 'reasoning')).toEqual({});
    expect(callExtras(odd, 'acme')).toBeUndefined();
  });

  it('is not found by the name of a prototype', () => {
    const changes: Record<string, unknown> = {};
    addReplay(message({ reasoning_details: details }), 'constructor', undefined, changes);
    expect(changes).toEqual({});
  });
});
