import { describe, expect, it } from 'vitest';
import { CHAT, canDo } from '../../src/pipeline/operation.ts';
import { silent } from '../contexts.ts';

const embedding = { model: 'm', input: 'x' };

describe('canDo', () => {
  it('every provider answers chats', () => {
    expect(canDo(silent, CHAT)).toBe(true);
  });

  it('the rest it does when it says so', () => {
    const able = { ...silent, embed: async () => ({ data: [] }), countTokens: async () => 1 };
    expect(canDo(able, { kind: 'embed', embedding })).toBe(true);
    expect(canDo(able, { kind: 'count_tokens' })).toBe(true);
    expect(canDo(silent, { kind: 'embed', embedding })).toBe(false);
    expect(canDo(silent, { kind: 'count_tokens' })).toBe(false);
  });
});
