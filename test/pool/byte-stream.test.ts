import { describe, expect, it, vi } from 'vitest';
import type { Batch } from '../../src/chat/events.ts';
import { isRunestoneError, ProviderError } from '../../src/errors/index.ts';
import { type ByteForm, byteStream } from '../../src/pool/byte-stream.ts';
import { collect, failureOf, text } from '../contexts.ts';

const words = (batch: Batch): string =>
  batch.map((event) => (event.type === 'text_delta' ? `${event.text};` : '')).join('');

const plain: ByteForm = { write: words, end: () => 'END' };
const telling: ByteForm = {
  ...plain,
  fail: (error) => {
    if (!isRunestoneError(error)) throw error;
    return `FAILED ${error.code}`;
  },
};

const broken = new ProviderError({ provider: 'acme', code: 'stream_truncated', message: 'cut' });

/** Pulls the given groups one by one; an error among them is thrown; then the end. */
function source(...groups: readonly (readonly string[] | Error)[]) {
  const left = [...groups];
  const pull = vi.fn(async () => {
    const next = left.shift();
    if (next instanceof Error) throw next;
    return next?.map(text);
  });
  return { pull, leave: vi.fn(async () => undefined) };
}

const decoder = new TextDecoder();

/** Each piece as the consumer reads it. */
const pieces = async (stream: ReadableStream<Uint8Array>): Promise<string[]> =>
  (await collect(stream)).map((piece) => decoder.decode(piece));

describe('byteStream', () => {
  it('STR-16: sends what is ready together in one piece, then the end', async () => {
    const { pull, leave } = source(['a', 'b'], ['c']);
    expect(await pieces(byteStream(pull, leave, plain))).toEqual(['a;b;', 'c;', 'END']);
    expect(leave).not.toHaveBeenCalled();
  });

  it('cuts only what is very long, between frames', async () => {
    const frames: ByteForm = {
      write: (batch) =>
        batch.map((event) => (event.type === 'text_delta' ? `${event.text}\n\n` : '')).join(''),
      end: () => '',
    };
    const [short, long, huge] = ['x'.repeat(98), 'y'.repeat(9_998), 'z'.repeat(40_000)];
    const together = async (...group: string[]): Promise<string[]> => {
      const { pull, leave } = source(group);
      return pieces(byteStream(pull, leave, frames));
    };
    const many = await together(...Array.from({ length: 400 }, () => short));
    expect(many.map(({ length }) => length)).toEqual([16_300, 16_300, 7_400]);
    expect(await together(long, long)).toEqual([`${long}\n\n`, `${long}\n\n`]);
    expect(await together(short, short)).toEqual([`${short}\n\n${short}\n\n`]);
    expect((await together(short, huge, short)).join('')).toBe(`${short}\n\n${huge}\n\n${short}\n\n`);
    expect(await together(huge, huge)).toEqual([`${huge}\n\n${huge}\n\n`]);
  });

  it('skips reads that bring nothing: a stream that was asked must give', async () => {
    const { pull, leave } = source([], ['a'], [], []);
    expect(await pieces(byteStream(pull, leave, plain))).toEqual(['a;', 'END']);
  });

  it('sends no empty piece where the end has no text', async () => {
    const { pull, leave } = source(['a']);
    expect(await pieces(byteStream(pull, leave, { ...plain, end: () => '' }))).toEqual(['a;']);
  });

  it('writes UTF-8', async () => {
    const { pull, leave } = source(['Schrödinger 🐈']);
    expect(await pieces(byteStream(pull, leave, plain))).toEqual(['Schrödinger 🐈;', 'END']);
  });

  it('reads nothing ahead of its consumer', async () => {
    const { pull, leave } = source(['a'], ['b'], ['c']);
    const reader = byteStream(pull, leave, plain).getReader();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pull).not.toHaveBeenCalled();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pull).toHaveBeenCalledTimes(1);
  });

  describe('of an answer that breaks', () => {
    it('STR-16 STR-20: says so in its own words and closes, without the end', async () => {
      const { pull, leave } = source(['a'], broken);
      expect(await pieces(byteStream(pull, leave, telling))).toEqual(['a;', 'FAILED stream_truncated']);
    });

    it('fails with the error where it has no words', async () => {
      const { pull, leave } = source(['a'], broken);
      const reader = byteStream(pull, leave, plain).getReader();
      await reader.read();
      expect(await failureOf(reader.read())).toBe(broken);
    });

    it('fails with what its words throw', async () => {
      const mine = new TypeError('mine');
      const { pull, leave } = source(['a'], mine);
      const reader = byteStream(pull, leave, telling).getReader();
      await reader.read();
      expect(await failureOf(reader.read())).toBe(mine);
    });

    it('lets go of an answer that cannot be written', async () => {
      const { pull, leave } = source(['a'], ['b']);
      const mine = new RangeError('mine');
      const write = (): never => {
        throw mine;
      };
      expect(await failureOf(pieces(byteStream(pull, leave, { ...telling, write })))).toBe(mine);
      expect([pull, leave].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    });
  });

  describe('whose consumer leaves', () => {
    it('lets go of the source once', async () => {
      const { pull, leave } = source(['a'], ['b']);
      const stream = byteStream(pull, leave, telling);
      for await (const _ of stream) break;
      expect(leave).toHaveBeenCalledTimes(1);
      expect(pull).toHaveBeenCalledTimes(1);
    });

    it('does not stumble over the pull that this ends', async () => {
      const unhandled = vi.fn();
      process.on('unhandledRejection', unhandled);
      let reject: (error: unknown) => void = () => undefined;
      const pull = (): Promise<never> =>
        new Promise((_, no) => {
          reject = no;
        });
      const reader = byteStream(pull, async () => reject(broken), telling).getReader();
      const read = reader.read();
      await reader.cancel();
      expect(await read).toEqual({ value: undefined, done: true });
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', unhandled);
      expect(unhandled).not.toHaveBeenCalled();
    });
  });
});
