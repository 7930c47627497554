import { describe, expect, it } from 'vitest';
import { createToolNames, reservedNames } from '../../../../src/providers/anthropic/encode/tool-names.ts';
import { call, calls, contextOf, encode, result, tool, user, warningsOf } from './encoding.ts';

const LONG = 'a'.repeat(65);

describe('tool names', () => {
  it.each(['look', 'a-b_C9', 'x'.repeat(64)])('TL-4 keeps %s', (name) => {
    expect(encode({ tools: [tool(name)] }).body.tools?.[0]?.name).toBe(name);
  });

  it.each(['fs.read', 'mcp:x/y', LONG, 'größe'])('TL-4 BUG-54 sends %s under a legal alias', (name) => {
    const { body, reading } = encode({ tools: [tool(name)] });
    const alias = body.tools?.[0]?.name ?? '';
    expect(alias).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(alias).toMatch(/_[0-9a-f]{8}$/);
    expect(reading.toolNames).toEqual(new Map([[alias, name]]));
  });

  it('TL-4 uses one alias in definitions, choice and history, and warns once', () => {
    const encoded = encode({
      messages: [user('go'), calls(call('1', 'a.b'), call('2', 'c.d')), result('1'), result('2')],
      tools: [tool('a.b'), tool('c.d')],
      tool_choice: { type: 'function', function: { name: 'a.b' } },
    });
    const [first, second] = encoded.body.tools ?? [];
    expect(encoded.body.tool_choice).toEqual({ type: 'tool', name: first?.name });
    expect(encoded.body.messages[1]?.content.map((block) => block['name'])).toEqual([
      first?.name,
      second?.name,
    ]);
    expect(warningsOf(encoded)).toEqual(['tool_name_aliased tools[0].function.name']);
  });

  it('TL-4 makes the alias a function of the name alone', () => {
    const alone = encode({ tools: [tool('a.b')] }).body.tools?.[0]?.name;
    const later = encode({ tools: [tool('z'), tool('a.b')] }).body.tools?.[1]?.name;
    expect(alone).toBe(later);
    expect(encode({ tools: [tool('a_b'), tool('a:b')] }).body.tools?.map(({ name }) => name)).toHaveLength(2);
  });

  it('TL-H9 rewrites the names of past calls although the tool is gone', () => {
    const { body } = encode({
      messages: [user('go'), calls(call('1', 'a.b')), result('1')],
      tools: [tool('x')],
    });
    expect(body.messages[1]?.content[0]?.['name']).toMatch(/^a_b_[0-9a-f]{8}$/);
  });

  it('TL-6 moves a function out of the way of a server tool', () => {
    const { body, reading } = encode({ tools: [tool('web_search')], web_search_options: {} });
    const [own, server] = body.tools ?? [];
    expect(own?.name).toMatch(/^web_search_[0-9a-f]{8}$/);
    expect(server).toMatchObject({ type: 'web_search_20250305', name: 'web_search' });
    expect(reading.toolNames.get(own?.name ?? '')).toBe('web_search');
  });

  it('TL-6 leaves past calls of a native tool their name', () => {
    const { body } = encode({
      messages: [user('go'), calls(call('1', 'bash')), result('1')],
      tools: [{ type: 'bash_20250124', name: 'bash' }],
    });
    expect(body.messages[1]?.content[0]?.['name']).toBe('bash');
  });
});

describe('createToolNames', () => {
  it('notes an alias only when it is used', () => {
    const names = createToolNames(contextOf(), new Set(['taken']));
    expect(names.peek('taken')).not.toBe('taken');
    expect(names.aliases.size).toBe(0);
    expect(names.wire('taken', 'tools[0]')).toBe(names.peek('taken'));
    expect(names.aliases.size).toBe(1);
  });
});

describe('reservedNames', () => {
  it('RF-4 always keeps the name of the JSON tool', () => {
    expect(reservedNames(contextOf(), true)).toEqual(new Set(['json_response']));
  });

  it('reserves what functions, legacy functions and custom tools share with native tools', () => {
    const native = [
      { type: 'bash_20250124', name: 'bash' },
      { type: 'memory_20250818', name: 'memory' },
    ];
    const custom = { type: 'custom', custom: { name: 'bash' } };
    expect(reservedNames(contextOf({ tools: [...native, custom] }), false)).toEqual(new Set(['bash']));
    const legacy = contextOf({ tools: native, functions: [{ name: 'memory' }] });
    expect(reservedNames(legacy, false)).toEqual(new Set(['memory']));
  });

  it('reserves no search that the model cannot do', () => {
    const context = contextOf(
      { tools: [tool('web_search')], web_search_options: {} },
      { model: 'claude-3-haiku' },
    );
    expect(reservedNames(context, false).size).toBe(0);
  });
});
