import {
  type EmbedCall,
  type Embedded,
  type Embedding,
  isRecord,
  readText,
  readUpstreamHead,
  type Usage,
} from '../../provider-kit/index.ts';
import { failedCall } from './completion-stream.ts';
import { readUsage } from './decode/reported-usage.ts';
import { saysError } from './decode/says-error.ts';
import { type ChatErrorContext, inAnswerFailure, notAnAnswer } from './errors.ts';
import type { OpenAIHost } from './openai-host.ts';

/** 2,048 texts of 3,072 numbers each, written out, are under 150 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Vectors for texts: the caller's request as it is, `encoding_format` included, and the host's numbers as they are. */
export async function embedTexts(host: OpenAIHost, call: EmbedCall): Promise<Embedded> {
  const { request, model, signal, connectMs, onSend } = call;
  const apiKey = await host.reveal(call);
  const context: ChatErrorContext = { provider: host.name, model, secrets: host.secrets(apiKey) };
  const accept = 'application/json';
  const body = { ...request, model };
  const response = await host.post('embeddings', body, apiKey, {
    model,
    signal,
    connectMs,
    accept,
    ...(onSend && { onSend }),
  });
  call.onHead?.(readUpstreamHead(response.headers, Date.now(), context.secrets));
  if (response.status !== 200) throw await failedCall(response, context);
  try {
    return readEmbeddings(await readText(response, { provider: host.name, maxBytes: MAX_BYTES }), context);
  } finally {
    response.finish();
  }
}

/** The same rules for what is no answer as in a chat (ERR-55). */
function readEmbeddings(text: string, context: ChatErrorContext): Embedded {
  const answer = parsed(text);
  if (!isRecord(answer)) throw notAnAnswer(context, 'the answer holds no embeddings');
  const { data, model, usage } = answer;
  if (!Array.isArray(data)) {
    throw saysError(answer, false)
      ? inAnswerFailure(answer, context)
      : notAnAnswer(context, 'the answer holds no embeddings');
  }
  return {
    data: data.map((item, place) => toEmbedding(item, place, context)),
    model: typeof model === 'string' && model !== '' ? model : undefined,
    usage: usageOf(usage),
  };
}

/** Vectors are no output that is billed: hosts leave that count out, and it is known all the same. */
function usageOf(usage: unknown): Usage | undefined {
  const counted = isRecord(usage) ? readUsage(usage, undefined) : undefined;
  return counted && { ...counted, outputTokens: 0 };
}

/** The texts' own order where the host does not count. */
function toEmbedding(item: unknown, place: number, context: ChatErrorContext): Embedding {
  const { index, embedding } = isRecord(item) ? item : {};
  if (typeof embedding !== 'string' && !isNumbers(embedding)) {
    throw notAnAnswer(context, 'an embedding is neither a list of numbers nor base64');
  }
  return { object: 'embedding', index: typeof index === 'number' ? index : place, embedding };
}

/** Looked at one by one: a vector with a hole in it would poison an index in silence. */
function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}
