import { describe, expect, it } from 'vitest';
import { history, LAST_WORDS, lastWords, MESSAGES } from '../../bench/history.ts';
import { parseRequest } from '../../src/chat/parse-request.ts';

const request = history();
const roles = (role: string) => request.messages.filter((message) => message.role === role);

describe('the conversation of the bench', () => {
  it('is 1 MB in 200 messages, the same every time', () => {
    const bytes = Buffer.byteLength(JSON.stringify(request));
    expect(request.messages).toHaveLength(MESSAGES);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(1_100_000);
    expect(history()).toEqual(request);
  });

  it('is one that the pool takes: every call is answered, by id', () => {
    expect(() => parseRequest(request, true)).not.toThrow();
    const called = roles('assistant').flatMap(({ tool_calls: calls }) => (calls ?? []).map(({ id }) => id));
    expect(roles('tool').map(({ tool_call_id: id }) => id)).toEqual(called);
    expect(called.length).toBe(80);
  });

  it('holds pictures, a long text, thoughts and results in JSON', () => {
    const parts = roles('user').flatMap(({ content }) => (Array.isArray(content) ? content : []));
    expect(parts.filter(({ type }) => type === 'image_url').length).toBe(4);
    expect(roles('user').some(({ content }) => typeof content === 'string' && content.length > 50_000)).toBe(
      true,
    );
    const thoughtful = roles('assistant').filter((message) => message['provider_specific_fields']);
    expect(thoughtful.length).toBeGreaterThan(10);
    expect(() => JSON.parse(String(roles('tool')[0]?.content))).not.toThrow();
  });
});

describe('lastWords', () => {
  it('finds the end of the last message in a body, and misses it where something was lost', () => {
    expect(lastWords(JSON.stringify(request))).toBe(LAST_WORDS);
    expect(lastWords(JSON.stringify({ ...request, messages: request.messages.slice(0, -1) }))).toBe('');
  });
});
