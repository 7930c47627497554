import {
  type Batch,
  type ChatEvent,
  isRecord,
  ProviderError,
  readSse,
  readText,
  sniff,
  type WireResponse,
} from '../../provider-kit/index.ts';
import type { MessageReducer } from './decode/message-reducer.ts';
import { readMessage } from './decode/read-message.ts';
import { type ErrorContext, inStreamError } from './errors.ts';

/** A JSON answer larger than this is no answer: the API's own limit for a request is 32 MB. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Events out of an answer with status 200, one batch for each network read.
 *
 * The body decides how it is read, not its label: JSON for a stream and a stream for JSON both come out right,
 * and a web page or an error under a 200 is what it is (N1 to N7).
 */
export async function* readAnswer(
  response: WireResponse,
  reducer: MessageReducer,
  context: ErrorContext,
): AsyncGenerator<Batch> {
  const first = await response.read();
  switch (sniff(first)) {
    case 'json':
      yield readJson(
        await readText(response, {
          provider: context.provider,
          maxBytes: MAX_JSON_BYTES,
          ...(first && { first }),
        }),
        reducer,
        context,
      );
      return;
    case 'html':
      throw notTheProtocol(context, 'a web page came instead of an answer');
    case 'empty':
      // An empty 200 may be gone on the next call, unlike a page.
      if (first === undefined) throw notTheProtocol(context, 'the answer is empty', true);
  }
  yield* readStream(readSse(response, context.provider, first), reducer, context);
}

async function* readStream(
  messages: AsyncIterable<readonly string[]>,
  reducer: MessageReducer,
  context: ErrorContext,
): AsyncGenerator<Batch> {
  for await (const read of untilStopped(messages, reducer)) {
    const batch: ChatEvent[] = [];
    let failure: unknown;
    try {
      for (const data of read) reducer.push(parse(data, context), batch);
    } catch (error) {
      failure = error;
    }
    // What came before the failure in the same read is delivered all the same.
    yield batch;
    if (failure !== undefined) throw failure;
    if (reducer.finished) return;
  }
  const rest: ChatEvent[] = [];
  reducer.endOfStream(rest);
  yield rest;
}

/** Damage after the stop reason is no damage to the answer (T38): what breaks then just ends. */
async function* untilStopped(
  messages: AsyncIterable<readonly string[]>,
  reducer: MessageReducer,
): AsyncGenerator<readonly string[]> {
  try {
    yield* messages;
  } catch (error) {
    if (!reducer.stopped) throw error;
  }
}

function readJson(text: string, reducer: MessageReducer, context: ErrorContext): Batch {
  const message = parse(text, context);
  if (isRecord(message) && message['type'] === 'error') throw inStreamError(message, context);
  const batch: ChatEvent[] = [];
  readMessage(message, reducer, batch);
  return batch;
}

function parse(text: string, context: ErrorContext): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be anybody's.
    throw notTheProtocol(context, 'the answer is not valid JSON');
  }
}

function notTheProtocol(
  { provider, model }: ErrorContext,
  message: string,
  retryable = false,
): ProviderError {
  return new ProviderError({ provider, model, code: 'bad_response', message, retryable });
}
