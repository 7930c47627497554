import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callFor,
  createCallBook,
  openResults,
  uniqueId,
  wireId,
} from '../../../../src/providers/anthropic/encode/tool-calls.ts';
import type { Turn } from '../../../../src/providers/anthropic/encode/turns.ts';
import { call, calls, messagesOf, outline, type RawRequest, result, user } from './encoding.ts';

/** Ids of the calls and of the results of a translated conversation, in order. */
function idsOf(messages: readonly RawRequest[]): { uses: unknown[]; results: unknown[] } {
  const blocks = messagesOf([user('go'), ...messages]).flatMap(({ content }) => content);
  return {
    uses: blocks.filter(({ type }) => type === 'tool_use').map((block) => block['id']),
    results: blocks.filter(({ type }) => type === 'tool_result').map((block) => block['tool_use_id']),
  };
}

describe('wireId', () => {
  it.each(['toolu_01A', 'call_0', 'a-b_C', 'x'.repeat(128)])('TL-H6 TL-H8 keeps %s', (id) => {
    expect(wireId(id)).toBe(id);
  });

  it.each(['functions.look:0', 'call|1', 'a.b', 'ä', 'x'.repeat(129), 'a b'])(
    'TL-H6 BUG-44 hashes %s',
    (id) => {
      expect(wireId(id)).toMatch(/^tu_[0-9a-f]{40}$/);
      expect(wireId(id)).toBe(wireId(id));
    },
  );

  it('TL-H6 BUG-45 keeps different ids different', () => {
    expect(new Set(['a.b', 'a_b', 'a:b', 'a b'].map(wireId)).size).toBe(4);
  });
});

describe('uniqueId', () => {
  it('TL-H7 numbers the second and later uses', () => {
    const book = createCallBook();
    expect(['a', 'a', 'b', 'a'].map((id) => uniqueId(book, id))).toEqual(['a', 'a-2', 'b', 'a-3']);
  });

  it('TL-H7 stays clear of ids that look numbered', () => {
    const book = createCallBook();
    const given = ['a-2', 'a', 'a', 'a-2'].map((id) => uniqueId(book, id));
    expect(given).toEqual(['a-2', 'a', 'a-3', 'a-2-2']);
  });

  it('TL-H6 TL-H7 is injective, legal and stable under longer histories', () => {
    const id = fc.oneof(
      fc.constantFrom('call_0', 'call_0-2', 'a.b', 'a_b', ''),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 30 }), fc.array(id, { maxLength: 5 }), (ids, more) => {
        const idsFor = (list: readonly string[]): string[] => {
          const book = createCallBook();
          return list.map((each) => uniqueId(book, each));
        };
        const given = idsFor(ids);
        expect(new Set(given).size).toBe(ids.length);
        for (const each of given) expect(each).toMatch(/^[a-zA-Z0-9_-]+$/);
        expect(idsFor([...ids, ...more]).slice(0, ids.length)).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });
});

describe('ids in a conversation', () => {
  it('TL-H6 changes both sides alike', () => {
    const { uses, results } = idsOf([calls(call('x:0'), call('y')), result('x:0'), result('y')]);
    expect(uses).toEqual([wireId('x:0'), 'y']);
    expect(results).toEqual(uses);
  });

  it('TL-H7 BUG-46 pairs ids that begin anew each turn', () => {
    const turn = [calls(call('call_0'), call('call_1')), result('call_0'), result('call_1')];
    const { uses, results } = idsOf([...turn, ...turn, ...turn]);
    expect(uses).toEqual(['call_0', 'call_1', 'call_0-2', 'call_1-2', 'call_0-3', 'call_1-3']);
    expect(results).toEqual(uses);
  });

  it('TL-H7 pairs one id used twice in one message, first call first', () => {
    const messages = messagesOf([
      user('go'),
      calls(call('a'), call('a')),
      result('a', 'first'),
      result('a', 'second'),
    ]);
    expect(messages[2]?.content.map((block) => [block['tool_use_id'], block['content']])).toEqual([
      ['a', 'first'],
      ['a-2', 'second'],
    ]);
  });

  it('TL-H7 TL-R5 pairs a result with the nearest call that waits, and the next one with the call before', () => {
    const messages = messagesOf([
      user('go'),
      calls(call('a')),
      user('hm'),
      calls(call('a')),
      result('a', 'near'),
      result('a', 'far'),
    ]);
    expect(messages[2]?.content[0]).toMatchObject({ tool_use_id: 'a', content: 'far' });
    expect(messages[4]?.content[0]).toMatchObject({ tool_use_id: 'a-2', content: 'near' });
  });

  it('TL-H7 makes up ids by place where there are none', () => {
    const { id: _, ...nameless } = call('');
    const { uses, results } = idsOf([calls(nameless, call('')), result(''), { role: 'tool', content: 'x' }]);
    expect(uses).toEqual(['tu_m1_0', 'tu_m1_1']);
    expect(results).toEqual(uses);
  });

  it('INV-11 TL-H6 TL-H7 pairs every call with its own result, whatever the ids', () => {
    const id = fc.oneof(fc.constantFrom('call_0', 'x.y', 'x_y'), fc.string({ minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(id, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        (rounds) => {
          const messages = rounds.flatMap((ids, round) => [
            calls(...ids.map((each) => call(each, 'look', JSON.stringify({ round, each })))),
            ...ids.toReversed().map((each) => result(each, JSON.stringify({ round, each }))),
          ]);
          const sent = messagesOf([user('go'), ...messages]).flatMap(({ content }) => content);
          const uses = sent.filter(({ type }) => type === 'tool_use');
          const results = new Map(sent.map((block) => [block['tool_use_id'], block['content']]));
          expect(new Set(uses.map((block) => block['id'])).size).toBe(uses.length);
          for (const use of uses) expect(results.get(use['id'])).toBe(JSON.stringify(use['input']));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('openResults and callFor', () => {
  it('TL-R4 keep every call answered until its result comes', () => {
    const book = createCallBook();
    const turns: Turn[] = [];
    const list = ['a', 'b'].map((source) => ({ source, id: source, from: `calls ${source}` }));
    openResults(book, turns, list, 1, true);
    expect(turns[0]?.resultsOnly).toBe(true);
    expect(turns[0]?.entries.map(({ block }) => block['is_error'])).toEqual([true, true]);
    expect(callFor(book, 'b')?.slot).toBe(1);
    expect(callFor(book, 'c')).toBeUndefined();
  });

  it('TL-R6 finds an answered call only in the latest message', () => {
    const book = createCallBook();
    const turns: Turn[] = [];
    const open = (source: string, message: number): void =>
      openResults(book, turns, [{ source, id: source, from: '' }], message, false);
    open('a', 1);
    for (const each of book.calls) each.answered = true;
    expect(callFor(book, 'a')?.id).toBe('a');
    open('b', 3);
    expect(callFor(book, 'a')).toBeUndefined();
    open('a', 5);
    for (const each of book.calls) each.answered = true;
    expect(callFor(book, 'a')?.message).toBe(5);
  });

  it('TL-R1 order results by the calls, not by their arrival', () => {
    const messages = messagesOf([user('go'), calls(call('a'), call('b')), result('b'), result('a')]);
    expect(outline(messages)[2]).toEqual(['user', '<tool_result a>', '<tool_result b>']);
  });
});
