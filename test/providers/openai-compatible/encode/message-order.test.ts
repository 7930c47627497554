import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endOfSystem,
  orderMessages,
} from '../../../../src/providers/openai-compatible/encode/message-order.ts';
import type { WireMessage } from '../../../../src/providers/openai-compatible/encode/wire-message.ts';
import type { Quirks } from '../../../../src/providers/openai-compatible/index.ts';

const system = (content: unknown): WireMessage => ({ role: 'system', content });
const user = (content: unknown): WireMessage => ({ role: 'user', content });
const assistant = (content: unknown): WireMessage => ({ role: 'assistant', content });
const calling: WireMessage = { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] };
const result: WireMessage = { role: 'tool', tool_call_id: 'a', content: '42' };
const reminder = (text: string): WireMessage => user(`<system-reminder>${text}</system-reminder>`);
const ok = assistant('OK.');

function order(messages: readonly WireMessage[], quirks: Quirks) {
  const downgraded: number[] = [];
  const ordered = orderMessages(messages, quirks, (index) => downgraded.push(index));
  return [ordered, downgraded];
}

describe('the order of messages', () => {
  it('is the caller’s where the host has no rule', () => {
    const messages = [system('a'), user('b'), system('c'), user('d'), user('e')];
    expect(orderMessages(messages, {}, () => {})).toBe(messages);
  });

  it.each([
    ['none later', [system('a'), system('b'), user('c')], [system('a'), system('b'), user('c')], []],
    [
      'one later',
      [system('a'), user('b'), system('c'), assistant('d')],
      [system('a'), user('b'), reminder('c'), assistant('d')],
      [2],
    ],
    ['one at the end', [user('b'), system('c')], [user('b'), reminder('c')], [1]],
    [
      'several',
      [user('b'), system('c'), { role: 'developer', content: 'd' }],
      [user('b'), reminder('c'), reminder('d')],
      [1, 2],
    ],
    [
      'in parts',
      [
        user('b'),
        system([
          { type: 'text', text: 'c' },
          { type: 'text', text: 'd' },
        ]),
      ],
      [user('b'), reminder('c\n\nd')],
      [1],
    ],
    [
      'between call and result (MSG-5)',
      [user('b'), calling, system('c'), result, assistant('d')],
      [user('b'), calling, result, reminder('c'), assistant('d')],
      [2],
    ],
    [
      'between two results (MSG-5)',
      [user('b'), calling, result, system('c'), result, user('d')],
      [user('b'), calling, result, result, reminder('c'), user('d')],
      [3],
    ],
  ])('MSG-4: has system messages at the beginning only: %s', (_, messages, ordered, downgraded) => {
    expect(order(messages, { systemFirst: true })).toEqual([ordered, downgraded]);
  });

  it.each([
    ['two', [system('a'), system('b'), user('c')], [system('a\n\nb'), user('c')]],
    ['one', [system('a'), user('c')], [system('a'), user('c')]],
    ['none', [user('c')], [user('c')]],
    [
      'in parts',
      [system([{ type: 'text', text: 'a' }]), system('b'), user('c')],
      [system('a\n\nb'), user('c')],
    ],
    ['nothing else', [system('a'), system('b')], [system('a\n\nb')]],
    [
      'others later, which stay',
      [system('a'), user('b'), system('c')],
      [system('a'), user('b'), system('c')],
    ],
  ])('has one system message at the beginning: %s', (_, messages, ordered) => {
    expect(order(messages, { mergeSystem: true })[0]).toEqual(ordered);
  });

  it.each([
    ['users', [user('a'), user('b'), assistant('c')], [user('a\n\nb'), assistant('c')]],
    ['three', [user('a'), user('b'), user('c')], [user('a\n\nb\n\nc')]],
    ['assistants', [user('a'), assistant('b'), assistant('c')], [user('a'), assistant('b\n\nc')]],
    [
      'text and parts',
      [user('a'), user([{ type: 'image_url' }])],
      [user([{ type: 'text', text: 'a' }, { type: 'image_url' }])],
    ],
    ['nothing and text', [assistant(null), assistant('b')], [assistant([{ type: 'text', text: 'b' }])]],
    ['systems stay', [system('a'), system('b'), user('c')], [system('a'), system('b'), user('c')]],
    ['calls stay', [calling, result, assistant('a'), calling], [calling, result, assistant('a'), calling]],
    ['results stay', [calling, result, result, user('a')], [calling, result, result, user('a')]],
  ])('lets user and assistant take turns: %s', (_, messages, ordered) => {
    expect(order(messages, { alternateRoles: true })[0]).toEqual(ordered);
  });

  it('has an assistant between a result and a user', () => {
    const messages = [user('a'), calling, result, user('b'), assistant('c'), user('d')];
    expect(order(messages, { assistantAfterTool: true })[0]).toEqual([
      user('a'),
      calling,
      result,
      ok,
      user('b'),
      assistant('c'),
      user('d'),
    ]);
    expect(order([calling, result, assistant('c')], { assistantAfterTool: true })[0]).toEqual([
      calling,
      result,
      assistant('c'),
    ]);
  });

  it('keeps all rules at once', () => {
    const all: Quirks = {
      systemFirst: true,
      mergeSystem: true,
      alternateRoles: true,
      assistantAfterTool: true,
    };
    const messages = [system('a'), system('b'), user('c'), calling, result, system('d'), user('e')];
    expect(order(messages, all)[0]).toEqual([
      system('a\n\nb'),
      user('c'),
      calling,
      result,
      ok,
      user('<system-reminder>d</system-reminder>\n\ne'),
    ]);
  });

  it('T-10: of a history that grows at its end keeps its beginning', () => {
    const turn = fc.constantFrom(
      [user('q'), assistant('a')],
      [user('q'), calling, result, assistant('a')],
      [user('q'), calling, result, system('s'), assistant('a')],
      [user('q'), system('s'), assistant('a')],
      [user('q'), calling, result, user('r'), assistant('a')],
    );
    const quirks: Quirks = {
      systemFirst: true,
      mergeSystem: true,
      alternateRoles: true,
      assistantAfterTool: true,
    };
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 5 }), turn, (turns, next) => {
        const before = [system('x'), ...turns.flat()];
        const [shorter] = order(before, quirks);
        const [longer] = order([...before, ...next], quirks);
        expect((longer as WireMessage[]).slice(0, (shorter as WireMessage[]).length)).toEqual(shorter);
      }),
      { numRuns: 200 },
    );
  });

  it('knows where the system messages at the beginning end', () => {
    expect(endOfSystem([system('a'), { role: 'developer' }, user('b'), system('c')])).toBe(2);
    expect(endOfSystem([user('b')])).toBe(0);
    expect(endOfSystem([system('a')])).toBe(1);
    expect(endOfSystem([])).toBe(0);
  });
});
