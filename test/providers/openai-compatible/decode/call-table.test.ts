import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../../../src/provider-kit/index.ts';
import { CallTable } from '../../../../src/providers/openai-compatible/decode/call-table.ts';

type Fragment = Readonly<Record<string, unknown>>;

interface Outcome {
  readonly events: readonly ChatEvent[];
  readonly named: boolean;
  readonly table: CallTable;
}

function run(fragments: readonly Fragment[], cut = false, answerId = 'chatcmpl-1'): Outcome {
  const events: ChatEvent[] = [];
  const table = new CallTable(() => answerId);
  for (const fragment of fragments) table.push(fragment, events);
  return { named: table.end(cut, events), events, table };
}

/** The calls a caller puts together: index, id, name, arguments. */
function callsOf(events: readonly ChatEvent[]): unknown[] {
  const calls: { index: number; id: string; name: string; text: string }[] = [];
  for (const event of events) {
    if (event.type === 'tool_call_start') calls[event.index] = { ...pick(event), text: '' };
    if (event.type === 'tool_call_delta') calls[event.index]!.text += event.arguments;
  }
  return calls.map(({ index, id, name, text }) => [index, id, name, text]);
}

const pick = ({ index, id, name }: { index: number; id: string; name: string }) => ({ index, id, name });
const made = expect.stringMatching(/^call_[A-Za-z0-9]{24}$/);

/** A fragment as OpenAI writes it; what is undefined is left out. */
function part(index: unknown, id: unknown, name: unknown, args: unknown): Fragment {
  const said = { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) };
  return {
    ...(index !== undefined && { index }),
    ...(id !== undefined && { id, type: 'function' }),
    function: said,
  };
}

const dialects: readonly (readonly [
  what: string,
  fragments: readonly Fragment[],
  calls: readonly unknown[],
])[] = [
  [
    'OpenAI: id and name once, then pieces',
    [
      part(0, 'a', 'f', ''),
      part(0, undefined, undefined, '{"x"'),
      part(0, undefined, undefined, ':1}'),
      part(1, 'b', 'g', ''),
      part(1, undefined, undefined, '{}'),
    ],
    [
      [0, 'a', 'f', '{"x":1}'],
      [1, 'b', 'g', '{}'],
    ],
  ],
  [
    'OpenAI: pieces of two calls in turn',
    [
      part(0, 'a', 'f', ''),
      part(1, 'b', 'g', ''),
      part(0, undefined, undefined, '{"x":'),
      part(1, undefined, undefined, '{"y":'),
      part(0, undefined, undefined, '1}'),
      part(1, undefined, undefined, '2}'),
    ],
    [
      [0, 'a', 'f', '{"x":1}'],
      [1, 'b', 'g', '{"y":2}'],
    ],
  ],
  [
    'BUG-3: holes in the indexes',
    [part(1, 'a', 'f', '{}'), part(5, 'b', 'g', '{}')],
    [
      [0, 'a', 'f', '{}'],
      [1, 'b', 'g', '{}'],
    ],
  ],
  [
    'Gemini: whole calls, all of index 0',
    [part(0, 'a', 'f', '{"x":1}'), part(0, 'b', 'f', '{"x":2}'), part(0, 'c', 'g', '{}')],
    [
      [0, 'a', 'f', '{"x":1}'],
      [1, 'b', 'f', '{"x":2}'],
      [2, 'c', 'g', '{}'],
    ],
  ],
  [
    'all of index 0, in pieces under their ids',
    [part(0, 'a', 'f', '{'), part(0, 'b', 'g', '{'), part(0, 'a', '', '}'), part(0, 'b', '', '}')],
    [
      [0, 'a', 'f', '{}'],
      [1, 'b', 'g', '{}'],
    ],
  ],
  [
    'no index at all, ids',
    [
      part(undefined, 'a', 'f', '{'),
      part(undefined, undefined, undefined, '}'),
      part(undefined, 'b', 'g', '{}'),
    ],
    [
      [0, 'a', 'f', '{}'],
      [1, 'b', 'g', '{}'],
    ],
  ],
  [
    'no index and no ids, whole calls of one tool',
    [part(undefined, undefined, 'f', '{"x":1}'), part(undefined, undefined, 'f', '{"x":2}')],
    [
      [0, made, 'f', '{"x":1}'],
      [1, made, 'f', '{"x":2}'],
    ],
  ],
  [
    'Ollama: whole calls without index, arguments as an object (G5)',
    [part(undefined, undefined, 'f', { x: 1 }), part(undefined, undefined, 'g', {})],
    [
      [0, made, 'f', '{"x":1}'],
      [1, made, 'g', '{}'],
    ],
  ],
  [
    'BUG-48: id and name said again in every piece',
    [part(0, 'a', 'f', '{"x":'), part(0, 'a', 'f', '1'), part(0, 'a', 'f', '}')],
    [[0, 'a', 'f', '{"x":1}']],
  ],
  [
    'the name said again, no id',
    [part(0, undefined, 'f', '{"x":'), part(0, undefined, 'f', '1}')],
    [[0, made, 'f', '{"x":1}']],
  ],
  [
    'empty ids and names in later pieces',
    [part(0, 'a', 'f', ''), part(0, '', '', '{}'), part(0, null, null, '')],
    [[0, 'a', 'f', '{}']],
  ],
  ['V17: an empty id', [part(0, '', 'f', '{'), part(0, '', '', '}')], [[0, made, 'f', '{}']]],
  [
    'an id that comes late',
    [part(0, undefined, 'f', '{'), part(0, 'late', undefined, '}'), part(0, 'late', undefined, ' ')],
    [[0, made, 'f', '{} ']],
  ],
  [
    'a name that comes late',
    [part(0, 'a', '', ''), part(0, undefined, undefined, '{"x"'), part(0, undefined, 'f', ':1}')],
    [[0, 'a', 'f', '{"x":1}']],
  ],
  [
    'G6: two calls under one id',
    [part(0, 'a', 'f', '{"x":1}'), part(1, 'a', 'f', '{"x":'), part(1, undefined, undefined, '2}')],
    [
      [0, 'a', 'f', '{"x":1}'],
      [1, made, 'f', '{"x":2}'],
    ],
  ],
  [
    'G6: two calls under one id, with the id in every piece',
    [part(0, 'a', 'f', '{'), part(1, 'a', 'g', '{'), part(1, 'a', '', '}'), part(0, 'a', '', '}')],
    [
      [0, 'a', 'f', '{}'],
      [1, made, 'g', '{}'],
    ],
  ],
  [
    'RES-7: the same call said twice',
    [part(0, 'a', 'f', '{"x":1}'), part(0, 'a', 'f', '{"x":1}')],
    [[0, 'a', 'f', '{"x":1}']],
  ],
  [
    'BUG-2, G4: no arguments',
    [part(0, 'a', 'f', ''), part(1, 'b', 'g', null), part(2, 'c', 'h', undefined)],
    [
      [0, 'a', 'f', '{}'],
      [1, 'b', 'g', '{}'],
      [2, 'c', 'h', '{}'],
    ],
  ],
  [
    'V7: indexes that are none',
    [
      part(-1, 'a', 'f', '{}'),
      part(0.5, 'b', 'g', '{}'),
      part('__proto__', 'c', 'h', '{}'),
      part(null, 'd', 'i', '{}'),
    ],
    [
      [0, 'a', 'f', '{}'],
      [1, 'b', 'g', '{}'],
      [2, 'c', 'h', '{}'],
      [3, 'd', 'i', '{}'],
    ],
  ],
  [
    'G3: arguments that are no JSON, passed on',
    [part(0, 'a', 'f', '{"x":'), part(0, undefined, undefined, 'oops')],
    [[0, 'a', 'f', '{"x":oops']],
  ],
  [
    'V13: ids that are keys of a prototype',
    [part(0, '__proto__', 'f', '{}'), part(1, 'constructor', 'g', '{}')],
    [
      [0, '__proto__', 'f', '{}'],
      [1, 'constructor', 'g', '{}'],
    ],
  ],
];

describe('tool calls', () => {
  it.each(dialects)('STR-11, STR-12: come out canonical: %s', (_, fragments, calls) => {
    const { events, named, table } = run(fragments);
    expect(callsOf(events)).toEqual(calls);
    expect(named).toBe(true);
    expect(table.size).toBe(calls.length);
  });

  it.each(dialects)('INV-11: have unique ids: %s', (_, fragments) => {
    const starts = run(fragments).events.filter((event) => event.type === 'tool_call_start');
    expect(new Set(starts.map(({ id }) => id)).size).toBe(starts.length);
  });

  it.each(dialects)('tell id and name once, and before any argument: %s', (_, fragments) => {
    const begun = new Set<number>();
    for (const event of run(fragments).events) {
      if (event.type === 'tool_call_start') {
        expect(begun.has(event.index)).toBe(false);
        begun.add(event.index);
      }
      if (event.type === 'tool_call_delta') {
        expect(begun.has(event.index)).toBe(true);
        expect(event.arguments).not.toBe('');
      }
    }
  });

  it('BUG-46: ids made up differ between answers and calls, and are the same for the same answer', () => {
    const idsOf = (answerId: string): unknown[] =>
      run([part(0, '', 'f', '{}'), part(1, '', 'f', '{"x":1}')], false, answerId).events.flatMap((event) =>
        event.type === 'tool_call_start' ? [event.id] : [],
      );
    expect(idsOf('chatcmpl-1')).toEqual(idsOf('chatcmpl-1'));
    expect(new Set([...idsOf('chatcmpl-1'), ...idsOf('chatcmpl-2')]).size).toBe(4);
  });

  it('STR-12a: arguments that were cut stay as they are', () => {
    const { events, named } = run([part(0, 'a', 'f', '')], true);
    expect(callsOf(events)).toEqual([[0, 'a', 'f', '']]);
    expect(named).toBe(true);
  });

  it('never get a name: nobody could execute them, unless the answer was cut before it came', () => {
    expect(run([part(0, 'a', '', '{}')])).toMatchObject({ named: false, events: [] });
    expect(run([part(0, 'a', '', '{}')], true)).toMatchObject({ named: true, events: [] });
  });

  it('STR-12c: of free-form tools are told once, when complete, and in their order', () => {
    const custom = (index: number, input: string, more: Fragment = {}): Fragment => ({
      index,
      ...more,
      custom: { input, ...(more['id'] !== undefined && { name: 'sh' }) },
    });
    const { events } = run([
      custom(0, '', { id: 'a', type: 'custom' }),
      custom(0, 'ls '),
      custom(0, '-l'),
      part(1, 'b', 'f', '{}'),
      custom(2, '', { id: 'c', type: 'custom' }),
    ]);
    expect(events).toEqual([
      { type: 'custom_tool_call', index: 0, id: 'a', name: 'sh', input: 'ls -l' },
      { type: 'tool_call_start', index: 1, id: 'b', name: 'f' },
      { type: 'tool_call_delta', index: 1, arguments: '{}' },
      { type: 'custom_tool_call', index: 2, id: 'c', name: 'sh', input: '' },
    ]);
  });

  it('keep what the host says beyond, by call id', () => {
    const google = { google: { thought_signature: 'sig' } };
    const { table } = run([
      { ...part(0, 'a', 'f', '{}'), extra_content: google },
      { ...part(1, '__proto__', 'f', '{}'), extra_content: google, note: null },
      part(2, 'c', 'g', '{}'),
    ]);
    expect(Object.entries(table.extras ?? {})).toEqual([
      ['a', { extra_content: google }],
      ['__proto__', { extra_content: google }],
    ]);
    expect(run([part(0, 'a', 'f', '{}')]).table.extras).toBeUndefined();
  });

  it('come out whole for any interleaving of any pieces, as OpenAI streams them', () => {
    const json = fc.json({ maxDepth: 2 }).map((text) => `{"v":${text}}`);
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(3)), (texts, order) => {
        const rests = texts.map((text) => text);
        const fragments = texts.map((_, index) => part(index, `id-${index}`, `f${index}`, ''));
        const take = (index: number, length: number): void => {
          const rest = rests[index] ?? '';
          if (rest !== '') fragments.push(part(index, undefined, undefined, rest.slice(0, length)));
          rests[index] = rest.slice(length);
        };
        for (const each of order) take(each % texts.length, 3);
        for (const index of rests.keys()) take(index, Number.POSITIVE_INFINITY);
        const expected = texts.map((text, index) => [index, `id-${index}`, `f${index}`, text]);
        expect(callsOf(run(fragments).events)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
