import { describe, expect, it } from 'vitest';
import type { ChatMessage, ChatRequest, ContentPart, Tool } from '../../src/chat/request.ts';
import { chatRequestSchema } from '../../src/chat/request-schema.ts';

const accepts = (request: unknown): boolean => chatRequestSchema.safeParse(request).success;
const user = (...content: ContentPart[]): { messages: ChatMessage[] } => ({
  messages: [{ role: 'user', content }],
});

/** One value for every member of the interface, so that a member the schema does not know the type of shows. */
const every: Required<{
  [Field in keyof ChatRequest as string extends Field ? never : Field]: ChatRequest[Field];
}> = {
  messages: [{ role: 'user', content: 'hi' }],
  ...{
    model: 'm',
    max_completion_tokens: 1,
    max_tokens: 1,
    temperature: 1,
    top_p: 1,
    stop: 's',
    stream: true,
  },
  stream_options: { include_usage: true, include_obfuscation: false },
  tools: [{ type: 'function', function: { name: 'f' } }],
  ...{ tool_choice: 'auto', parallel_tool_calls: true, response_format: { type: 'text' } },
  ...{ reasoning_effort: 'low', n: 1, user: 'u', metadata: { a: 'b' } },
};

describe('the schema and the interface', () => {
  it('agree on a request with every field', () => {
    expect(accepts(every)).toBe(true);
  });

  it.each(Object.keys(every))('agree that %s has a type: a symbol is refused', (field) => {
    expect(accepts({ ...every, [field]: Symbol('wrong') })).toBe(false);
  });

  it.each<ChatMessage['role']>(['system', 'developer', 'user', 'assistant', 'tool', 'function'])(
    'agree on the role %s',
    (role) => {
      expect(accepts({ messages: [{ role, content: 'x' }] })).toBe(true);
    },
  );
});

describe('unknown things pass, for the provider to judge', () => {
  const future: ContentPart = { type: 'hologram', data: 1 };
  const tool: Tool = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 };

  it.each<[string, unknown]>([
    ['a part', user(future)],
    ['a part named like a member of every object', user({ type: 'constructor' }, { type: '__proto__' })],
    ['a key of a known part', user({ type: 'text', text: 'x', citations: true })],
    ['a key of a message', { messages: [{ role: 'user', content: 'x', cache_control: {} }] }],
    ['a tool', { ...every, tools: [tool] }],
    ['a custom tool', { ...every, tools: [{ type: 'custom', custom: { name: 'c' } }] }],
    ['a choice', { ...every, tool_choice: { type: 'allowed_tools', allowed_tools: {} } }],
    ['a field', { ...every, top_k: 'many' }],
  ])('%s', (_, request) => {
    expect(accepts(request)).toBe(true);
  });
});

describe('known things are checked', () => {
  it('a part by the schema of its own type', () => {
    const { error } = chatRequestSchema.safeParse({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'x' },
            { type: 'file', file: { file_id: 1 } },
          ],
        },
      ],
    });
    expect(error?.issues.map(({ path }) => path)).toEqual([['messages', 0, 'content', 1, 'file', 'file_id']]);
  });

  it('a function tool by its definition', () => {
    expect(accepts({ ...every, tools: [{ type: 'function' }] })).toBe(false);
    expect(accepts({ ...every, tools: [{ type: 'function', function: { name: '' } }] })).toBe(false);
    expect(accepts({ ...every, tools: [{ type: 'retrieval' }] })).toBe(true);
  });
});
