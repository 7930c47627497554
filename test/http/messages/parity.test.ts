import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { withNulls } from '../../../src/http/messages/message-form.ts';
import { MessagesWriter } from '../../../src/http/messages/messages-writer.ts';
import { fixture, reduce } from '../../providers/anthropic/wire.ts';
import { info } from '../frames.ts';

/** What Anthropic's own client makes of a body. */
async function folded(body: string): Promise<Anthropic.Message> {
  const client = new Anthropic({
    ...{ apiKey: 'unused', baseURL: 'http://pool.invalid', maxRetries: 0 },
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
  });
  return client.messages.stream({ model: 'm', max_tokens: 1, messages: [] }).finalMessage();
}

/** The recorded answer as the house reads it, and the door writes it again. */
function handedOn(name: string): string {
  const writer = new MessagesWriter(withNulls);
  const events = reduce(fixture(name), { exposeReasoning: true });
  const usage = events.findLast((event) => event.type === 'usage')?.usage;
  const frames = events.map((event) => writer.write([event], () => ({ ...info, usage })));
  return frames.join('') + writer.end();
}

type Block = Readonly<Record<string, unknown>>;

/** Texts without citations join: where one of them ended is of no meaning (RES-5). */
function joined(content: readonly object[]): Block[] {
  const blocks: Block[] = [];
  for (const block of content as readonly Block[]) {
    const last = blocks.at(-1);
    const isPlain = (each: Block | undefined): each is Block =>
      each?.['type'] === 'text' && !each['citations'];
    if (isPlain(last) && isPlain(block))
      blocks[blocks.length - 1] = { ...last, text: `${last['text']}${block['text']}` };
    else if (!isPlain(block) || block['text'] !== '') blocks.push(block);
  }
  return blocks;
}

/** As the newer version has it; recordings of hosts may leave it out. */
const complete = (block: Block): Block =>
  block['type'] === 'tool_use'
    ? { caller: { type: 'direct' }, ...block }
    : block['type'] === 'text'
      ? { citations: null, ...block }
      : block;

describe('STR-24 a stream of Claude’s, through the house and out of the door', () => {
  it.each([
    ...['text', 'parallel-tools', 'empty-arguments', 'stop-sequence', 'web-search', 'redacted-thinking'],
    ...['thinking-omitted', 'thinking-summarized', 'refusal-first', 'fallback-mid-stream'],
    ...['content-in-start', 'max-tokens-in-call'],
  ])('is the same message to Anthropic’s client: %s', async (name) => {
    const straight = await folded(readFileSync(`test/fixtures/anthropic/${name}.sse`, 'utf8'));
    const through = await folded(handedOn(name));
    expect(joined(through.content)).toEqual(joined(straight.content).map(complete));
    const { id, model, role, stop_reason, stop_sequence } = straight;
    expect(through).toMatchObject({ id, model, role, stop_reason, stop_sequence: stop_sequence ?? null });
    for (const field of ['input_tokens', 'output_tokens', 'cache_read_input_tokens'] as const) {
      expect(through.usage[field], field).toBe(straight.usage[field] ?? null);
    }
  });
});
