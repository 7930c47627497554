import { objectOf } from '../../upstream/read-json.ts';
import type { FaultTable, LabAsk } from '../lab-fault.ts';
import { chunkLike, insert, mapData, withFrames } from '../odd-frames.ts';

const only = (delta: unknown, finish: string | null = null): Readonly<Record<string, unknown>> => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** A tool call that comes in one chunk, with these fields in place of the usual ones. */
const oneShot = (ask: LabAsk, fields: Readonly<Record<string, unknown>>, name = 'weather'): unknown => ({
  index: 0,
  id: 'call_1',
  type: 'function',
  function: { name, arguments: JSON.stringify({ city: ask.nonce }) },
  ...fields,
});

const withCall = (ask: LabAsk, call: unknown): ReturnType<typeof withFrames> =>
  withFrames(
    ask,
    insert('content', (frames) => [chunkLike(frames, only({ tool_calls: [call] }))]),
    {
      ...ask.said({ stopReason: 'tool_use' }),
    },
  );

/** What hosts of OpenAI's wire do differently, each as it was recorded (V17). */
export const hostDialects: FaultTable = {
  'leading-empty-choices': {
    row: 'V17',
    about: 'a first chunk without choices, as Azure sends for its filters',
    wires: ['openai'],
    reply: (ask) =>
      withFrames(ask, (frames) => [
        chunkLike(frames, { id: '', model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] }),
        ...frames,
      ]),
  },
  'one-shot-tool': {
    row: 'V17',
    about: 'a whole tool call in one chunk',
    wires: ['openai'],
    reply: (ask) => withCall(ask, oneShot(ask, {})),
  },
  'empty-tool-id': {
    row: 'V17',
    about: 'a tool call with an empty id',
    wires: ['openai'],
    reply: (ask) => withCall(ask, oneShot(ask, { id: '' })),
  },
  'empty-tool-name': {
    row: 'V17',
    about: 'an empty name in all chunks of a tool call but the first',
    wires: ['openai'],
    reply: (ask) =>
      withFrames(
        ask,
        insert('content', (frames) => [
          chunkLike(
            frames,
            only({ tool_calls: [oneShot(ask, { function: { name: 'weather', arguments: '' } })] }),
          ),
          chunkLike(frames, only({ tool_calls: [oneShot(ask, { id: '' }, '')] })),
        ]),
        ask.said({ stopReason: 'tool_use' }),
      ),
  },
  'reasoning-content': {
    row: 'V17',
    about: 'reasoning in a field of its own before the answer',
    wires: ['openai'],
    reply: (ask) =>
      withFrames(
        ask,
        insert('head', (frames) => [frames[0] ?? {}, chunkLike(frames, only({ reasoning_content: 'Hm.' }))]),
      ),
  },
  'finish-with-content': {
    row: 'V17',
    about: 'the finish reason in the chunk of the last content',
    wires: ['openai'],
    reply: (ask) =>
      withFrames(ask, (frames) => {
        const last = frames.findLastIndex(({ content }) => content);
        const spoilt = mapData((data, frame) => (frame === frames[last] ? finished(data) : data))(frames);
        return spoilt.filter(({ finish }) => !finish);
      }),
  },
  obfuscation: {
    row: 'V17',
    about: 'padding in every chunk',
    wires: ['openai'],
    reply: (ask) =>
      withFrames(
        ask,
        mapData((data) => ({ ...data, obfuscation: 'x'.repeat(40) })),
      ),
  },
};

function finished(data: Readonly<Record<string, unknown>>): unknown {
  const [choice] = Array.isArray(data['choices']) ? data['choices'] : [];
  return { ...data, choices: [{ ...objectOf(choice), finish_reason: 'stop' }] };
}
