import * as z from 'zod';
import type { CallOptions, ChatCompletion, ChatRequest, OpenAIErrorBody } from '../index.ts';
import { type OverflowCipher, plainText } from './sealing.ts';

/** How a queued request ended. */
export type OverflowFinished =
  | { readonly status: 'answered'; readonly completion: ChatCompletion }
  | { readonly status: 'failed'; readonly error: OpenAIErrorBody['error'] };

/** What is known of a queued request. */
export type OverflowResult = OverflowFinished | { readonly status: 'waiting' | 'running' };

/** What a job's data is in Redis: all that is somebody's words stands in `body`. */
export interface OverflowData {
  readonly v: typeof VERSION;
  /** JSON, or what the cipher made of it. */
  readonly body: string;
}

/** A request that waits. */
export interface Asked {
  readonly status: 'asked';
  readonly tenant?: string;
  readonly request: ChatRequest;
  readonly call: CallOptions;
  /** Epoch milliseconds after which nobody wants an answer. */
  readonly expiresAtMs: number;
}

/** A request, or in its place what became of it: once there is an answer the prompt is gone. */
export type Content = Asked | (OverflowFinished & { readonly tenant?: string });

/** Of the schema below. A reader leaves other versions alone. */
const VERSION = 1;

const tenant = z.string().exactOptional();

/** Options of a call that can be stored. Their values are the pool's to check. */
export const storedCall: z.ZodObject<{ [Key in StoredOption]: z.ZodExactOptional<z.ZodType<Value<Key>>> }> =
  z.strictObject({
    tenant,
    priority: z.enum(['high', 'normal', 'low']).exactOptional(),
    requestId: z.string().exactOptional(),
    sessionId: z.string().exactOptional(),
    maxCostUsd: z.number().exactOptional(),
    metadata: z.record(z.string(), z.string()).exactOptional(),
    strict: z.boolean().exactOptional(),
    singleFlight: z.boolean().exactOptional(),
    provider: z.string().exactOptional(),
  });

/** Whoever asked is gone: a signal and a deadline were theirs. A key must not be stored. */
export type StoredOption = Exclude<keyof CallOptions, 'apiKey' | 'signal' | 'deadlineMs'>;
type Value<Key extends StoredOption> = NonNullable<CallOptions[Key]>;

const isObjectWith =
  (key: string) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, key));

/** The pool checks a request again when it runs; an answer was checked before it was stored. */
const content: z.ZodType<Content> = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('asked'),
    tenant,
    request: z.custom<ChatRequest>(isObjectWith('messages')),
    call: storedCall,
    expiresAtMs: z.number(),
  }),
  z.strictObject({
    status: z.literal('answered'),
    tenant,
    completion: z.custom<ChatCompletion>(isObjectWith('choices')),
  }),
  z.strictObject({
    status: z.literal('failed'),
    tenant,
    error: z.strictObject({
      message: z.string(),
      type: z.string(),
      code: z.string().nullable(),
      param: z.string().nullable(),
    }),
  }),
]);

const envelope = z.object({ v: z.literal(VERSION), body: z.string() });

/** Data of a job, from the JSON of its content. */
export async function sealed(
  text: string,
  id: string,
  cipher: OverflowCipher = plainText,
): Promise<OverflowData> {
  return { v: VERSION, body: await cipher.seal(text, id) };
}

/** What the data of a job holds; `undefined` for another version, another key, or anybody's bytes. */
export async function opened(
  data: unknown,
  id: string,
  cipher: OverflowCipher = plainText,
): Promise<Content | undefined> {
  try {
    const text = await cipher.open(envelope.parse(data).body, id);
    return content.parse(JSON.parse(text));
  } catch {
    // Why is in an error that may quote the text.
    return undefined;
  }
}
