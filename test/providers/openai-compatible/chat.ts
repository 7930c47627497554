import type {
  Batch,
  ChatEvent,
  ChatRequest,
  Provider,
  ProviderCall,
} from '../../../src/provider-kit/index.ts';
import {
  type ChunkContext,
  ChunkReducer,
} from '../../../src/providers/openai-compatible/decode/chunk-reducer.ts';
import { readCompletion } from '../../../src/providers/openai-compatible/decode/read-completion.ts';
import type { ChatEncodeOptions } from '../../../src/providers/openai-compatible/encode/chat-context.ts';
import { type EncodedChat, encodeChat } from '../../../src/providers/openai-compatible/encode/index.ts';
import type { Quirks } from '../../../src/providers/openai-compatible/index.ts';
import { ask } from '../../contexts.ts';

/** How answers are read when a test does not care. */
export const reading: ChunkContext = {
  provider: 'acme',
  model: 'model-1',
  answerId: 'chatcmpl-req-1',
  created: 1_700_000_000,
  thinkTags: false,
};

/** A chunk with one choice, as OpenAI writes it. */
export function chunk(
  delta: unknown,
  finish_reason: unknown = null,
  rest: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    id: 'chatcmpl-AbCdEf0123456789',
    object: 'chat.completion.chunk',
    created: 1_700_000_001,
    model: 'served-1',
    choices: [{ index: 0, delta, finish_reason }],
    ...rest,
  };
}

/** A whole answer with one choice. */
export function completion(
  message: unknown,
  finish_reason: unknown = 'stop',
  rest: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    id: 'chatcmpl-AbCdEf0123456789',
    object: 'chat.completion',
    created: 1_700_000_001,
    model: 'served-1',
    choices: [{ index: 0, message, finish_reason }],
    ...rest,
  };
}

/** Fragments of tool calls, as one chunk. */
export const calls = (...tool_calls: unknown[]): ReturnType<typeof chunk> => chunk({ tool_calls });

/** What a streamed answer tells, to its end. */
export function reduce(chunks: readonly unknown[], options: Partial<ChunkContext> = {}): ChatEvent[] {
  const out: ChatEvent[] = [];
  const reducer = new ChunkReducer({ ...reading, ...options });
  for (const each of chunks) reducer.push(each, out);
  reducer.end(out);
  return out;
}

/** What a whole answer tells. */
export function readWhole(body: unknown, options: Partial<ChunkContext> = {}): ChatEvent[] {
  const out: ChatEvent[] = [];
  const context = { ...reading, ...options };
  readCompletion(body, new ChunkReducer(context), context, out);
  return out;
}

/** Options of an encoding when a test does not care. */
export const encodeOptions: ChatEncodeOptions = {
  provider: 'acme',
  model: 'model-1',
  spec: undefined,
  quirks: {},
  stream: true,
  strict: false,
};

/** A request as it goes out to a host with these quirks. */
export function encode(
  request: Partial<ChatRequest>,
  quirks: Quirks = {},
  options: Partial<ChatEncodeOptions> = {},
): EncodedChat {
  return encodeChat({ ...ask(), ...request }, { ...encodeOptions, quirks, ...options });
}

/** The same, of messages alone. */
export function encodeMessages(messages: ChatRequest['messages'], quirks: Quirks = {}): unknown {
  return encode({ messages }, quirks).body['messages'];
}

/** One attempt, as the pool asks for it. */
export function chatCall(facts: Partial<ProviderCall> = {}): ProviderCall {
  return {
    request: ask(),
    model: 'model-1',
    stream: true,
    signal: new AbortController().signal,
    requestId: 'req-1',
    key: 0,
    strict: false,
    retiredModels: 'warn',
    connectMs: 1_000,
    ...facts,
  };
}

/** What a provider tells of one attempt, read by read. */
export async function batchesOf(provider: Provider, call: ProviderCall = chatCall()): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const item of provider.stream(call)) batches.push('type' in item ? [item] : item);
  return batches;
}

/** The same without the reads. */
export async function eventsOf(provider: Provider, call: ProviderCall = chatCall()): Promise<ChatEvent[]> {
  return (await batchesOf(provider, call)).flat();
}
