import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture, reduce, told, type WireEvent } from '../wire.ts';
import { streamedMessage } from './arbitrary-message.ts';

/** What the SDK's own accumulator makes of the events. */
function foldedBySdk(events: readonly WireEvent[]) {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const line of lines) controller.enqueue(new TextEncoder().encode(line));
      controller.close();
    },
  });
  return MessageStream.fromReadableStream(body).finalMessage();
}

/** A block that is not plain, so that the native content travels along and can be compared. */
const signed: readonly WireEvent[] = [
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'Sig' } },
  { type: 'content_block_stop', index: 0 },
];

function afterSigned([start, ...rest]: readonly WireEvent[]): WireEvent[] {
  const shifted = rest.map((event) =>
    typeof event['index'] === 'number' ? { ...event, index: event['index'] + 1 } : event,
  );
  return [start!, ...signed, ...shifted];
}

describe('STR-24: the native content equals what the SDK accumulates', () => {
  it.each([
    ...['text', 'stop-sequence', 'thinking-omitted', 'thinking-summarized', 'redacted-thinking'],
    ...['parallel-tools', 'empty-arguments', 'web-search', 'fallback-mid-stream', 'pause-turn'],
  ])('%s', async (name) => {
    const events = afterSigned(fixture(name));
    const { content, stop_reason, usage } = await foldedBySdk(events);
    const { vendor } = told(reduce(events));
    expect(vendor['content']).toEqual(content);
    expect(vendor['stop_reason']).toBe(stop_reason);
    expect(vendor['usage']).toMatchObject({
      input_tokens: usage.input_tokens,
      output_tokens: usage.output_tokens,
    });
  });

  it('for messages of every kind of block, split anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(streamedMessage, async ({ events }) => {
        const withSigned = afterSigned(events);
        const { content } = await foldedBySdk(withSigned);
        expect(JSON.parse(JSON.stringify(told(reduce(withSigned)).vendor['content']))).toEqual(
          JSON.parse(JSON.stringify(content)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

it('T-7: arguments that the SDK’s accumulator fails on go out as they came', async () => {
  const events = fixture('invalid-arguments');
  await expect(foldedBySdk(events)).rejects.toThrow();
  expect(told(reduce(events)).calls[0]?.arguments).toBe('{"text":"ab", oops');
});
