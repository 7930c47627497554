import Anthropic from '@anthropic-ai/sdk';
import OpenAI6 from 'openai6';
import OpenAI7 from 'openai7';
import {
  type ChatStream,
  httpStatusOf,
  isRunestoneError,
  type ProviderPool,
  type RunestoneError,
} from 'runestone';
import type { Dialect, ErrorWriter, StreamWriter } from '../../src/http/dialect.ts';
import {
  countedMessages,
  countedTokens,
  messagesDialect,
  messagesErrors,
} from '../../src/http/messages/index.ts';
import { responsesDialect } from '../../src/http/responses/index.ts';

/** A door of a pool, as small as it can be: the dialect under test by its path, and nothing between. */
export function dialectFetch(pool: ProviderPool): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    const isMessages = pathname.includes('/messages');
    const errors: ErrorWriter = isMessages ? messagesErrors : (error) => ({ body: error.toOpenAI() });
    try {
      const body: unknown = await request.json();
      if (pathname.endsWith('/count_tokens')) {
        return Response.json(countedTokens(await pool.countTokens(countedMessages(body, request.headers))));
      }
      const dialect = isMessages ? messagesDialect : responsesDialect;
      return await answer(pool, dialect, body, request);
    } catch (error) {
      if (!isRunestoneError(error)) throw error;
      const { body, headers = {} } = errors(error, 'req_1');
      return Response.json(body, { status: httpStatusOf(error), headers });
    }
  };
}

async function answer(
  pool: ProviderPool,
  dialect: Dialect,
  body: unknown,
  { headers, signal }: Request,
): Promise<Response> {
  const reading = dialect.read(body, headers);
  if (!reading.stream) return Response.json(reading.whole(await pool.request(reading.request, { signal })));
  const stream = await pool.streamRequest(reading.request, { signal });
  const encoder = new TextEncoder();
  const frames = framesOf(stream, reading.writer());
  return new Response(
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await frames.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: () => stream.cancel(),
    }),
    { headers: { 'content-type': 'text/event-stream' } },
  );
}

async function* framesOf(stream: ChatStream, writer: StreamWriter): AsyncGenerator<string> {
  try {
    for await (const event of stream.events()) {
      const frames = writer.write([event], () => stream.runestone);
      if (frames) yield frames;
    }
    const last = writer.end(stream.runestone);
    if (last) yield last;
  } catch (error) {
    if (!isRunestoneError(error)) throw error;
    yield writer.fail(error as RunestoneError);
  }
}

/** Both majors of OpenAI's client, on a pool. */
export const openAIClients: readonly {
  readonly name: string;
  readonly on: (pool: ProviderPool) => OpenAI6;
}[] = [
  { name: '6', on: (pool) => new OpenAI6(onPool(pool)) },
  { name: '7', on: (pool) => new OpenAI7(onPool(pool)) as unknown as OpenAI6 },
];

function onPool(pool: ProviderPool): {
  apiKey: string;
  baseURL: string;
  maxRetries: number;
  fetch: typeof fetch;
} {
  return { apiKey: 'unused', baseURL: 'http://pool.invalid/v1', maxRetries: 0, fetch: dialectFetch(pool) };
}

/** Anthropic's client on a pool. */
export function anthropicClient(pool: ProviderPool, headers: Record<string, string> = {}): Anthropic {
  return new Anthropic({
    apiKey: 'unused',
    baseURL: 'http://pool.invalid',
    maxRetries: 0,
    fetch: dialectFetch(pool),
    defaultHeaders: headers,
  });
}
