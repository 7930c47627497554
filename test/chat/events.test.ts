import { describe, expect, it } from 'vitest';
import { type ChatEvent, commits, isCommitting } from '../../src/chat/events.ts';

const committing: readonly ChatEvent[] = [
  { type: 'text_delta', text: 'x' },
  { type: 'text_delta', text: ' ' },
  { type: 'refusal_delta', text: 'no' },
  { type: 'reasoning_delta', text: 'hm' },
  { type: 'tool_call_start', index: 0, id: 't', name: 'n' },
  { type: 'custom_tool_call', index: 0, id: 't', name: 'n', input: '' },
];

const holding: readonly ChatEvent[] = [
  { type: 'start', id: 'a', model: 'm', created: 0 },
  { type: 'text_delta', text: '' },
  { type: 'refusal_delta', text: '' },
  { type: 'reasoning_delta', text: '' },
  { type: 'thinking_block', block: { type: 'thinking', thinking: 'hm', signature: 's' } },
  { type: 'thinking_block', block: { type: 'redacted_thinking', data: 'd' } },
  { type: 'tool_call_delta', index: 0, arguments: '{}' },
  { type: 'annotations', annotations: [] },
  { type: 'usage', usage: { inputTokens: 1 } },
  { type: 'warning', warning: { code: 'clamped', message: 'x' } },
  { type: 'vendor', provider: 'p', data: {} },
  { type: 'finish', reason: 'stop', raw: 'end_turn' },
];

describe('the commit point', () => {
  it.each(committing)('is reached by %o', (event) => {
    expect(isCommitting(event)).toBe(true);
    expect(commits([event])).toBe(true);
  });

  it.each(holding)('is not reached by %o', (event) => {
    expect(isCommitting(event)).toBe(false);
    expect(commits([event])).toBe(false);
  });

  it('is reached by a batch when any event of it does', () => {
    expect(commits([])).toBe(false);
    expect(commits(holding)).toBe(false);
    for (const event of committing) expect(commits([...holding, event, ...holding])).toBe(true);
  });
});
