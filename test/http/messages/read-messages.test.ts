import { describe, expect, it } from 'vitest';
import { readCounted, readMessages } from '../../../src/http/messages/read-messages.ts';
import { refusalOf } from '../frames.ts';

const asked = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };
const read = (more: object = {}, headers: Record<string, string> = {}) =>
  readMessages({ ...asked, ...more }, new Headers(headers));
/** What the bag of every request says. */
const always = { reasoning_effort: null, include_reasoning: 'when_sent' };

describe('readMessages', () => {
  it('reads the least there is', () => {
    expect(read()).toEqual({ ...asked, anthropic: always });
  });

  it.each<[string, object, object]>([
    [
      'a system prompt',
      { system: 'Be.' },
      { messages: [{ role: 'system', content: 'Be.' }, ...asked.messages] },
    ],
    ['sampling', { temperature: 0.5, top_p: 0.9, top_k: 4 }, { temperature: 0.5, top_p: 0.9, top_k: 4 }],
    ['REQ-10 stops', { stop_sequences: ['a'] }, { stop: ['a'] }],
    ['REQ-29 the standard tier', { service_tier: 'standard_only' }, { service_tier: 'default' }],
    ['another tier', { service_tier: 'priority' }, { service_tier: 'priority' }],
    ['REQ-26 the end user', { metadata: { user_id: 'u1' } }, { user: 'u1' }],
    [
      'tools',
      { tools: [{ name: 'f', input_schema: {} }] },
      { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] },
    ],
    ['the choice', { tool_choice: { type: 'any' } }, { tool_choice: 'required' }],
    ['effort', { output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    ['thinking', { thinking: { type: 'adaptive' } }, { thinking: { type: 'adaptive' } }],
    [
      '1.10 native fields',
      { container: 'c', mcp_servers: [], speed: 'fast' },
      { container: 'c', mcp_servers: [], speed: 'fast' },
    ],
    ['automatic caching', { cache_control: { type: 'ephemeral' } }, { cache_control: { type: 'ephemeral' } }],
  ])('says %s where all hosts read it', (_, more, expected) => {
    expect(read(more)).toMatchObject(expected);
  });

  it.each<[string, object, object]>([
    ['metadata', { metadata: { user_id: 'u1' } }, { metadata: { user_id: 'u1' } }],
    ['no answer', { max_tokens: 0 }, { prewarm: true }],
    [
      'many stops',
      { stop_sequences: ['a', 'b', 'c', 'd', 'e'] },
      { stop_sequences: ['a', 'b', 'c', 'd', 'e'] },
    ],
    ['fields that nobody here knows', { hologram: 1 }, { hologram: 1 }],
    ['effort', { output_config: { effort: 'low' } }, { output_config: { effort: 'low' } }],
  ])('says %s to Claude alone', (_, more, expected) => {
    expect(read(more)['anthropic']).toEqual({ ...always, ...expected });
  });

  it.each<[string, object, string]>([
    ['a tier that both do anyway', { service_tier: 'auto' }, 'service_tier'],
    ['a user too long for OpenAI', { metadata: { user_id: 'u'.repeat(65) } }, 'user'],
    ['no user', { metadata: {} }, 'user'],
    ['a cap of 0', { max_tokens: 0 }, 'max_tokens'],
    ['nulls', { temperature: null, container: null, tools: null }, 'temperature'],
    ['the stream, which is the door’s', { stream: true }, 'stream'],
  ])('says nothing of %s', (_, more, field) => {
    expect(read(more)).not.toHaveProperty(field);
  });

  it.each([
    ['context-management-2025-06-27', ['context-management-2025-06-27']],
    [' a-2026-01-01 , b-2026-01-01 ', ['a-2026-01-01', 'b-2026-01-01']],
    ['message-threads-2026-08-12,oauth-2025-04-20', undefined],
    ['', undefined],
  ])('hands on the betas of %j', (header, betas) => {
    expect(Object(read({}, { 'anthropic-beta': header })['anthropic']).betas).toEqual(betas);
  });

  it('names the client’s field', () => {
    expect(refusalOf(() => read({ messages: 'hi' }))).toBe('invalid_type messages');
    expect(refusalOf(() => read({ thread: { type: 'create' } }))).toBe('thread_unsupported_request thread');
    expect(refusalOf(() => readMessages(null, new Headers()))).toBe('invalid_type null');
  });

  it('shares nothing with the body', () => {
    const body = { ...asked, tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }] };
    const request = readMessages(body, new Headers());
    Object.assign(body.tools[0]?.input_schema ?? {}, { type: 'changed' });
    expect(JSON.stringify(request)).not.toContain('changed');
  });
});

describe('readCounted', () => {
  it('reads what is counted, and no more', () => {
    const { max_tokens: _, ...body } = asked;
    const request = readCounted({ ...body, system: 'Be.', tools: [], stop_sequences: ['a'] }, new Headers());
    expect(request).toEqual({
      model: 'm',
      messages: [{ role: 'system', content: 'Be.' }, ...asked.messages],
      tools: [],
      anthropic: always,
    });
  });

  it('refuses threads too', () => {
    expect(refusalOf(() => readCounted({ ...asked, thread: {} }, new Headers()))).toContain('thread');
  });
});
