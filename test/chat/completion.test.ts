import type OpenAI6 from 'openai6';
import type OpenAI7 from 'openai7';
import { describe, expectTypeOf, it } from 'vitest';
import type {
  ChatCompletion,
  ChatCompletionChunk,
  CompletionMessage,
  CompletionToolCall,
} from '../../src/chat/completion.ts';
import type { CompletionUsage } from '../../src/usage/openai-usage.ts';

/** Checked by the compiler: these tests fail in `tsc`, not at run time. */
describe('the types of openai 6 and 7', () => {
  it('take our chunks', () => {
    expectTypeOf<ChatCompletionChunk>().toExtend<OpenAI6.ChatCompletionChunk>();
    expectTypeOf<ChatCompletionChunk>().toExtend<OpenAI7.ChatCompletionChunk>();
  });

  it('take our completions', () => {
    expectTypeOf<ChatCompletion>().toExtend<OpenAI6.ChatCompletion>();
    expectTypeOf<ChatCompletion>().toExtend<OpenAI7.ChatCompletion>();
  });

  it('take our messages and tool calls, in answers and back in requests', () => {
    expectTypeOf<CompletionMessage>().toExtend<OpenAI6.ChatCompletionMessage>();
    expectTypeOf<CompletionMessage>().toExtend<OpenAI7.ChatCompletionMessage>();
    expectTypeOf<CompletionMessage>().toExtend<OpenAI6.ChatCompletionMessageParam>();
    expectTypeOf<CompletionMessage>().toExtend<OpenAI7.ChatCompletionMessageParam>();
    expectTypeOf<CompletionToolCall>().toExtend<OpenAI6.ChatCompletionMessageToolCall>();
    expectTypeOf<CompletionToolCall>().toExtend<OpenAI7.ChatCompletionMessageToolCall>();
  });

  it('take our usage', () => {
    expectTypeOf<CompletionUsage>().toExtend<OpenAI6.CompletionUsage>();
    expectTypeOf<CompletionUsage>().toExtend<OpenAI7.CompletionUsage>();
  });

  it('know no finish reason of ours that is not theirs', () => {
    type Ours = ChatCompletion['choices'][number]['finish_reason'];
    expectTypeOf<Ours>().toEqualTypeOf<OpenAI6.ChatCompletion['choices'][number]['finish_reason']>();
    expectTypeOf<Ours>().toEqualTypeOf<OpenAI7.ChatCompletion['choices'][number]['finish_reason']>();
  });

  it('a chunk is no completion', () => {
    expectTypeOf<ChatCompletionChunk>().not.toExtend<OpenAI6.ChatCompletion>();
    expectTypeOf<ChatCompletion>().not.toExtend<OpenAI6.ChatCompletionChunk>();
  });
});
