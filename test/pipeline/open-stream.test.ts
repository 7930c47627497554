import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Batch, ChatEvent } from '../../src/chat/events.ts';
import { commits } from '../../src/chat/events.ts';
import { ProviderError } from '../../src/errors/index.ts';
import { OpenedStream, openStream } from '../../src/pipeline/open-stream.ts';
import { collect, failureOf, finish, start, stream, text, usage } from '../contexts.ts';

const hidden: ChatEvent = { type: 'thinking_block', block: { type: 'redacted_thinking', data: 'x' } };
const truncated = (): ProviderError =>
  new ProviderError({ provider: 'acme', code: 'stream_truncated', message: 'cut' });

/** A source that counts its pulls and notes when it is let go. */
function watched(batches: readonly Batch[], failure?: unknown) {
  const state = { pulled: 0, letGo: 0 };
  async function* source(): AsyncGenerator<Batch> {
    try {
      for (const batch of batches) {
        state.pulled++;
        yield batch;
      }
      if (failure !== undefined) throw failure;
    } finally {
      state.letGo++;
    }
  }
  return { state, source: source() };
}

describe('openStream', () => {
  it('pulls up to the commit point and no further', async () => {
    const { state, source } = watched([[start], [usage({ inputTokens: 3 })], [text('Hi')], [text('!')]]);
    await openStream(source);
    expect(state).toEqual({ pulled: 3, letGo: 0 });
  });

  it('delivers what it held, in order, as the same batches, then the rest', async () => {
    const batches: Batch[] = [
      [start],
      [hidden],
      [usage({ inputTokens: 3 })],
      [text('Hi')],
      [text('!'), finish],
    ];
    const out = await collect(await openStream(stream(batches)));
    expect(out).toHaveLength(batches.length);
    out.forEach((batch, index) => {
      expect(batch).toBe(batches[index]);
    });
  });

  it.each([
    ['empty text', text('')],
    ['empty reasoning', { type: 'reasoning_delta', text: '' }],
    ['start', start],
    ['usage', usage({ outputTokens: 3 })],
    ['a signed block', hidden],
    ['an argument without its call', { type: 'tool_call_delta', index: 0, arguments: '{' }],
    ['a warning', { type: 'warning', warning: { code: 'clamped', message: 'm' } }],
    ['a vendor field', { type: 'vendor', provider: 'acme', data: {} }],
  ] satisfies [string, ChatEvent][])('does not take %s for the commit point', async (_, event) => {
    const { state, source } = watched([[event], [text('Hi')], [text('!')]]);
    await openStream(source);
    expect(state.pulled).toBe(2);
  });

  it.each([
    ['text', text('x')],
    ['a refusal', { type: 'refusal_delta', text: 'no' }],
    ['readable reasoning', { type: 'reasoning_delta', text: 'hm' }],
    ['the start of a tool call', { type: 'tool_call_start', index: 0, id: 'c', name: 'f' }],
    ['a free-form call', { type: 'custom_tool_call', index: 0, id: 'c', name: 'f', input: '' }],
  ] satisfies [string, ChatEvent][])('takes %s for it, also behind others in a batch', async (_, event) => {
    const { state, source } = watched([[start, usage({}), event], [text('!')]]);
    await openStream(source);
    expect(state.pulled).toBe(1);
  });

  it('opens an answer that ends without content', async () => {
    const opened = await openStream(stream([[start], [finish]]));
    expect(await collect(opened)).toEqual([[start], [finish]]);
  });

  it('rejects with what breaks the stream before the commit point, untouched', async () => {
    const error = truncated();
    const { state, source } = watched([[start], [usage({ inputTokens: 3 })]], error);
    expect(await failureOf(openStream(source))).toBe(error);
    expect(error.partial).toBeUndefined();
    expect(state.letGo).toBe(1);
  });

  it('leaves a break after the commit point to whoever reads on', async () => {
    const error = truncated();
    const opened = await openStream(watched([[text('Hi')]], error).source);
    expect(await opened.next()).toEqual({ value: [text('Hi')], done: false });
    expect(await failureOf(opened.next())).toBe(error);
  });

  it('commits where the first committing event stands, for any stream', async () => {
    const events = fc.constantFrom<ChatEvent>(start, hidden, text(''), text('x'), usage({}), finish);
    const batches = fc.array(fc.array(events, { maxLength: 3 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const { state, source } = watched(given);
        const opened = await openStream(source);
        const first = given.findIndex(commits);
        expect(state.pulled).toBe(first === -1 ? given.length : first + 1);
        expect(await collect(opened)).toEqual(given);
      }),
      { numRuns: 200 },
    );
  });

  describe('for a caller who wants the whole answer', () => {
    it('pulls to the end, so that a break after content can still be replayed', async () => {
      const { state, source } = watched([[start], [text('Hi')], [text('!')], [finish]]);
      const opened = await openStream(source, true);
      expect(state).toEqual({ pulled: 4, letGo: 1 });
      expect(await collect(opened)).toEqual([[start], [text('Hi')], [text('!')], [finish]]);
    });

    it('attaches what had arrived to the error, where no log shows it', async () => {
      const error = truncated();
      const call: Batch = [
        { type: 'tool_call_start', index: 0, id: 'c', name: 'f' },
        { type: 'tool_call_delta', index: 0, arguments: '{"a' },
      ];
      const { source } = watched([[start], [text('Hi ')], [text('there')], call], error);
      expect(await failureOf(openStream(source, true))).toBe(error);
      expect(error.partial).toEqual({
        content: 'Hi there',
        toolCalls: [{ id: 'c', name: 'f', arguments: '{"a' }],
      });
      expect(Object.keys(error)).not.toContain('partial');
      expect(inspect(error) + JSON.stringify(error)).not.toContain('Hi there');
    });

    it('attaches nothing when nothing had arrived, and never to a foreign error', async () => {
      const error = truncated();
      await failureOf(openStream(watched([[start]], error).source, true));
      expect(error.partial).toBeUndefined();
      const foreign = new TypeError('mine');
      expect(await failureOf(openStream(watched([[text('Hi')]], foreign).source, true))).toBe(foreign);
      expect(foreign).not.toHaveProperty('partial');
    });
  });
});

describe('an opened stream', () => {
  it('reaches the layers below on return although nothing was pulled from it', async () => {
    const { state, source } = watched([[text('Hi')], [text('!')]]);
    const opened = await openStream(source);
    expect(await opened.return()).toEqual({ value: undefined, done: true });
    expect(state.letGo).toBe(1);
    expect(await opened.next()).toEqual({ value: undefined, done: true });
  });

  it('does so once, however often it is returned, and when it is left in the middle', async () => {
    const { state, source } = watched([[text('Hi')], [text('!')], [finish]]);
    const opened = await openStream(source);
    for await (const _ of opened) break;
    await opened.return();
    await opened.return();
    expect(state).toEqual({ pulled: 1, letGo: 1 });
  });

  it('passes on what the layers below throw while they are let go', async () => {
    async function* source(): AsyncGenerator<Batch> {
      try {
        yield [text('Hi')];
      } finally {
        // A plug-in that cannot clean up.
        // biome-ignore lint/correctness/noUnsafeFinally: that is the case under test
        throw new Error('no clean-up');
      }
    }
    await expect((await openStream(source())).return()).rejects.toThrow('no clean-up');
  });

  it('needs nothing but next of what lies below', async () => {
    const next = vi.fn(async () => ({ value: undefined, done: true as const }));
    const opened = new OpenedStream([[text('Hi')]], { next });
    expect(await opened.next()).toEqual({ value: [text('Hi')], done: false });
    expect(await opened.next()).toEqual({ value: undefined, done: true });
    expect(next).toHaveBeenCalledTimes(1);
    expect(await opened.return()).toEqual({ value: undefined, done: true });
  });

  it('is its own iterator', async () => {
    const opened = await openStream(stream([[text('Hi')]]));
    expect(opened[Symbol.asyncIterator]()).toBe(opened);
  });
});
