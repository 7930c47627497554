import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ChatCompletionChunk } from '../../src/chat/completion.ts';
import type { AnswerForm } from '../../src/chat/encode-chunk.ts';
import { encodeSse } from '../../src/chat/encode-sse.ts';
import { isCommitting } from '../../src/chat/events.ts';
import { chunksOf, completionOf, legacy, plain, withUsage } from './answers.ts';
import { anyAnswer } from './arbitrary-events.ts';
import { foldChunks } from './fold-chunks.ts';

const RUNS = { numRuns: 200 };
const anyForm = fc.constantFrom(plain, withUsage, legacy, { includeUsage: true, legacyFunctions: true });

const forAnyAnswer = (
  claim: (
    chunks: readonly ChatCompletionChunk[],
    form: AnswerForm,
    batches: Parameters<typeof chunksOf>[0],
  ) => void,
): void =>
  fc.assert(
    fc.property(anyAnswer, anyForm, (batches, form) => claim(chunksOf(batches, form), form, batches)),
    RUNS,
  );

/** OpenAI's `ChatCompletionChunk` as its reference writes it, our extensions named. */
const chunkSchema = z.strictObject({
  id: z.string().min(1),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string().min(1),
  choices: z.array(
    z.strictObject({
      index: z.literal(0),
      delta: z.strictObject({
        role: z.literal('assistant').optional(),
        content: z.string().nullish(),
        refusal: z.string().nullish(),
        tool_calls: z
          .array(
            z.strictObject({
              index: z.int().nonnegative(),
              id: z.string().optional(),
              type: z.enum(['function', 'custom']).optional(),
              function: z.strictObject({ name: z.string().optional(), arguments: z.string() }).optional(),
              custom: z.strictObject({ name: z.string(), input: z.string() }).optional(),
            }),
          )
          .optional(),
        function_call: z.strictObject({ name: z.string().optional(), arguments: z.string() }).optional(),
        reasoning_content: z.string().optional(),
        thinking_blocks: z.array(z.looseObject({ type: z.string() })).optional(),
        annotations: z.array(z.looseObject({ type: z.literal('url_citation') })).optional(),
        provider_specific_fields: z.record(z.string(), z.unknown()).optional(),
      }),
      finish_reason: z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']).nullable(),
      logprobs: z.null(),
      native_finish_reason: z.string().optional(),
    }),
  ),
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).optional(),
  usage: z
    .looseObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
    .nullish(),
  runestone: z.looseObject({}).optional(),
});

describe('INV-4: fold equals whole', () => {
  it('the deltas of any answer add up to its completion', () => {
    forAnyAnswer((chunks, form, batches) => {
      const whole = completionOf(batches, form);
      if (!form.includeUsage) delete whole.usage;
      expect(foldChunks(chunks)).toEqual(whole);
    });
  });

  it('also when they went over the wire as text', () => {
    forAnyAnswer((chunks, form, batches) => {
      const frames = encodeSse(chunks).split('\n\n').slice(0, -1);
      const read = frames.map((frame) => JSON.parse(frame.slice('data: '.length)));
      const whole = completionOf(batches, form);
      if (!form.includeUsage) delete whole.usage;
      expect(foldChunks(read)).toEqual(JSON.parse(JSON.stringify(whole)));
    });
  });

  it('batches do not matter', () => {
    forAnyAnswer((chunks, form, batches) => {
      expect(chunksOf([batches.flat()], form)).toEqual(chunks);
      expect(
        chunksOf(
          batches.flat().map((event) => [event]),
          form,
        ),
      ).toEqual(chunks);
    });
  });
});

describe('INV-5: chunk grammar', () => {
  it('every chunk is one of OpenAI’s', () => {
    forAnyAnswer((chunks) => {
      for (const chunk of chunks) expect(chunkSchema.safeParse(chunk).error).toBeUndefined();
    });
  });

  it('the role once and first; id, model, created, object the same in all', () => {
    forAnyAnswer((chunks) => {
      const roles = chunks.map(({ choices }) => choices[0]?.delta.role);
      expect(roles).toEqual(['assistant', ...Array(chunks.length - 1).fill(undefined)]);
      const heads = chunks.map(({ id, model, created, object }) => `${id} ${model} ${created} ${object}`);
      expect(new Set(heads).size).toBe(1);
    });
  });

  it('STR-14: one finish reason, and nothing but usage after it', () => {
    forAnyAnswer((chunks, form) => {
      const ends = chunks.filter(({ choices }) => typeof choices[0]?.finish_reason === 'string');
      expect(ends).toEqual([chunks.at(form.includeUsage ? -2 : -1)]);
      if (form.includeUsage) expect(chunks.at(-1)?.choices).toEqual([]);
    });
  });

  it('usage if asked for: null on all chunks but the last; else no word of it', () => {
    forAnyAnswer((chunks, form) => {
      for (const [index, chunk] of chunks.entries()) {
        expect('usage' in chunk).toBe(form.includeUsage);
        if (form.includeUsage && index < chunks.length - 1) expect(chunk.usage).toBeNull();
      }
    });
  });

  it('indexes of tool calls dense from 0; id, type and name once and first', () => {
    forAnyAnswer((chunks) => {
      let known = 0;
      for (const { choices } of chunks)
        for (const part of choices[0]?.delta.tool_calls ?? []) {
          const opens = part.id !== undefined;
          expect(part.type !== undefined).toBe(opens);
          expect(part.function?.name !== undefined || part.custom !== undefined).toBe(opens);
          if (opens) expect(part.index).toBe(known++);
          else expect(part.index).toBeLessThan(known);
        }
    });
  });

  it('our own facts on the last chunk alone', () => {
    forAnyAnswer((chunks) => {
      expect(chunks.filter(({ runestone }) => runestone)).toEqual([chunks.at(-1)]);
    });
  });
});

describe('INV-6: no invention', () => {
  it('every text chunk is a text of upstream, one for each that is not empty', () => {
    forAnyAnswer((chunks, _, batches) => {
      const said = batches
        .flat()
        .flatMap((event) => (event.type === 'text_delta' && event.text ? [event.text] : []));
      expect(chunks.slice(1).flatMap(({ choices }) => choices[0]?.delta.content ?? [])).toEqual(said);
    });
  });

  it('no chunk without content but role, finish and usage', () => {
    forAnyAnswer((chunks, form) => {
      const inner = chunks.slice(1, form.includeUsage ? -2 : -1);
      for (const { choices } of inner) {
        const values = Object.values(choices[0]?.delta ?? {});
        expect(values).toHaveLength(1);
        expect(values[0]).not.toBe('');
      }
    });
  });

  it('STR-3: nothing at all before the first event that says something', () => {
    forAnyAnswer((_, form, batches) => {
      const events = batches.flat();
      const first = events.findIndex((event) => isCommitting(event) || event.type === 'thinking_block');
      const silent = events.slice(0, first < 0 ? events.length - 1 : first);
      expect(chunksOf([silent], form)).toEqual([]);
    });
  });
});
