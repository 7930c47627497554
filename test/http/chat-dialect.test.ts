import { describe, expect, it } from 'vitest';
import { chatDialect } from '../../src/http/chat-dialect.ts';
import { ask, finish, start, text, usage } from '../contexts.ts';
import { completion, framesIn, info } from './support.ts';

const read = (body: unknown) => chatDialect.read(body, new Headers());

describe('chatDialect', () => {
  it('hands the request on as it is: its words are the pool’s own', () => {
    const body = { ...ask(), model: 'm', temperature: 0.5, house_field: { a: 1 } };
    expect(read(body).request).toBe(body);
    expect(read(body).whole(completion)).toBe(completion);
  });

  it.each([
    [{}, false],
    [{ stream: false }, false],
    [{ stream: null }, false],
    [{ stream: true }, true],
    [{ stream: 'yes' }, false],
  ])('%o: streamed: %s', (more, streamed) => {
    expect(read({ ...ask(), ...more }).stream).toBe(streamed);
  });

  it.each([null, 'text', 7, [ask()], undefined])('refuses %o, naming a field', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'messages' }));
  });

  it('writes a usage chunk for whoever asks for it (STR-15), and none for others', () => {
    const batch = [start, text('a'), usage({ inputTokens: 3, outputTokens: 2 }), finish];
    const framesFor = (options: unknown): unknown[] =>
      framesIn(
        read({ ...ask(), stream: true, stream_options: options })
          .writer()
          .write(batch, () => info),
      );
    expect(framesFor({ include_usage: true }).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
    for (const options of [undefined, null, {}, { include_usage: false }, 7]) {
      expect(framesFor(options).every((frame) => !Object.hasOwn(Object(frame), 'usage'))).toBe(true);
    }
  });

  it('writes the deprecated call for the deprecated `functions` (STR-28)', () => {
    const writer = read({ ...ask(), functions: [{ name: 'f' }] }).writer();
    const sse = writer.write([start, { type: 'tool_call_start', index: 0, id: 'c', name: 'f' }], () => info);
    expect(framesIn(sse).at(-1)).toMatchObject({
      choices: [{ delta: { function_call: { name: 'f', arguments: '' } } }],
    });
  });

  it('makes a new writer for each answer', () => {
    const reading = read(ask());
    const [one, two] = [reading.writer(), reading.writer()];
    one.write([start, text('a')], () => info);
    expect(framesIn(two.write([text('b')], () => info))).toHaveLength(2);
  });
});
