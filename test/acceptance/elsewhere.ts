import { crc32 } from 'node:zlib';

/** The events of a streamed answer of Claude. */
export function claudeEvents(words: readonly string[], model = 'claude-sonnet-4-5-20250929'): object[] {
  const usage = { input_tokens: 10, output_tokens: 1 };
  return [
    { type: 'message_start', message: { ...emptyMessage(model), usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...words.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1_000 } },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 10 } },
  ];
}

/** The same answer in one piece. */
export function claudeMessage(words: readonly string[], model = 'claude-sonnet-4-5-20250929'): object {
  const content = [{ type: 'text', text: words.join('') }];
  const usage = { input_tokens: 10, output_tokens: 1_000 };
  return { ...emptyMessage(model), content, stop_reason: 'end_turn', usage };
}

function emptyMessage(model: string): object {
  return { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null };
}

export const sse = (events: readonly object[]): string[] =>
  events.map((event) => `event: ${String(Object(event).type)}\ndata: ${JSON.stringify(event)}\n\n`);

/** An event of Claude in a frame of Amazon's, padded at random as Bedrock does. */
export function bedrockFrame(event: object): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
  const headers = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' };
  return amazonFrame(headers, JSON.stringify({ bytes, p: 'abcdefgh' }));
}

/** An exception in the middle of a stream, such as `throttlingException`. */
export function exceptionFrame(name: string, body: object): Uint8Array {
  const headers = {
    ':exception-type': name,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  };
  return amazonFrame(headers, JSON.stringify(body));
}

/**
 * A frame of an event stream: lengths, their checksum, headers, payload, checksum of all.
 *
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html
 */
export function amazonFrame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => headerBytes(name, value)));
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const frame = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([frame, checksum(frame)]);
}

function headerBytes(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  const text = 7;
  return Buffer.concat([Buffer.of(nameBytes.length), nameBytes, Buffer.of(text), length, valueBytes]);
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
