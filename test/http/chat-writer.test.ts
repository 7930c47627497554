import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatCompletionChunk } from '../../src/chat/completion.ts';
import { ChunkEncoder } from '../../src/chat/encode-chunk.ts';
import { encodeSse } from '../../src/chat/encode-sse.ts';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';
import { ProviderError } from '../../src/errors/index.ts';
import { ChatWriter } from '../../src/http/chat-writer.ts';
import { finish, start, text, usage } from '../contexts.ts';
import { runs } from '../runs.ts';
import { framesIn, info } from './support.ts';

const plain = { includeUsage: false, legacyFunctions: false };
const head = { id: 'chatcmpl-1', model: 'm', created: 1 };

/** What is said in the deltas of the frames, joined. */
const saidIn = (sse: string): string =>
  framesIn(sse)
    .filter((frame): frame is ChatCompletionChunk => frame !== '[DONE]')
    .map(({ choices }) => choices[0]?.delta.content ?? '')
    .join('');

describe('ChatWriter', () => {
  it('writes a stream as OpenAI does: role, text, finish, [DONE] (STR-14, STR-16)', () => {
    const writer = new ChatWriter(plain, head);
    const out = [
      [start, text('Good ')],
      [text('day.'), finish],
    ].map((batch) => writer.write(batch, () => info));
    const frames = framesIn(out.join('') + writer.end());
    const chunk = {
      id: 'msg_1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'served-model',
    };
    const choice = (delta: object, finish_reason: string | null = null): object => ({
      index: 0,
      delta,
      finish_reason,
      logprobs: null,
    });
    expect(frames).toEqual([
      { ...chunk, choices: [choice({ role: 'assistant', content: '', refusal: null })] },
      { ...chunk, choices: [choice({ content: 'Good ' })] },
      { ...chunk, choices: [choice({ content: 'day.' })] },
      {
        ...chunk,
        choices: [{ ...choice({}, 'stop'), native_finish_reason: 'end_turn' }],
        runestone: JSON.parse(JSON.stringify(info)),
      },
      '[DONE]',
    ]);
  });

  it('says nothing before there is something to say (STR-3), and nothing for an empty batch', () => {
    const writer = new ChatWriter(plain, head);
    expect([[start], [], [text('')]].map((batch) => writer.write(batch, () => info))).toEqual(['', '', '']);
  });

  it('asks what is known of the answer at its end only', () => {
    const writer = new ChatWriter(plain, head);
    const asked: string[] = [];
    const tell = (when: string) => () => {
      asked.push(when);
      return info;
    };
    writer.write([text('a')], tell('first'));
    writer.write([text('b')], tell('middle'));
    writer.write([finish], tell('end'));
    expect(asked).toEqual(['end']);
  });

  it('names an answer whose provider has no name for it after the request', () => {
    const [first] = framesIn(new ChatWriter(plain).write([text('a')], () => info));
    expect(first).toMatchObject({ id: 'chatcmpl-req-1', model: 'model-1', created: expect.any(Number) });
  });

  it('cannot be made to forge a frame (faults 5.26)', () => {
    const writer = new ChatWriter(plain, head);
    const hostile = '\n\ndata: [DONE]\n\nevent: error\r\n\u2028';
    const sse = ['a', hostile, 'b'].map((each) => writer.write([text(each)], () => info)).join('');
    expect(framesIn(sse)).toHaveLength(4);
    expect(saidIn(sse)).toBe(`a${hostile}b`);
  });

  it('writes a failure as a frame of its own, with nothing behind it (STR-20)', () => {
    const error = new ProviderError({ provider: 'acme', code: 'stream_truncated', message: 'acme: cut' });
    expect(framesIn(new ChatWriter(plain, head).fail(error))).toEqual([error.toOpenAI()]);
  });

  it('writes what an encoder of whole chunks writes, whatever is said in whatever batches', () => {
    const event: fc.Arbitrary<ChatEvent> = fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: 'binary' }).map(text) },
      fc.string().map((value): ChatEvent => ({ type: 'reasoning_delta', text: value })),
      fc.string().map((value): ChatEvent => ({ type: 'refusal_delta', text: value })),
      fc.nat(9).map((outputTokens) => usage({ outputTokens, inputTokens: 1 })),
      fc.constant<ChatEvent>({ type: 'tool_call_start', index: 0, id: 'call_1', name: 'f' }),
      fc.string().map((piece): ChatEvent => ({ type: 'tool_call_delta', index: 0, arguments: piece })),
      fc.constant<ChatEvent>({
        type: 'thinking_block',
        block: { type: 'thinking', thinking: 't', signature: 's' },
      }),
    );
    const batches: fc.Arbitrary<Batch[]> = fc.array(fc.array(event, { maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(batches, fc.boolean(), fc.boolean(), (middle, includeUsage, legacyFunctions) => {
        const form = { includeUsage, legacyFunctions };
        const writer = new ChatWriter(form, head);
        const encoder = new ChunkEncoder(form, head);
        for (const batch of [[start], ...middle, [finish]]) {
          const chunks: ChatCompletionChunk[] = [];
          encoder.encode(batch, chunks);
          if (batch.includes(finish)) encoder.finish('stop', 'end_turn', info, chunks);
          expect(writer.write(batch, () => info)).toBe(encodeSse(chunks));
        }
      }),
      runs(),
    );
  });
});
