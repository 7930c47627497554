import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAfter } from '../../../../src/testing/upstream/frame.ts';
import type { Answer, AnswerBlock } from '../../../../src/testing/upstream/model-answer.ts';
import { completionOf } from '../../../../src/testing/upstream/openai/openai-completion.ts';
import {
  type ChunkOptions,
  chunkFaultFrames,
  chunkFramesOf,
} from '../../../../src/testing/upstream/openai/openai-frames.ts';
import type { Chunk } from './chat.ts';

const facts = { id: 'chatcmpl-1', model: 'gpt-test', promptTokens: 7 };
const text: AnswerBlock = { type: 'text', pieces: ['Hel', 'lo'] };
const tool = (id: string, input = {}): AnswerBlock => ({ type: 'tool_use', id, name: 'f', input });

const chunksOf = (answer: Answer, options?: ChunkOptions): Chunk[] =>
  chunkFramesOf(answer, facts, options)
    .slice(0, -1)
    .map(({ data }) => data as Chunk);
const deltasOf = (answer: Answer) => chunksOf(answer).map(({ choices }) => choices[0]?.delta);

describe('chunkFramesOf', () => {
  it('says the role, the content, the finish reason, and that it is done', () => {
    expect(deltasOf({ blocks: [text] })).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'Hel' },
      { content: 'lo' },
      {},
    ]);
    expect(chunksOf({ blocks: [text] }).map(({ choices }) => choices[0]?.finish_reason)).toEqual([
      null,
      null,
      null,
      'stop',
    ]);
    expect(chunkFramesOf({ blocks: [text] }, facts).at(-1)).toEqual({ data: '[DONE]' });
  });

  it('counts calls from 0, and names them once', () => {
    expect(deltasOf({ blocks: [tool('c1'), tool('c2', { a: 1 })] })).toEqual([
      { role: 'assistant', content: null, refusal: null },
      { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      { tool_calls: [{ index: 1, id: 'c2', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{"a":1}' } }] },
      {},
    ]);
  });

  it('streams thoughts and refusals under their own names', () => {
    const thought: AnswerBlock = { type: 'thinking', pieces: ['Hm'], signature: 's' };
    const refused = { blocks: [thought], stopReason: 'refusal', stopDetails: { explanation: 'I cannot.' } };
    expect(deltasOf(refused).slice(1, -1)).toEqual([
      { reasoning_content: 'Hm' },
      { refusal: 'I' },
      { refusal: ' cannot.' },
    ]);
  });

  it('has usage in a last chunk of its own, and null before, only when asked', () => {
    const asked = chunksOf({ blocks: [text] }, { includeUsage: true });
    expect(asked.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 9 } });
    expect(chunksOf({ blocks: [text] }).some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('is obfuscated unless told not to', () => {
    expect(chunksOf({ blocks: [text] }).every((chunk) => 'obfuscation' in chunk)).toBe(true);
    expect(chunksOf({ blocks: [text] }, { obfuscate: false }).some((chunk) => 'obfuscation' in chunk)).toBe(
      false,
    );
  });

  it('has the places where faults strike', () => {
    const frames = chunkFramesOf({ blocks: [text] }, facts, { includeUsage: true });
    expect(
      [0, 1, 2, 9, 'content', 'finish', 'stop'].map((point) => indexAfter(frames, point as number)),
    ).toEqual([1, 2, 3, 3, 3, 4, 6]);
  });

  it('spells what the whole answer says (property)', () => {
    const block = fc.oneof(
      fc.array(fc.string(), { maxLength: 4 }).map((pieces): AnswerBlock => ({ type: 'text', pieces })),
      fc.dictionary(fc.string(), fc.jsonValue()).map((input) => tool('c', input)),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        const content: string[] = [];
        const calls: string[] = [];
        for (const delta of deltasOf({ blocks })) {
          content.push(String(delta?.['content'] ?? ''));
          for (const call of (delta?.['tool_calls'] ?? []) as {
            index: number;
            function: { arguments: string };
          }[]) {
            calls[call.index] = (calls[call.index] ?? '') + call.function.arguments;
          }
        }
        const [choice] = completionOf({ blocks }, facts)['choices'] as {
          message: { content: string | null; tool_calls?: { function: { arguments: string } }[] };
        }[];
        expect(content.join('')).toBe(choice?.message.content ?? '');
        expect(calls).toEqual((choice?.message.tool_calls ?? []).map((call) => call.function.arguments));
      }),
      { numRuns: 200 },
    );
  });
});

describe('chunkFaultFrames', () => {
  it('keeps a connection alive with a comment, and tells errors as OpenAI does (ERR-54)', () => {
    expect(chunkFaultFrames.ping).toEqual({ comment: 'keep-alive' });
    expect(chunkFaultFrames.error('rate_limit_error', 'slow down')).toEqual({
      data: { error: { message: 'slow down', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
    });
  });
});
