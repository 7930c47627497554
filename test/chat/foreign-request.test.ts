import type OpenAI6 from 'openai6';
import type OpenAI7 from 'openai7';
import type { ChatRequest, ForeignChatRequest, ProviderPool } from 'runestone';
import { describe, expectTypeOf, it } from 'vitest';

type Asked = Parameters<ProviderPool['request']>[0];
type Streamed = Parameters<ProviderPool['streamRequest']>[0];

// Checked by `tsc`: at run time there is nothing to see.
describe('what the pool may be asked', () => {
  it('is a request as the `openai` package types it, without a cast', () => {
    expectTypeOf<OpenAI6.ChatCompletionCreateParams>().toExtend<Asked>();
    expectTypeOf<OpenAI6.ChatCompletionCreateParamsStreaming>().toExtend<Streamed>();
    expectTypeOf<OpenAI7.ChatCompletionCreateParams>().toExtend<Asked>();
    expectTypeOf<OpenAI7.ChatCompletionCreateParamsNonStreaming>().toExtend<Streamed>();
  });

  it('is our own type, which names less than it allows', () => {
    expectTypeOf<ChatRequest>().toExtend<Asked>();
    expectTypeOf<ChatRequest>().toExtend<Streamed>();
    expectTypeOf<{ messages: []; top_k: 5; thinking: { type: 'adaptive' } }>().toExtend<Asked>();
  });

  it('is nothing that could not be right', () => {
    expectTypeOf<{ model: string }>().not.toExtend<Asked>();
    expectTypeOf<{ messages: { role: 'robot' }[] }>().not.toExtend<Asked>();
    expectTypeOf<{ messages: { role: 'user'; content: number }[] }>().not.toExtend<Asked>();
    expectTypeOf<{ messages: []; temperature: string }>().not.toExtend<Asked>();
    expectTypeOf<ForeignChatRequest>().not.toExtend<{ temperature: string }>();
  });
});
