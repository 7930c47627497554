import { piecesOf } from '../../upstream/pieces.ts';
import { objectOf } from '../../upstream/read-json.ts';
import type { FaultTable } from '../lab-fault.ts';
import { chunkLike, event, insert, mapData, textDelta, withFrames } from '../odd-frames.ts';

/** Text that belongs to no answer: whoever shows it has read what it should have passed by. */
export const STRAY = 'STRAY';

/** How deep `deep-json` goes. */
const DEEP = 100_000;

/** Indices that name no place. */
const HOSTILE: Readonly<Record<string, unknown>> = {
  proto: '__proto__',
  negative: -1,
  half: 0.5,
  huge: 2 ** 32 - 1,
  null: null,
};

const strayChoice = (index: unknown): Readonly<Record<string, unknown>> => ({
  choices: [{ index, delta: { content: STRAY }, finish_reason: null }],
});

/** Keys that reach for the prototype of everything. */
const PROTO = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';

/** Events that are odd or wrong (V1 to V14). They come behind the first piece of content. */
export const oddEvents: FaultTable = {
  'unknown-event': {
    row: 'V1',
    about: 'an event of the future',
    reply: (ask) =>
      withFrames(ask, {
        anthropic: insert(1, [event('hologram', { beam: 1 })]),
        openai: insert(1, [{ event: 'hologram', data: { object: 'hologram', beam: 1 } }]),
      }),
  },
  'unknown-block': {
    row: 'V1',
    about: 'a block, or a delta, of the future',
    reply: (ask) =>
      withFrames(ask, {
        anthropic: insert('content', [
          event('content_block_start', { index: 7, content_block: { type: 'hologram' } }),
          event('content_block_delta', { index: 7, delta: { type: 'beam_delta', beam: 'x' } }),
          event('content_block_stop', { index: 7 }),
        ]),
        openai: insert(1, (frames) => [
          chunkLike(frames, {
            choices: [{ index: 0, delta: { hologram: { beam: 'x' } }, finish_reason: null }],
          }),
        ]),
      }),
  },
  'unknown-stop-reason': {
    row: 'V2',
    about: 'a finish reason of the future',
    reply: ({ said }) => said({ stopReason: 'bored' }),
  },
  'duplicate-start': {
    row: 'V3',
    about: 'the same start twice',
    reply: (ask) =>
      withFrames(
        ask,
        insert(1, (frames) => frames.slice(0, 1)),
      ),
  },
  'spliced-message': {
    row: 'V4',
    about: 'a second message, with a tool call, inside the first',
    wires: ['anthropic'],
    reply: (ask) =>
      withFrames(
        ask,
        insert(1, (frames) => [
          event('message_start', {
            message: { ...objectOf(objectOf(frames[0]?.data)['message']), id: 'msg_other' },
          }),
          event('content_block_start', {
            index: 1,
            content_block: { type: 'tool_use', id: 'toolu_other', name: STRAY, input: {} },
          }),
        ]),
      ),
  },
  'content-before-start': {
    row: 'V5',
    about: 'content before the start of the message',
    reply: (ask) => withFrames(ask, (frames) => frames.slice(1)),
  },
  'delta-unknown-index': {
    row: 'V6',
    about: 'content for a block, or a choice, that is not there',
    reply: (ask) =>
      withFrames(ask, {
        anthropic: insert(1, [textDelta(42, STRAY)]),
        openai: insert(1, (frames) => [chunkLike(frames, strayChoice(42))]),
      }),
  },
  'hostile-index': {
    row: 'V7',
    about: 'content at the index `i`: proto, negative, half, huge or null',
    reply: (ask) => {
      const index = HOSTILE[ask.params.text('i', 'proto')];
      return withFrames(ask, {
        anthropic: insert(1, [textDelta(index, STRAY), event('content_block_stop', { index })]),
        openai: insert(1, (frames) => [
          // What has no index is the only choice there is.
          chunkLike(frames, index === null ? toolAt(index) : strayChoice(index)),
          chunkLike(frames, toolAt(index)),
        ]),
      });
    },
  },
  'block-not-closed': {
    row: 'V8',
    about: 'blocks that are never closed',
    wires: ['anthropic'],
    reply: (ask) =>
      withFrames(ask, (frames) => frames.filter((frame) => frame.event !== 'content_block_stop')),
  },
  'events-after-stop': {
    row: 'V9',
    about: 'content behind the end marker',
    reply: (ask) =>
      withFrames(ask, {
        anthropic: insert('stop', [textDelta(0, STRAY)]),
        openai: insert('stop', (frames) => [chunkLike(frames, strayChoice(0))]),
      }),
  },
  'fake-done': {
    row: 'V10',
    about: 'something that only looks like the end marker: `mark`',
    reply: (ask) => withFrames(ask, insert(1, [{ data: ask.params.text('mark', '[DONE].') }])),
  },
  'malformed-json': {
    row: 'V11',
    about: 'an event whose JSON is cut',
    reply: (ask) =>
      withFrames(ask, insert(1, [{ data: `{"type":"content_block_delta","canary":"${STRAY}","in` }])),
  },
  'non-object-json': {
    row: 'V12',
    about: 'an event that is no object: `v`',
    reply: (ask) => withFrames(ask, insert(1, [{ data: ask.params.text('v', 'null') }])),
  },
  'proto-keys': {
    row: 'V13',
    about: 'the keys __proto__ and constructor, in an event and in what every event holds',
    reply: (ask) =>
      withFrames(
        ask,
        (frames) => [
          ...insert(1, [{ event: 'hologram', data: `{"type":"hologram",${PROTO}}` }])(frames).map((frame) =>
            typeof frame.data === 'object'
              ? { ...frame, data: JSON.stringify(frame.data).replace('{', `{${PROTO},`) }
              : frame,
          ),
        ],
        {
          ...ask.said(),
          edit: { body: (body) => JSON.stringify(body).replace('{', `{${PROTO},`) },
        },
      ),
  },
  'deep-json': {
    row: 'V14',
    about: `an unknown event, ${DEEP} levels deep`,
    reply: (ask) =>
      withFrames(
        ask,
        insert(1, [{ data: `{"type":"hologram","deep":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}` }]),
        {
          ...ask.said(),
          edit: {
            body: (body) =>
              JSON.stringify(body).replace('{', `{"deep":${'['.repeat(DEEP)}${']'.repeat(DEEP)},`),
          },
        },
      ),
  },
  'model-mismatch': {
    row: 'V15',
    about: 'an answer of another model: `model`',
    reply: ({ params, said }) => said({ model: params.text('model', 'model-of-another-name') }),
  },
  'content-in-start': {
    row: 'V16',
    about: 'the whole content in message_start',
    wires: ['anthropic'],
    reply: (ask) => withFrames(ask, contentInStart),
  },
};

function toolAt(index: unknown): Readonly<Record<string, unknown>> {
  const call = {
    index,
    id: `call_${STRAY}`,
    type: 'function',
    function: { name: 'weather', arguments: '{}' },
  };
  return { choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] };
}

/** As some proxies send it: the blocks stand in the first event, and none of their own follow. */
const contentInStart = (
  frames: Parameters<ReturnType<typeof mapData>>[0],
): ReturnType<ReturnType<typeof mapData>> => {
  const texts = frames.map(({ data }) => objectOf(objectOf(data)['delta'])['text']);
  const text = texts.filter((piece) => typeof piece === 'string').join('');
  const content = [{ type: 'text', text: piecesOf(text, 1).join('') }];
  return mapData((data) => {
    if (data['type'] === 'message_start')
      return { ...data, message: { ...objectOf(data['message']), content } };
    return String(data['type']).startsWith('content_block') ? undefined : data;
  })(frames);
};
