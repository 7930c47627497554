import { isRunestoneError } from 'runestone';
import { type Ending, reply, type Upstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { question, stand } from './lab.ts';
import { jsonHeaders, recordingOf } from './recording.ts';

/** Characters of one to four bytes, so that cuts fall inside them too. */
const PIECES = ['Grüße', ', 世界', '! 😀', ' fine.'];
const WHOLE = PIECES.join('');
const recording = recordingOf({ blocks: [{ type: 'text', pieces: PIECES }] }, { eventNames: false });

/** What a reader of `bytes` can know: the text of the complete events, and whether the stop reason is among them. */
function knowable(bytes: Uint8Array): { readonly text: string; readonly complete: boolean } {
  const events = new TextDecoder().decode(bytes).split('\n\n').slice(0, -1);
  const parsed = events.map((event) => JSON.parse(event.slice('data: '.length)));
  return {
    text: parsed.map(({ delta }) => delta?.text ?? '').join(''),
    complete: parsed.some(({ type }) => type === 'message_delta'),
  };
}

interface Outcome {
  readonly text: string | undefined;
  readonly code: string | undefined;
  readonly committed: boolean | undefined;
  readonly partial: string;
}

/** Asks so that the host knows where to cut: the position is the question. */
function cutting(upstream: Upstream, bytes: Uint8Array, how: Ending, headers?: typeof jsonHeaders): void {
  upstream.respond(({ body }) => {
    const at = Number(Object(body).messages[0].content[0].text);
    return reply.raw(bytes.subarray(0, at), { how, ...(headers && { headers }) });
  });
}

/** Some bytes, cut at every `step`th position; by position. */
async function outcomes(
  bytes: Uint8Array,
  how: Ending,
  step: number,
  wire: 'sse' | 'json' = 'sse',
): Promise<readonly (readonly [at: number, outcome: Outcome])[]> {
  await using it = await stand({ pool: { retry: false, breaker: false } });
  cutting(it.upstream, bytes, how, wire === 'json' ? jsonHeaders : undefined);
  const ask = async (at: number): Promise<readonly [number, Outcome]> => {
    const request = question(String(at));
    try {
      const answer =
        wire === 'json'
          ? await it.pool.request(request)
          : await (await it.pool.streamRequest(request)).completion();
      const [choice] = answer.choices;
      const text = choice?.message.content ?? '';
      return [at, { text, code: undefined, committed: undefined, partial: '' }];
    } catch (error) {
      if (!isRunestoneError(error)) throw error;
      const { code, committed, partial } = error;
      return [at, { text: undefined, code, committed, partial: partial?.content ?? '' }];
    }
  };
  const found: (readonly [number, Outcome])[] = [];
  const positions = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => index * step);
  // Some at a time: fifty connections are enough.
  for (let from = 0; from < positions.length; from += 50) {
    found.push(...(await Promise.all(positions.slice(from, from + 50).map(ask))));
  }
  expect(it.upstream.count).toBe(positions.length);
  return found;
}

describe('a stream that is cut at any byte', () => {
  it.each([
    ['eof', 1],
    ['close', 3],
  ] as const)(
    'by %s is an error with the exact partial text, and a success only behind the stop reason',
    async (how, step) => {
      const found = await outcomes(recording.sse, how, step);
      for (const [at, outcome] of found) {
        const { text, complete } = knowable(recording.sse.subarray(0, at));
        const expected = complete
          ? { text: WHOLE, code: undefined }
          : {
              text: undefined,
              code: at === 0 && how === 'eof' ? 'bad_response' : 'stream_truncated',
              partial: text,
              committed: text !== '',
            };
        expect({ at, ...outcome }).toMatchObject({ at, ...expected });
      }
      const texts = new Set(found.map(([, { partial }]) => partial));
      expect([...texts]).toEqual(['', ...PIECES.map((_, index) => PIECES.slice(0, index + 1).join(''))]);
    },
  );

  it('by a reset is never more than had arrived, and never a success before the stop reason', async () => {
    for (const [at, outcome] of await outcomes(recording.sse, 'reset', 3)) {
      const { text, complete } = knowable(recording.sse.subarray(0, at));
      // A reset may overtake bytes that are on their way.
      expect({ at, begins: text.startsWith(outcome.partial) }).toEqual({ at, begins: true });
      if (!complete) expect({ at, ...outcome }).toMatchObject({ at, text: undefined, code: 'connection' });
      else expect(outcome.text ?? WHOLE).toBe(WHOLE);
    }
  });
});

it('a JSON answer that is cut at any byte is never an answer', async () => {
  for (const [at, outcome] of await outcomes(recording.json, 'eof', 1, 'json')) {
    // Nothing at all is an empty answer (N7).
    const code = at === 0 ? 'bad_response' : 'stream_truncated';
    expect({ at, ...outcome }).toMatchObject({ at, text: undefined, code });
  }
});

describe('a stream that is cut at any event', () => {
  const { frames } = recordingOf({
    blocks: [
      { type: 'thinking', pieces: ['Hm. ', 'Well.'], signature: 'sig' },
      { type: 'text', pieces: PIECES },
      { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'it' }, pieces: ['{"at"', ':"it"}'] },
    ],
  });
  const last = frames.findIndex(({ event }) => event === 'message_delta');
  const positions = frames.map((_, index) => index);

  it.each(positions.flatMap((at) => (['eof', 'close', 'reset'] as const).map((how) => [at, how] as const)))(
    'after event %s by %s: the text, the calls, the end as far as they came',
    async (at, how) => {
      await using it = await stand({ pool: { retry: false }, claude: { exposeReasoning: true } });
      it.upstream.respond(() => reply.events(frames.slice(0, at), { how, delayMs: how === 'reset' ? 1 : 0 }));
      const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
      const asking = it.pool
        .streamRequest(question('?', { tools }))
        .then((stream) => stream.completion())
        .catch((error: unknown) => error);
      const outcome = await asking;
      if (at > last) return expect(outcome).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
      const data = frames.slice(0, at).map((frame) => Object(frame.data));
      const told = (key: string): string => data.map(({ delta }) => delta?.[key] ?? '').join('');
      expect(outcome).toMatchObject({
        code: expect.stringMatching(/^(stream_truncated|connection|bad_response)$/),
      });
      const partial = Object(outcome).partial ?? { content: '', toolCalls: [] };
      expect({
        content: partial.content,
        reasoning: partial.reasoning ?? '',
        arguments: partial.toolCalls.map((call: { arguments: string }) => call.arguments).join(''),
      }).toEqual({
        content: told('text'),
        reasoning: told('thinking'),
        arguments: told('partial_json'),
      });
      expect(it.upstream.count).toBe(1);
      expect(it.of('cost.recorded')).toMatchObject([{ precision: at === 0 ? 'unknown' : 'estimated' }]);
    },
  );
});
