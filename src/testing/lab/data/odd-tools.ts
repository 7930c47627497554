import type { AnswerBlock } from '../../upstream/model-answer.ts';
import { listOf, objectOf } from '../../upstream/read-json.ts';
import { answer } from '../../upstream/replies/answers.ts';
import { cut } from '../../upstream/replies/faults.ts';
import type { AnswerReply } from '../../upstream/reply.ts';
import type { FaultTable, LabAsk } from '../lab-fault.ts';
import { mapData, withFrames } from '../odd-frames.ts';

type Call = Omit<Extract<AnswerBlock, { type: 'tool_use' }>, 'type' | 'name' | 'input'> & {
  readonly input?: Readonly<Record<string, unknown>>;
};

/** A word of text, then calls of `weather`; the first of them for the city that the nonce names. */
function calls(ask: LabAsk, ...list: readonly Call[]): AnswerReply {
  const blocks: AnswerBlock[] = [
    { type: 'text', pieces: [ask.nonce] },
    ...list.map(
      (call): AnswerBlock => ({ type: 'tool_use', name: 'weather', input: { city: ask.nonce }, ...call }),
    ),
  ];
  return answer(blocks);
}

/** Every fragment of a tool call in a chunk, and every call of a whole answer, changed. */
const mapCalls = (change: (call: Readonly<Record<string, unknown>>) => unknown) => {
  const inMessage = (message: unknown): unknown => {
    const list = objectOf(message)['tool_calls'];
    return list
      ? { ...objectOf(message), tool_calls: listOf(list).map((call) => change(objectOf(call))) }
      : message;
  };
  return (data: unknown): unknown => ({
    ...objectOf(data),
    choices: listOf(objectOf(data)['choices']).map((choice) => {
      const { delta, message, ...rest } = objectOf(choice);
      return { ...rest, ...(delta ? { delta: inMessage(delta) } : { message: inMessage(message) }) };
    }),
  });
};

/** A changed answer of OpenAI's wire, streamed or not. */
function changed(ask: LabAsk, said: AnswerReply, change: Parameters<typeof mapCalls>[0]): AnswerReply {
  const edit = mapCalls(change);
  return withFrames(ask, mapData(edit), { ...said, edit: { body: edit } });
}

/** Tool calls that are odd or broken (G1 to G6). */
export const oddTools: FaultTable = {
  'tool-truncated': {
    row: 'G1',
    about: 'arguments that stop half-way, and a normal end',
    reply: (ask) => calls(ask, { pieces: ['{"city":', `"${ask.nonce}`] }),
  },
  'tool-cut': {
    row: 'G2',
    about: 'RST inside the arguments',
    reply: (ask) =>
      cut({ after: 3, how: 'reset', answer: calls(ask, { pieces: ['{"city":', `"${ask.nonce}"}`] }) }),
  },
  'tool-invalid-json': {
    row: 'G3',
    about: 'arguments that are no JSON',
    reply: (ask) => calls(ask, { pieces: ['not', ' json'] }),
  },
  'tool-empty-args': {
    row: 'G4',
    about: 'no arguments at all',
    reply: (ask) => calls(ask, { input: {}, pieces: [] }),
  },
  'tool-args-object': {
    row: 'G5',
    about: 'arguments as an object',
    wires: ['openai'],
    reply: (ask) =>
      changed(ask, calls(ask, { pieces: [] }), (call) => ({
        ...call,
        function: { ...objectOf(call['function']), arguments: { city: ask.nonce } },
      })),
  },
  'tool-no-index': {
    row: 'G6',
    about: 'two calls without an index',
    wires: ['openai'],
    reply: (ask) =>
      changed(ask, calls(ask, { id: 'call_a' }, { id: 'call_b' }), ({ index: _, ...call }) => call),
  },
  'tool-duplicate-id': {
    row: 'G6',
    about: 'two calls of one id',
    reply: (ask) => calls(ask, { id: 'same_id' }, { id: 'same_id', input: { city: 'Oslo' } }),
  },
};
