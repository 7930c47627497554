import { frame } from '../../upstream/anthropic/frames.ts';
import { objectOf } from '../../upstream/read-json.ts';
import type { AnswerReply } from '../../upstream/reply.ts';
import type { FaultTable, LabAsk } from '../lab-fault.ts';
import { chunkLike, insert, mapData, withFrames } from '../odd-frames.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Numbers that are none, by their names in the parameter `v`. */
const HOSTILE: Readonly<Record<string, string>> = { negative: '-5', text: '"12"', infinite: '1e999' };

/** Usage of three tokens in and five out, in the words of OpenAI's wire. */
const USED = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };

/** Every `usage` of an answer, changed; `undefined` leaves it out. */
function changedUsage(ask: LabAsk, change: (usage: Fields | undefined) => unknown): AnswerReply {
  const inOne = (data: Fields): Fields => {
    const { usage, message, ...rest } = data;
    const spoilt = usage === undefined ? undefined : change(usage ? objectOf(usage) : undefined);
    return {
      ...rest,
      ...(message !== undefined && { message: inOne(objectOf(message)) }),
      ...(spoilt !== undefined && { usage: spoilt }),
    };
  };
  return withFrames(ask, mapData(inOne), { ...ask.said(), edit: { body: (body) => inOne(objectOf(body)) } });
}

/** Stands for a number that JSON cannot write. */
const SPOT = '@number';

/** The counts of tokens, whatever their names. */
const withSpots = (usage: Fields = {}): unknown =>
  Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [name, /_tokens$/.test(name) ? SPOT : value]),
  );

/** Token counts that are missing, wrong, or in odd places (U1 to U5). */
export const oddUsage: FaultTable = {
  'usage-missing': {
    row: 'U1',
    about: 'no usage at all',
    reply: (ask) => changedUsage(ask, () => undefined),
  },
  'usage-null': { row: 'U1', about: 'usage that is null', reply: (ask) => changedUsage(ask, () => null) },
  'usage-hostile': {
    row: 'U2',
    about: 'counts that are no counts: `v` is negative, text or infinite',
    reply: (ask) => {
      const number = HOSTILE[ask.params.text('v', 'negative')] ?? '-5';
      const { edit = {}, ...said } = changedUsage(ask, withSpots);
      const written = (data: unknown): string => JSON.stringify(data).replaceAll(`"${SPOT}"`, number);
      return {
        ...said,
        edit: {
          frames: (frames) =>
            (edit.frames?.(frames) ?? frames).map((each) =>
              typeof each.data === 'object' ? { ...each, data: written(each.data) } : each,
            ),
          body: (body) => written(edit.body?.(body) ?? body),
        },
      };
    },
  },
  'usage-every-chunk': {
    row: 'U3',
    about: 'a running total in every chunk, as Perplexity sends it',
    wires: ['openai'],
    reply: (ask) => {
      let completion_tokens = 0;
      return withFrames(
        ask,
        mapData((data) => ({ ...data, usage: { ...USED, completion_tokens: ++completion_tokens } })),
      );
    },
  },
  'usage-after-stop': {
    row: 'U4',
    about: 'usage behind the finish reason',
    reply: (ask) =>
      withFrames(ask, {
        anthropic: insert('finish', [frame('message_delta', { delta: {}, usage: { output_tokens: 5 } })]),
        openai: (frames) =>
          insert('finish', [chunkLike(frames, { choices: [], usage: USED })])(withoutUsage(frames)),
      }),
  },
  'x-groq-usage': {
    row: 'U4',
    about: 'usage in x_groq, as Groq sends it',
    wires: ['openai'],
    reply: (ask) =>
      withFrames(ask, (frames) =>
        mapData((data, { finish }) => (finish ? { ...data, x_groq: { usage: USED } } : data))(
          withoutUsage(frames),
        ),
      ),
  },
  'input-tokens-revised': {
    row: 'U5',
    about: '43 tokens in at first, 61 at the end',
    reply: (ask) =>
      withFrames(ask, {
        anthropic: mapData((data) => {
          if (data['type'] === 'message_delta')
            return { ...data, usage: { ...objectOf(data['usage']), input_tokens: 61 } };
          const message = objectOf(data['message']);
          if (data['type'] !== 'message_start') return data;
          return {
            ...data,
            message: { ...message, usage: { ...objectOf(message['usage']), input_tokens: 43 } },
          };
        }),
        openai: (frames) =>
          insert('finish', [chunkLike(frames, { choices: [], usage: { ...USED, prompt_tokens: 61 } })])(
            mapData((data) => ({ ...data, usage: { ...USED, prompt_tokens: 43 } }))(withoutUsage(frames)),
          ),
      }),
  },
};

/** Without the chunk that holds nothing but usage. */
function withoutUsage(
  frames: Parameters<ReturnType<typeof mapData>>[0],
): ReturnType<ReturnType<typeof mapData>> {
  return frames.filter(({ data }) => !objectOf(objectOf(data)['usage'])['total_tokens']);
}
