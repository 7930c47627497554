import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSse, encodeSseError, SSE_DONE } from '../../src/chat/encode-sse.ts';
import { InvalidRequestError, ProviderError } from '../../src/errors/index.ts';
import { chunksOf, stop, text } from './answers.ts';

/** The data of every frame, as the standard has it. */
function framesIn(body: string): string[] {
  const frames: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => frames.push(data) });
  parser.feed(body);
  return frames;
}

describe('encodeSse', () => {
  it('is one frame for each chunk, each ended by its blank line', () => {
    const chunks = chunksOf([[text('a'), stop()]]);
    expect(encodeSse(chunks)).toBe(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''));
    expect(encodeSse([])).toBe('');
  });

  it.each([
    ['frames', '\n\ndata: [DONE]\n\n'],
    ['a CR', '\r\rdata: [DONE]\r\r'],
    ['an error', '\r\n\r\nevent: error\r\ndata: {"error":{}}\r\n\r\n'],
    ['line ends of other scripts', '\u2028\u2029\u0085\u000b\u000c'],
    ['NUL', '\u0000'],
    ['a byte order mark', '\uFEFFdata: x'],
    ['E12: half a surrogate pair', '\ud83d'],
  ])('26: %s in a text forge nothing', (_, hostile) => {
    const chunks = chunksOf([[text(hostile), text('after'), stop()]]);
    const frames = framesIn(new TextDecoder().decode(new TextEncoder().encode(encodeSse(chunks) + SSE_DONE)));
    expect(frames).toHaveLength(chunks.length + 1);
    expect(frames.at(-1)).toBe('[DONE]');
    expect(frames.slice(0, -1).map((frame) => JSON.parse(frame))).toEqual(chunks);
  });

  it('26: nothing in any text can', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('\n', '\r', 'data: ', '[DONE]', ':', 'event: error', 'x', '"', '}'))
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(fc.array(hostile), (texts) => {
        const chunks = chunksOf([[...texts.map(text), stop()]]);
        const frames = framesIn(encodeSse(chunks));
        expect(frames.map((frame) => JSON.parse(frame))).toEqual(JSON.parse(JSON.stringify(chunks)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('SSE_DONE', () => {
  it('STR-16: is the frame that every OpenAI client ends at', () => {
    expect(framesIn(SSE_DONE)).toEqual(['[DONE]']);
  });
});

describe('encodeSseError', () => {
  it('STR-20: is one frame with OpenAI’s error body', () => {
    const error = new ProviderError({ provider: 'acme', code: 'overloaded', message: 'too busy' });
    expect(framesIn(encodeSseError(error)).map((frame) => JSON.parse(frame))).toEqual([
      { error: { message: 'acme: too busy', type: 'server_error', code: 'overloaded', param: null } },
    ]);
  });

  it('26: cannot be broken out of either', () => {
    const error = new InvalidRequestError('bad\n\ndata: [DONE]\n\n', { param: 'messages[0]\r\r' });
    expect(framesIn(encodeSseError(error))).toHaveLength(1);
  });
});
