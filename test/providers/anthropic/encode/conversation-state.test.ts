import { describe, expect, it } from 'vitest';
import { createConversationState } from '../../../../src/providers/anthropic/encode/conversation-state.ts';
import { createToolNames } from '../../../../src/providers/anthropic/encode/tool-names.ts';
import { contextOf } from './encoding.ts';

describe('createConversationState', () => {
  it('T-10 begins with nothing, and shares nothing with another conversation', () => {
    const context = contextOf();
    const make = (): ReturnType<typeof createConversationState> =>
      createConversationState(context, createToolNames(context, new Set()), new Map());
    const first = make();
    first.turns.push({ role: 'user', entries: [] });
    first.calledTools.add('f');
    first.legacyCount++;
    expect(make()).toMatchObject({ turns: [], system: [], legacyCount: 0 });
    expect(make().calledTools.size + make().book.calls.length).toBe(0);
  });
});
