import { describe, expect, it } from 'vitest';
import { PartWriter } from '../../src/ai-sdk/stream-parts.ts';
import type { AnswerInfo, ChatEvent } from '../../src/index.ts';
import { finish, start, text } from '../contexts.ts';

const info: AnswerInfo = {
  requestId: 'r',
  provider: 'acme',
  model: 'm',
  attempts: 2,
  usage: { inputTokens: 1, cacheReadTokens: 2, outputTokens: 5, reasoningTokens: 3 },
  costUsd: 0.5,
  precision: 'reported',
  ttftMs: 1,
  durationMs: 2,
  warnings: [],
  trace: { strategy: '', candidates: [], excluded: [], attempts: [] },
};

const write = (...events: ChatEvent[]) => {
  const writer = new PartWriter(() => info);
  return events.flatMap((event) => writer.write(event));
};
const typesOf = (...events: ChatEvent[]) => write(...events).map(({ type }) => type);
const reasoning = (value: string): ChatEvent => ({ type: 'reasoning_delta', text: value });
const call = (index: number): ChatEvent => ({
  type: 'tool_call_start',
  index,
  id: `c${index}`,
  name: `t${index}`,
});
const args = (index: number, value: string): ChatEvent => ({
  type: 'tool_call_delta',
  index,
  arguments: value,
});

describe('parts of a streamed answer', () => {
  it('are one block for text that follows text', () => {
    expect(write(start, text('Hel'), text(''), text('lo'), finish)).toMatchObject([
      {
        type: 'response-metadata',
        id: 'msg_1',
        modelId: 'served-model',
        timestamp: new Date(1_700_000_000_000),
      },
      { type: 'text-start', id: 'text-0' },
      { type: 'text-delta', id: 'text-0', delta: 'Hel' },
      { type: 'text-delta', id: 'text-0', delta: 'lo' },
      { type: 'text-end', id: 'text-0' },
      { type: 'finish' },
    ]);
  });

  it('close a block before the next begins, and never reuse its id', () => {
    const parts = write(reasoning('a'), text('b'), reasoning('c'), finish);
    expect(parts.map((part) => ('id' in part ? `${part.type} ${part.id}` : part.type))).toEqual([
      'reasoning-start reasoning-0',
      'reasoning-delta reasoning-0',
      'reasoning-end reasoning-0',
      'text-start text-1',
      'text-delta text-1',
      'text-end text-1',
      'reasoning-start reasoning-2',
      'reasoning-delta reasoning-2',
      'reasoning-end reasoning-2',
      'finish',
    ]);
  });

  it('carry the signature of reasoning at its end, also where nothing of it can be read', () => {
    const block = { type: 'redacted_thinking', data: 'x' } as const;
    expect(write({ type: 'thinking_block', block })).toEqual([
      { type: 'reasoning-start', id: 'reasoning-0' },
      {
        type: 'reasoning-end',
        id: 'reasoning-0',
        providerMetadata: { runestone: { thinking_block: block } },
      },
    ]);
  });

  it('tell of a call as it comes, and of all of it at the end, whatever comes in between', () => {
    expect(write(call(0), args(0, '{"a"'), call(1), args(0, ':1}'), finish).slice(0, -1)).toEqual([
      { type: 'tool-input-start', id: 'c0', toolName: 't0' },
      { type: 'tool-input-delta', id: 'c0', delta: '{"a"' },
      { type: 'tool-input-start', id: 'c1', toolName: 't1' },
      { type: 'tool-input-delta', id: 'c0', delta: ':1}' },
      { type: 'tool-input-end', id: 'c0' },
      { type: 'tool-call', toolCallId: 'c0', toolName: 't0', input: '{"a":1}' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 't1', input: '{}' },
    ]);
  });

  it('end with reason, usage and who answered', () => {
    expect(write(finish)).toEqual([
      {
        type: 'finish',
        finishReason: { unified: 'stop', raw: 'end_turn' },
        usage: {
          inputTokens: { total: 3, noCache: 1, cacheRead: 2, cacheWrite: undefined },
          outputTokens: { total: 5, text: 2, reasoning: 3 },
        },
        providerMetadata: {
          runestone: expect.objectContaining({ provider: 'acme', attempts: 2, costUsd: 0.5 }),
        },
      },
    ]);
  });

  it('have no call where the answer broke before its finish', () => {
    expect(typesOf(call(0), args(0, '{"a"'))).not.toContain('tool-call');
  });

  it('make sources of citations', () => {
    const url_citation = { url: 'https://x.test', title: 'X', start_index: 0, end_index: 1 };
    const cited: ChatEvent = { type: 'annotations', annotations: [{ type: 'url_citation', url_citation }] };
    const source = { type: 'source', sourceType: 'url', url: 'https://x.test', title: 'X' };
    expect(write(cited, cited)).toEqual([
      { ...source, id: 'source-0' },
      { ...source, id: 'source-1' },
    ]);
  });
});
