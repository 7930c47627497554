import { describe, expect, it } from 'vitest';
import { answerText, DELTAS, shapes } from '../../bench/shapes.ts';
import { chunkEvents, responseWrites, streamEvents } from '../../bench/wire.ts';

/** Takes a chunked body apart, as an HTTP client does. */
function dechunk(response: string): string {
  let rest = response.slice(response.indexOf('\r\n\r\n') + 4);
  let body = '';
  for (;;) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, lineEnd), 16);
    if (size === 0) return body;
    body += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    rest = rest.slice(lineEnd + 2 + size + 2);
  }
}

const events = streamEvents();

describe('the upstream of the bench', () => {
  it('sends a whole answer: opening, deltas, end', () => {
    expect(events).toHaveLength(DELTAS + 5);
    expect(events.at(-1)).toContain('message_stop');
  });

  it.each([
    ['one_per_read', events.length],
    ['five_per_read', Math.ceil(events.length / 5)],
    ['all_at_once', 1],
  ] as const)('writes %s in %d writes, the same bytes each', (shape, writes) => {
    const parts = responseWrites(shapes[shape]);
    expect(parts).toHaveLength(writes);
    expect(dechunk(Buffer.concat(parts).toString())).toBe(events.join(''));
  });

  it('says the same in the format of OpenAI, as many deltas in as many writes', () => {
    const chunks = chunkEvents();
    const said = chunks.slice(0, -1).map((chunk) => JSON.parse(chunk.slice('data: '.length)));
    expect(chunks.at(-1)).toBe('data: [DONE]\n\n');
    expect(said.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe(answerText);
    expect(said.filter(({ choices }) => choices[0].delta.content)).toHaveLength(DELTAS);
    const parts = responseWrites(shapes.door_five_per_read, chunks);
    expect(parts).toHaveLength(Math.ceil(chunks.length / 5));
    expect(dechunk(Buffer.concat(parts).toString())).toBe(chunks.join(''));
  });

  it('answers JSON with the same text', () => {
    const [head, body] = Buffer.concat(responseWrites(shapes.json)).toString().split('\r\n\r\n');
    expect(head).toContain(`content-length: ${Buffer.byteLength(body!)}`);
    expect(JSON.parse(body!).content[0].text).toBe(answerText);
  });
});
