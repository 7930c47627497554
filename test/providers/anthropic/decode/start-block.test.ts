import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../../src/provider-kit/index.ts';
import { AnswerSoFar } from '../../../../src/providers/anthropic/decode/answer-so-far.ts';
import { startBlock } from '../../../../src/providers/anthropic/decode/start-block.ts';
import { reading } from '../wire.ts';

function start(block: Readonly<Record<string, unknown>>) {
  const out: ChatEvent[] = [];
  const answer = new AnswerSoFar('anthropic', reading);
  return { block: startBlock(block, answer, out), answer, out };
}

describe('startBlock', () => {
  it.each([
    { type: 'text', tells: [] },
    { type: 'thinking', tells: [] },
    { type: 'redacted_thinking', tells: ['thinking_block'] },
    { type: 'tool_use', tells: ['tool_call_start'] },
    { type: 'server_tool_use', tells: [] },
    { type: 'mcp_tool_use', tells: [] },
    { type: 'web_search_tool_result', tells: [] },
    { type: 'container_upload', tells: [] },
    { type: 'fallback', tells: [] },
    { type: 'compaction', tells: [] },
    { type: 'hologram', tells: [] },
    { type: '__proto__', tells: [] },
    { type: undefined, tells: [] },
  ])('STR-4 STR-7 STR-10 STR-11 RES-15 RES-16: $type', ({ type, tells }) => {
    const { out } = start({ type, id: 't', name: 'f', input: {}, data: 'D' });
    expect(out.map((event) => event.type)).toEqual(tells);
  });

  it.each([
    { type: 'text', plain: true },
    { type: 'tool_use', plain: true },
    { type: 'thinking', plain: false },
    { type: 'redacted_thinking', plain: false },
    { type: 'server_tool_use', plain: false },
    { type: 'hologram', plain: false },
  ])('RES-9: $type is plain: $plain', ({ type, plain }) => {
    expect(start({ type, id: 't', name: 'f', input: {} }).block.plain()).toBe(plain);
  });

  it.each([
    { name: 'an unstated caller', extra: {}, plain: true },
    { name: 'a direct caller', extra: { caller: { type: 'direct' } }, plain: true },
    { name: 'no toolset', extra: { toolset_name: null }, plain: true },
    {
      name: 'code as its caller',
      extra: { caller: { type: 'code_execution_20260521', tool_id: 's' } },
      plain: false,
    },
    { name: 'a toolset', extra: { toolset_name: 'browser' }, plain: false },
  ])('RES-7: a call with $name is plain: $plain', ({ extra, plain }) => {
    expect(start({ type: 'tool_use', id: 't', name: 'f', input: {}, ...extra }).block.plain()).toBe(plain);
  });

  it('USE-5: thinking of either kind is noted', () => {
    expect(start({ type: 'thinking' }).answer.thought).toBe(true);
    expect(start({ type: 'redacted_thinking', data: 'D' }).answer.thought).toBe(true);
    expect(start({ type: 'text', text: 'a' }).answer.thought).toBe(false);
  });

  it('STR-12d: a fallback names the model that took over and voids what was called', () => {
    const { answer } = start({ type: 'fallback', to: { model: 'claude-opus-5-5' } });
    expect(answer.servedBy).toBe('claude-opus-5-5');
    expect(start({ type: 'fallback', to: { model: 5 } }).answer.servedBy).toBeUndefined();
  });
});
