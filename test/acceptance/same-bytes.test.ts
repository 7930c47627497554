import fc from 'fast-check';
import type { ChatCompletion, ChatCompletionChunk } from 'runestone';
import { type Frame, type Reply, reply, type SseStyle } from 'runestone/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldChunks } from '../chat/fold-chunks.ts';
import { collect } from '../contexts.ts';
import { streamedMessage } from '../providers/anthropic/decode/arbitrary-message.ts';
import { question, type Stand, stand } from './lab.ts';
import { joined, jsonHeaders, recordingOf } from './recording.ts';

let here: Stand;
beforeAll(async () => {
  here = await stand({ pool: { retry: false, breaker: false }, claude: { exposeReasoning: true } });
});
afterAll(() => here[Symbol.asyncDispose]());

const tools = [
  { type: 'function', function: { name: 'look', parameters: { type: 'object' } } },
  { type: 'function', function: { name: 'f', parameters: { type: 'object' } } },
];
const request = question('Go on.', { tools, stream_options: { include_usage: true } });

/** Chunks without what differs from one call to the next. */
async function chunksOf(answer: Reply): Promise<unknown[]> {
  here.upstream.respond(() => answer);
  const chunks = await collect(await here.pool.streamRequest(request));
  return chunks.map(timeless);
}

function timeless(value: ChatCompletionChunk | ChatCompletion): object {
  const { created: _, runestone, ...rest } = value;
  return { ...rest, ...(runestone && { usageTold: runestone.usage, warnings: runestone.warnings }) };
}

const answer = {
  blocks: [
    { type: 'text', pieces: ['Grüße, ', '😀'] },
    { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'ö' }, pieces: ['{"at":"ö"}'] },
  ],
} as const;

describe('the same bytes, cut in two at every byte, give the same chunks', () => {
  const style: SseStyle = { eol: '\r\n', bom: true, comments: true, space: false };
  const plain = reply.raw(recordingOf(answer).sse);

  it('with CRLF, comments and a byte order mark', async () => {
    const expected = await chunksOf(plain);
    expect(expected.length).toBeGreaterThan(4);
    const { sse } = recordingOf(answer, style);
    // The question is the position, so that many may be asked at once.
    here.upstream.respond(({ body }) => {
      const at = Number(Object(body).messages[0].content[0].text);
      return reply.raw([sse.subarray(0, at), sse.subarray(at)]);
    });
    const tookAt = async (at: number): Promise<void> => {
      const chunks = await collect(
        await here.pool.streamRequest({ ...request, messages: question(String(at)).messages }),
      );
      expect({ at, chunks: chunks.map(timeless) }).toEqual({ at, chunks: expected });
    };
    const positions = Array.from({ length: sse.length + 1 }, (_, at) => at);
    for (let from = 0; from < positions.length; from += 50) {
      await Promise.all(positions.slice(from, from + 50).map(tookAt));
    }
  });

  it.each<SseStyle>([
    { eol: '\r' },
    { eol: '\r\n', multiline: true },
    { eventNames: false },
    { ...style, multiline: true, eventNames: false },
  ])('and one by one: %j', async (other) => {
    const { sse } = recordingOf(answer, other);
    const bytes = Array.from(sse, (byte) => Uint8Array.of(byte));
    expect(await chunksOf(reply.raw(bytes))).toEqual(await chunksOf(plain));
    expect(joined(bytes)).toEqual(sse);
  });
});

describe('for any answer: text, tools, thinking, refusals, citations, blocks of the future', () => {
  const style = fc.record({
    eol: fc.constantFrom('\n', '\r\n', '\r'),
    bom: fc.boolean(),
    comments: fc.boolean(),
    eventNames: fc.boolean(),
    space: fc.boolean(),
    multiline: fc.boolean(),
    split: fc.oneof(
      fc.constant('once' as const),
      fc.constant('event' as const),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
    ),
  });
  const framesOf = (events: readonly { readonly type: string }[]): Frame[] =>
    events.map((data) => ({ event: data.type, data }));

  it('INV-1 INV-4: any style gives the same chunks; folded they are the answer that comes whole', async () => {
    await fc.assert(
      fc.asyncProperty(streamedMessage, style, async ({ message, events }, styled) => {
        const frames = framesOf(events);
        const plain = await chunksOf(reply.events(frames));
        expect(await chunksOf(reply.events(frames, { style: styled }))).toEqual(plain);

        here.upstream.respond(() => reply.raw(JSON.stringify(message), { headers: jsonHeaders }));
        const { stream_options: _, ...whole } = request;
        const completion = await here.pool.request(whole);
        expect(here.upstream.requests.at(-1)?.body).not.toHaveProperty('stream', true);

        here.upstream.respond(() => reply.events(frames));
        const stream = await here.pool.streamRequest(request);
        const chunks = await collect(stream);
        // By our own folding, and by that of any client.
        expect(timeless(await stream.completion())).toEqual(timeless(completion));
        expect(textsOf(foldChunks(chunks))).toEqual(textsOf(completion));
      }),
      { numRuns: 100 },
    );
  });

  /** What a client reads of an answer. */
  function textsOf(completion: unknown): unknown {
    const { choices, usage } = Object(completion);
    const [{ message, finish_reason }] = choices;
    const { content, refusal, tool_calls, annotations, reasoning_content, thinking_blocks } = message;
    return {
      content: content ?? '',
      refusal: refusal ?? '',
      calls: tool_calls ?? [],
      annotations: annotations ?? [],
      reasoning: reasoning_content ?? '',
      thinking: thinking_blocks ?? [],
      finish_reason,
      usage,
    };
  }
});
