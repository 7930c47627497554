import { describe, expect, it } from 'vitest';
import { forcedCallText } from '../../../../src/providers/anthropic/encode/tool-choice.ts';
import {
  assistant,
  encode,
  outline,
  type RawRequest,
  refusalOf,
  type Setting,
  text,
  thought,
  tool,
  user,
  warningsOf,
} from './encoding.ts';

const TOOLS = { tools: [tool('a'), tool('b')] };
const SINGLE = { disable_parallel_tool_use: true };
const choose = (request: RawRequest, setting: Setting = {}): unknown =>
  encode({ ...TOOLS, ...request }, setting).body.tool_choice;
const named = (name: string): RawRequest => ({ tool_choice: { type: 'function', function: { name } } });
const allowed = (mode: string, ...names: readonly string[]): RawRequest => ({
  tool_choice: {
    type: 'allowed_tools',
    allowed_tools: { mode, tools: names.map((name) => ({ type: 'function', function: { name } })) },
  },
});

describe('tool_choice', () => {
  it.each<[string, RawRequest, unknown]>([
    ['TC-1 absent', {}, undefined],
    ['TC-1 REQ-16 parallel allowed', { parallel_tool_calls: true }, undefined],
    [
      'TC-2 REQ-16 BUG-21 BUG-22 absent, one call',
      { parallel_tool_calls: false },
      { type: 'auto', ...SINGLE },
    ],
    ['TC-3 auto', { tool_choice: 'auto' }, { type: 'auto' }],
    [
      'TC-3 TC-13 auto, one call',
      { tool_choice: 'auto', parallel_tool_calls: false },
      { type: 'auto', ...SINGLE },
    ],
    ['TC-4 BUG-23 none', { tool_choice: 'none' }, { type: 'none' }],
    ['TC-4 BUG-24 none, one call', { tool_choice: 'none', parallel_tool_calls: false }, { type: 'none' }],
    ['TC-5 REQ-15 required', { tool_choice: 'required' }, { type: 'any' }],
    [
      'TC-5 required, one call',
      { tool_choice: 'required', parallel_tool_calls: false },
      { type: 'any', ...SINGLE },
    ],
    ['TC-6 BUG-26 a function', named('b'), { type: 'tool', name: 'b' }],
    [
      'TC-6 a function, one call',
      { ...named('b'), parallel_tool_calls: false },
      { type: 'tool', name: 'b', ...SINGLE },
    ],
    ['TC-11 native any', { tool_choice: { type: 'any' } }, { type: 'any' }],
    [
      'TC-11 native tool',
      { tool_choice: { type: 'tool', name: 'a', ...SINGLE } },
      { type: 'tool', name: 'a', ...SINGLE },
    ],
    ['TC-11 native none', { tool_choice: { type: 'none' } }, { type: 'none' }],
    ['TC-11 native auto', { tool_choice: { type: 'auto', ...SINGLE } }, { type: 'auto', ...SINGLE }],
  ])('%s', (_, request, expected) => {
    expect(choose(request)).toEqual(expected);
  });

  it('TC-4 BUG-23 keeps the tools, which history and cache need', () => {
    expect(encode({ ...TOOLS, tool_choice: 'none' }).body.tools).toHaveLength(2);
  });

  it('TC-7 BUG-27 names a custom tool', () => {
    const tools = [{ type: 'custom', custom: { name: 'sh' } }];
    expect(choose({ tools, tool_choice: { type: 'custom', custom: { name: 'sh' } } })).toEqual({
      type: 'tool',
      name: 'sh',
    });
  });

  it('TC-6 refuses a name that is not declared', () => {
    expect(refusalOf(() => choose(named('z')))).toBe('invalid_value tool_choice');
    expect(refusalOf(() => choose({ tool_choice: { type: 'tool', name: 'z' } }))).toBe(
      'invalid_value tool_choice',
    );
  });

  it('TC-6 TL-16 may name a native tool', () => {
    const tools = [{ type: 'bash_20250124', name: 'bash' }];
    expect(choose({ tools, tool_choice: { type: 'tool', name: 'bash' } })).toEqual({
      type: 'tool',
      name: 'bash',
    });
  });
});

describe('TC-8: allowed tools', () => {
  it('BUG-25 cut the list, with a warning', () => {
    const encoded = encode({ ...TOOLS, ...allowed('auto', 'b') });
    expect(encoded.body.tools?.map(({ name }) => name)).toEqual(['b']);
    expect(encoded.body.tool_choice).toEqual({ type: 'auto' });
    expect(warningsOf(encoded)).toEqual(['cache_prefix_changed tool_choice']);
  });

  it('keep the order of the list, and say nothing when all are allowed', () => {
    const encoded = encode({ ...TOOLS, ...allowed('required', 'b', 'a'), parallel_tool_calls: false });
    expect(encoded.body.tools?.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(encoded.body.tool_choice).toEqual({ type: 'any', ...SINGLE });
    expect(encoded.warnings).toEqual([]);
  });

  it('force the one that is left', () => {
    expect(choose(allowed('required', 'b'))).toEqual({ type: 'tool', name: 'b' });
  });

  it('forbid all when there are none', () => {
    const encoded = encode({ ...TOOLS, ...allowed('required') });
    expect(encoded.body.tool_choice).toEqual({ type: 'none' });
    expect(encoded.body.tools).toHaveLength(2);
  });

  it('refuse a name that is not declared', () => {
    expect(refusalOf(() => choose(allowed('auto', 'a', 'z')))).toBe(
      'invalid_value tool_choice.allowed_tools.tools[1]',
    );
  });
});

describe('TC-9: without tools', () => {
  it('leaves the choice out', () => {
    for (const tools of [undefined, []]) {
      expect(choose({ tools, tool_choice: 'auto', parallel_tool_calls: false })).toBeUndefined();
      expect(choose({ tools, tool_choice: 'none' })).toBeUndefined();
    }
  });

  it('refuses to force one', () => {
    for (const request of [{ tool_choice: 'required' }, named('a'), allowed('required', 'a')]) {
      expect(refusalOf(() => choose({ tools: [], ...request }))).toBe('invalid_value tool_choice');
    }
    expect(refusalOf(() => choose({ tools: [], function_call: { name: 'a' } }))).toBe(
      'invalid_value function_call',
    );
  });
});

describe('TC-10: a choice that cannot be forced', () => {
  const weakened = (request: RawRequest, setting: Setting): unknown[] => {
    const encoded = encode({ ...TOOLS, ...request }, setting);
    const said = warningsOf(encoded).filter((warning) => !warning.startsWith('model_'));
    return [
      encoded.body.tool_choice,
      outline(encoded.body.messages).at(-1),
      said,
      encoded.reading.ephemeralPrompt,
    ];
  };
  const SAID = ['forced_tool_choice_weakened tool_choice'];
  const FT = { model: 'claude-opus-5-5' };

  it('is asked for in words, at the end of the last user turn', () => {
    expect(weakened(named('b'), FT)).toEqual([
      { type: 'auto' },
      ['user', 'hi', forcedCallText('b')],
      SAID,
      true,
    ]);
    expect(weakened({ tool_choice: 'required', parallel_tool_calls: false }, FT)).toEqual([
      { type: 'auto', ...SINGLE },
      ['user', 'hi', forcedCallText(undefined)],
      SAID,
      true,
    ]);
    expect(weakened({ tool_choice: { type: 'any' } }, FT)[0]).toEqual({ type: 'auto' });
  });

  it('is asked for in plain words', () => {
    expect(forcedCallText('look')).toBe('Answer by calling the tool `look`.');
    expect(forcedCallText(undefined)).toBe('Answer by calling one of the available tools.');
  });

  it('is asked for at the end, not in earlier turns', () => {
    const messages = [user('q'), assistant('a'), user('b'), assistant('c'), user('d')];
    const sent = outline(encode({ ...TOOLS, ...named('b'), messages }, FT).body.messages);
    expect(sent.map(({ length }) => length)).toEqual([2, 2, 2, 2, 3]);
  });

  it('is not asked for where it can be forced', () => {
    expect(weakened(named('b'), { model: 'claude-haiku-5-5' })).toEqual([
      { type: 'tool', name: 'b' },
      ['user', 'hi'],
      [],
      false,
    ]);
  });

  it('TH-10 BUG-9 is one while thinking by budget', () => {
    const thinking = { ...named('b'), reasoning_effort: 'low' };
    expect(weakened(thinking, { model: 'claude-haiku-4-5' })[0]).toEqual({ type: 'auto' });
    expect(weakened(thinking, { model: 'claude-opus-4-6' })[0]).toEqual({ type: 'tool', name: 'b' });
  });

  it('is refused when strict', () => {
    expect(refusalOf(() => choose(named('b'), { ...FT, strict: true }))).toBe(
      'unsupported_parameter tool_choice',
    );
  });

  it('makes the tool strict, so that a call is at least well formed', () => {
    expect(encode({ ...TOOLS, ...named('b') }, FT).body.tools?.map((each) => each.strict)).toEqual([
      undefined,
      true,
    ]);
    expect(encode({ ...TOOLS, tool_choice: 'required' }, FT).body.tools?.map((each) => each.strict)).toEqual([
      true,
      true,
    ]);
  });

  it('T-10 leaves the tools alone where replayed reasoning depends on them', () => {
    const messages = [user('q'), assistant([thought('s'), text('a')]), user('b')];
    expect(encode({ ...TOOLS, ...named('b'), messages }, FT).body.tools?.map((each) => each.strict)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('says nothing where strict is not possible', () => {
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    const encoded = encode({ tools: [tool('a', map)], tool_choice: 'required' }, FT);
    expect(encoded.body.tools).toEqual([{ name: 'a', input_schema: map }]);
    expect(warningsOf(encoded)).toEqual(SAID);
  });

  it('TC-14 leaves nothing behind for the next turn', () => {
    for (const setting of [{}, FT]) {
      const first = encode({ ...TOOLS, tool_choice: 'required' }, setting);
      expect(first.body.tool_choice).toBeDefined();
      const next = encode({ ...TOOLS, messages: [user('hi'), assistant('no'), user('so?')] }, setting);
      expect(next.body.tool_choice).toBeUndefined();
      expect(next.reading.ephemeralPrompt).toBe(false);
      expect(outline(next.body.messages)).toEqual([
        ['user', 'hi'],
        ['assistant', 'no'],
        ['user', 'so?'],
      ]);
    }
  });
});
