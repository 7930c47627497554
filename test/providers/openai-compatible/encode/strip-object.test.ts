import { describe, expect, it } from 'vitest';
import { createChatContext } from '../../../../src/providers/openai-compatible/encode/chat-context.ts';
import { stripObject } from '../../../../src/providers/openai-compatible/encode/strip-object.ts';
import { ask } from '../../../contexts.ts';
import { encodeOptions } from '../chat.ts';

const context = (extensions?: readonly string[]) =>
  createChatContext(ask(), { ...encodeOptions, quirks: extensions ? { extensions } : {} });

describe('an object of the request', () => {
  it('is the same object when nothing is to be taken away', () => {
    const part = { type: 'text', text: 'a', note: null };
    expect(stripObject(part, 'part', 'p', context())).toBe(part);
  });

  it('loses what the host does not know, and stays as it was itself', () => {
    const part = { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } };
    const state = context();
    expect(stripObject(part, 'part', 'p', state)).toEqual({ type: 'text', text: 'a' });
    expect(part).toHaveProperty('cache_control');
    expect(state.warnings).toEqual([]);
  });

  it('is warned of where the answer may differ, by the path of the caller', () => {
    const state = context();
    const message = { role: 'tool', content: 'x', is_error: true };
    expect(stripObject(message, 'message', 'messages[2]', state)).toEqual({ role: 'tool', content: 'x' });
    expect(state.warnings).toMatchObject([{ code: 'unsupported_parameter', param: 'messages[2].is_error' }]);
  });

  it('is not warned of what says nothing', () => {
    const state = context();
    expect(stripObject({ role: 'tool', is_error: null }, 'message', 'm', state)).toEqual({ role: 'tool' });
    expect(state.warnings).toEqual([]);
  });

  it('keeps what the host knows', () => {
    const part = { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } };
    expect(stripObject(part, 'part', 'p', context(['cache_control']))).toBe(part);
  });

  it('keeps keys of a prototype as data', () => {
    const part = JSON.parse('{"type":"text","__proto__":{"x":1},"cache_control":{}}');
    const stripped = stripObject(part, 'part', 'p', context());
    expect(Object.keys(stripped)).toEqual(['type', '__proto__']);
  });
});
