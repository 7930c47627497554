import { answerText, DELTAS, deltaText, type Shape } from './shapes.ts';

const usage = { input_tokens: 12, output_tokens: DELTAS };
const message = {
  id: 'msg_01bench',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  stop_sequence: null,
};

const sse = (data: { readonly type: string }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const chunk = {
  id: 'chatcmpl-01bench',
  object: 'chat.completion.chunk',
  created: 1_764_000_000,
  model: 'claude-sonnet-5-5',
};

/** The same answer as OpenAI's format has it. */
export function chunkEvents(): string[] {
  const says = (delta: object, finish_reason: string | null = null): string => {
    const choices = [{ index: 0, delta, finish_reason, logprobs: null }];
    return `data: ${JSON.stringify({ ...chunk, choices })}\n\n`;
  };
  return [
    says({ role: 'assistant', content: '', refusal: null }),
    ...Array.from({ length: DELTAS }, (_, index) => says({ content: deltaText(index) })),
    says({}, 'stop'),
    'data: [DONE]\n\n',
  ];
}

/** A whole answer of the Messages API as server-sent events, one string each. */
export function streamEvents(): string[] {
  const opening = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  const deltas = Array.from({ length: DELTAS }, (_, index) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: deltaText(index) },
  }));
  return [
    { type: 'message_start', message: opening },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...deltas,
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ].map(sse);
}

/**
 * The bytes of one HTTP/1.1 response, cut into the writes that send them.
 *
 * A streamed answer is chunked, one chunk a write, as real hosts do it.
 *
 * @param events - of the streamed answer
 */
export function responseWrites(
  { eventsPerWrite }: Shape,
  events: readonly string[] = streamEvents(),
): Buffer[] {
  if (eventsPerWrite === undefined) return [jsonResponse()];
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
  const size = Math.min(eventsPerWrite, events.length);
  const chunks: string[] = [];
  for (let from = 0; from < events.length; from += size) {
    const body = events.slice(from, from + size).join('');
    chunks.push(`${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`);
  }
  chunks[0] = head + chunks[0];
  chunks[chunks.length - 1] += '0\r\n\r\n';
  return chunks.map((chunk) => Buffer.from(chunk));
}

function jsonResponse(): Buffer {
  const content = [{ type: 'text', text: answerText }];
  const body = JSON.stringify({ ...message, content, stop_reason: 'end_turn', usage });
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
  );
}
