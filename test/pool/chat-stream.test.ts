import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatCompletionChunk } from '../../src/chat/completion.ts';
import type { ChatEvent } from '../../src/chat/events.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { CancelledError, ConfigError, isRunestoneError } from '../../src/errors/index.ts';
import { ChatStream } from '../../src/pool/chat-stream.ts';
import type { CallOptions } from '../../src/pool/options.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, hangs, replies, type ScriptedStep } from '../../src/testing/scripted-steps.ts';
import { collect, failureOf } from '../contexts.ts';
import { answerOf, world } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const words = ['Once ', 'upon ', 'a time'];

async function open(
  step: ScriptedStep = replies(words),
  request: Partial<ChatRequest> = {},
  call: CallOptions = {},
) {
  const provider = scriptedProvider('a', [step]);
  const all = world({ providers: [provider], retry: false });
  const { answer, running, ends } = await answerOf(all, request, call);
  return { stream: new ChatStream(answer), provider, running, ends, told: all.told };
}

/** An answer that breaks after some words. */
const broken = breaks(words.slice(0, 2), { code: 'server_error' });

const textOf = (chunks: readonly ChatCompletionChunk[]): string =>
  chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');

describe('iterating', () => {
  it('gives OpenAI chunks: the role first, the text, one finish with all that is known', async () => {
    const { stream, ends } = await open();
    const chunks = await collect(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'Once ' },
      { content: 'upon ' },
      { content: 'a time' },
      {},
    ]);
    expect(new Set(chunks.map(({ id, model, created }) => `${id} ${model} ${created}`)).size).toBe(1);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, null, null, 'stop']);
    expect(chunks.at(-1)?.runestone).toMatchObject({ provider: 'a', attempts: 1, requestId: 'req-1' });
    expect(chunks.slice(0, -1).every((chunk) => !('runestone' in chunk) && !('usage' in chunk))).toBe(true);
    expect(ends()).toBe(1);
  });

  it('gives the usage to who asked for it', async () => {
    const { stream } = await open(replies(words), { stream_options: { include_usage: true } });
    const chunks = await collect(stream);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 4 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it('answers 100 calls that do not wait in order, then says that it is done (C17)', async () => {
    const { stream } = await open(replies(Array.from({ length: 50 }, (_, index) => `${index} `)));
    const iterator = stream[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 100 }, () => iterator.next()));
    const chunks = results.flatMap(({ value, done }) => (done ? [] : [value as ChatCompletionChunk]));
    expect(textOf(chunks).split(' ').slice(0, 50).map(Number)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(chunks).toHaveLength(52);
    expect(results.slice(52).every(({ done }) => done)).toBe(true);
  });

  it('throws once when the answer breaks, and is then at its end (C5)', async () => {
    const { stream } = await open(broken);
    const iterator = stream[Symbol.asyncIterator]();
    const got: ChatCompletionChunk[] = [];
    const error = await failureOf(
      (async () => {
        for (;;) got.push((await iterator.next()).value as ChatCompletionChunk);
      })(),
    );
    expect(error).toMatchObject({ code: 'server_error', committed: true, requestId: 'req-1' });
    expect(textOf(got)).toBe('Once upon ');
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });
});

describe('events', () => {
  it('are the house’s own, one by one', async () => {
    const { stream } = await open(replies(['Hi']));
    const events: ChatEvent[] = await collect(stream.events());
    expect(events.map(({ type }) => type)).toEqual(['start', 'text_delta', 'usage', 'finish']);
  });
});

describe('text', () => {
  it('is the text alone, piece by piece', async () => {
    const said: ChatEvent[] = [
      { type: 'reasoning_delta', text: 'hm' },
      { type: 'text_delta', text: 'Once ' },
      { type: 'text_delta', text: '' },
      { type: 'refusal_delta', text: 'no' },
      { type: 'text_delta', text: 'upon' },
    ];
    const { stream } = await open(replies(said));
    expect(await collect(stream.text())).toEqual(['Once ', 'upon']);
  });
});

describe('completion', () => {
  it('reads the stream itself when nobody else does', async () => {
    const { stream } = await open();
    expect((await stream.completion()).choices[0]?.message.content).toBe('Once upon a time');
  });

  it('can be asked for twice', async () => {
    const { stream } = await open();
    const [first, second] = await Promise.all([stream.completion(), stream.completion()]);
    expect(second).toEqual(first);
  });

  it.each(['before', 'during', 'after'] as const)('can be asked for %s the reading', async (when) => {
    const { stream } = await open();
    const iterator = stream.text();
    const completions: Promise<unknown>[] = [];
    if (when === 'before') completions.push(stream.completion());
    const first = await iterator.next();
    if (when === 'during') completions.push(stream.completion());
    expect([first.value, ...(await collect(iterator))]).toEqual(words);
    if (when === 'after') completions.push(stream.completion());
    expect(await completions[0]).toMatchObject({
      choices: [{ message: { content: 'Once upon a time' } }],
      runestone: { provider: 'a', attempts: 1 },
    });
  });

  it('is the same as what the chunks come to', async () => {
    const call: ChatEvent[] = [
      { type: 'text_delta', text: 'Let me look.' },
      { type: 'tool_call_start', index: 0, id: 'c1', name: 'look' },
      { type: 'tool_call_delta', index: 0, arguments: '{"at":' },
      { type: 'tool_call_delta', index: 0, arguments: '"moon"}' },
    ];
    const { stream } = await open(replies(call));
    const chunks = await collect(stream);
    const { choices } = await stream.completion();
    expect(choices[0]?.message.tool_calls).toEqual([
      { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"moon"}' } },
    ]);
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(pieces.map((piece) => piece.function?.arguments ?? '').join('')).toBe('{"at":"moon"}');
    expect(textOf(chunks)).toBe(choices[0]?.message.content);
  });

  it('takes the claim: nobody else can read beside it', async () => {
    const { stream } = await open();
    const completion = stream.completion();
    expect(() => stream.text()).toThrow(ConfigError);
    await completion;
  });

  it('rejects with the error of the stream, and has what had arrived in it, out of sight', async () => {
    const { stream } = await open(broken);
    const error = await failureOf(stream.completion());
    expect(isRunestoneError(error) && error.partial).toEqual({ content: 'Once upon ', toolCalls: [] });
    expect(inspect(error, { depth: 10 })).not.toContain('Once upon');
    expect(JSON.stringify(error)).not.toContain('Once upon');
    expect(Object.keys(error as object)).not.toContain('partial');
  });
});

describe('one consumer only (C16)', () => {
  const ways: readonly (readonly [string, (stream: ChatStream) => unknown])[] = [
    ['chunks', (stream) => stream[Symbol.asyncIterator]()],
    ['events', (stream) => stream.events()],
    ['text', (stream) => stream.text()],
    ['lines', (stream) => stream.toReadableStream()],
    ['a response', (stream) => stream.toResponse()],
  ];
  const pairs = ways.flatMap(([first, one]) =>
    ways.map(([second, two]) => [first, second, one, two] as const),
  );

  it.each(pairs)('%s, then %s', async (_, __, one, two) => {
    const { stream } = await open();
    one(stream);
    expect(() => two(stream)).toThrow(ConfigError);
    expect(() => two(stream)).toThrow('a ChatStream can be read once');
    await stream.cancel();
  });
});

describe('leaving', () => {
  it.each([
    ['chunks', (stream: ChatStream) => stream],
    ['events', (stream: ChatStream) => stream.events()],
    ['text', (stream: ChatStream) => stream.text()],
  ] as const)('by break from %s cuts upstream (C10)', async (_, read) => {
    const { stream, provider, ends, told } = await open(hangs(words));
    for await (const __ of read(stream)) break;
    expect(provider.calls[0]?.signal.aborted).toBe(true);
    expect([provider.open, ends()]).toEqual([0, 1]);
    expect(told.of('request.stop')).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('by a throw passes the consumer’s own error on, unchanged (C15)', async () => {
    const { stream, provider, ends } = await open(hangs(words));
    const mine = new RangeError('mine');
    const reading = (async () => {
      for await (const _ of stream) throw mine;
    })();
    expect(await failureOf(reading)).toBe(mine);
    expect([provider.calls[0]?.signal.aborted, ends()]).toEqual([true, 1]);
  });

  it('fires the signal before the provider is told to return: return waits for a pending pull', async () => {
    const log: string[] = [];
    const { stream, provider } = await open(hangs(words));
    provider.calls[0]?.signal.addEventListener('abort', () => log.push(`abort, ${provider.open} open`));
    for await (const _ of stream) break;
    log.push(`left, ${provider.open} open`);
    expect(log).toEqual(['abort, 1 open', 'left, 0 open']);
  });

  it.each(['before the first pull', 'twice', 'during a pull'] as const)(
    'by return %s (C18)',
    async (when) => {
      const { stream, ends, provider } = await open(hangs('Once'));
      const iterator = stream.events();
      const done = { value: undefined, done: true };
      if (when !== 'before the first pull') for (let pull = 0; pull < 2; pull++) await iterator.next();
      const pending = when === 'during a pull' ? iterator.next() : undefined;
      expect(await iterator.return?.()).toEqual(done);
      if (when === 'twice') expect(await iterator.return?.()).toEqual(done);
      if (pending !== undefined) expect(await pending).toEqual(done);
      expect(await iterator.next()).toEqual(done);
      expect([ends(), provider.open]).toEqual([1, 0]);
    },
  );

  it('leaves whoever waits for the whole with a CancelledError', async () => {
    const { stream } = await open(hangs(words));
    const completion = failureOf(stream.completion());
    await vi.advanceTimersByTimeAsync(0);
    await stream.cancel();
    const error = await completion;
    expect(error).toBeInstanceOf(CancelledError);
    expect(isRunestoneError(error) && error.partial?.content).toBe(words.join(''));
  });

  it('by cancel ends a reading elsewhere with a CancelledError', async () => {
    const { stream } = await open(hangs('Once'));
    const reading = failureOf(collect(stream));
    await vi.advanceTimersByTimeAsync(0);
    await stream.cancel();
    expect(await reading).toMatchObject({ code: 'cancelled', requestId: 'req-1' });
  });

  it('by the end of a block does the same', async () => {
    const { stream, provider, ends } = await open(hangs('Once'));
    await (async () => {
      await using kept = stream;
      expect(kept.requestId).toBe('req-1');
    })();
    expect([provider.calls[0]?.signal.aborted, ends()]).toEqual([true, 1]);
  });

  it('after the end has no effect', async () => {
    const { stream, provider, ends } = await open();
    await collect(stream);
    await stream.cancel();
    await stream[Symbol.asyncDispose]();
    expect([provider.calls[0]?.signal.aborted, ends()]).toEqual([false, 1]);
  });
});

describe('a caller’s abort in the middle', () => {
  it('is thrown once, never taken for the end (C5)', async () => {
    const controller = new AbortController();
    const { stream, provider } = await open(hangs(words), {}, { signal: controller.signal });
    const iterator = stream.text();
    expect((await iterator.next()).value).toBe('Once ');
    controller.abort('enough');
    expect(await failureOf(iterator.next())).toMatchObject({
      code: 'cancelled',
      cause: 'enough',
      committed: true,
    });
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
    expect(provider.open).toBe(0);
  });
});

describe('a stream that is dropped half-way (C12)', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');

  it('is cut upstream by whoever collects the garbage', async () => {
    const { ends, provider } = await (async () => {
      const { stream, ...rest } = await open(hangs(words));
      await stream[Symbol.asyncIterator]().next();
      return rest;
    })();
    for (let turns = 0; turns < 100 && ends() === 0; turns++) {
      collectGarbage();
      await turn();
    }
    expect([ends(), provider.calls[0]?.signal.aborted]).toEqual([1, true]);
  });

  it('is not, while its iterator or the promise of the whole is held', async () => {
    const opening = open(replies(words, { delayMs: 50 }));
    await vi.advanceTimersByTimeAsync(500);
    const held = async () => {
      const { stream, ends } = await opening;
      const iterator = stream.text();
      await iterator.next();
      return { iterator, ends, whole: stream.completion() };
    };
    const { iterator, ends, whole } = await held();
    for (let turns = 0; turns < 5; turns++) {
      collectGarbage();
      await turn();
    }
    expect(ends()).toBe(0);
    const rest = collect(iterator);
    await vi.advanceTimersByTimeAsync(500);
    expect(await rest).toEqual(words.slice(1));
    expect((await whole).choices[0]?.message.content).toBe(words.join(''));
  });
});

describe('a stream that nobody claims (C11)', () => {
  it('is cancelled after 30 s: its connection and its money run on', async () => {
    const { stream, provider, ends } = await open(hangs(words));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(ends()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect([ends(), provider.calls[0]?.signal.aborted]).toEqual([1, true]);
    expect(await failureOf(collect(stream))).toMatchObject({ code: 'cancelled' });
  });

  it('does not keep the process alive by that wait', async () => {
    const waits = vi.spyOn(globalThis, 'setTimeout');
    const { stream } = await open(hangs(words));
    const index = waits.mock.calls.findIndex(([, ms]) => ms === 30_000);
    expect(waits.mock.results[index]?.value.hasRef()).toBe(false);
    waits.mockRestore();
    await stream.cancel();
  });

  it('is one that was claimed but never read, too', async () => {
    const { stream, ends } = await open(hangs(words));
    stream.toResponse();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ends()).toBe(1);
  });

  it('is none once reading has begun, however slow', async () => {
    const { stream, ends } = await open(replies(words));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(ends()).toBe(0);
    await collect(iterator);
    expect(ends()).toBe(1);
  });

  it('is none when the whole was asked for', async () => {
    const opening = open(replies(words, { delayMs: 20_000 }));
    await vi.advanceTimersByTimeAsync(40_000);
    const completion = (await opening).stream.completion();
    await vi.advanceTimersByTimeAsync(100_000);
    expect((await completion).choices[0]?.message.content).toBe(words.join(''));
  });
});

describe('as a readable stream', () => {
  it('is a line of JSON for each chunk', async () => {
    const { stream } = await open();
    const lines = (await textFrom(stream.toReadableStream())).split('\n');
    expect(lines.pop()).toBe('');
    const chunks: ChatCompletionChunk[] = lines.map((line) => JSON.parse(line));
    expect(textOf(chunks)).toBe(words.join(''));
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('fails with the error of the answer', async () => {
    const { stream } = await open(broken);
    expect(await failureOf(textFrom(stream.toReadableStream()))).toMatchObject({ code: 'server_error' });
  });

  it('cuts upstream when it is cancelled', async () => {
    const { stream, provider } = await open(hangs(words));
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    expect([provider.calls[0]?.signal.aborted, provider.open]).toEqual([true, 0]);
  });
});

describe('as a response', () => {
  it('STR-16: is an event stream that ends with [DONE]', async () => {
    const { stream } = await open();
    const response = stream.toResponse();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-request-id': 'req-1',
    });
    const frames = (await response.text()).split('\n\n');
    expect(frames.splice(-2)).toEqual(['data: [DONE]', '']);
    const chunks: ChatCompletionChunk[] = frames.map((frame) => JSON.parse(frame.replace(/^data: /, '')));
    expect(textOf(chunks)).toBe(words.join(''));
  });

  it('takes further headers, and lets them win', async () => {
    const { stream } = await open();
    const response = stream.toResponse({ headers: { 'x-mine': '1', 'cache-control': 'no-store' } });
    expect([response.headers.get('x-mine'), response.headers.get('cache-control')]).toEqual([
      '1',
      'no-store',
    ]);
    await response.text();
  });

  it('that breaks ends with an error frame, and without [DONE] (STR-16, STR-20)', async () => {
    const { stream } = await open(broken);
    const body = await stream.toResponse().text();
    expect(body).not.toContain('[DONE]');
    const frames = body.trimEnd().split('\n\n');
    expect(JSON.parse(frames.at(-1)?.replace(/^data: /, '') ?? '')).toEqual({
      error: { message: 'a: scripted server_error', type: 'server_error', code: 'server_error', param: null },
    });
    expect(body).toContain('"content":"upon "');
  });

  it('cuts upstream when its reader goes away', async () => {
    const { stream, provider, ends } = await open(hangs(words));
    const reader = stream.toResponse().body?.getReader();
    await reader?.read();
    const pending = reader?.read();
    await vi.advanceTimersByTimeAsync(0);
    await reader?.cancel();
    await pending;
    expect([provider.calls[0]?.signal.aborted, ends()]).toEqual([true, 1]);
  });
});

describe('what is known of an answer', () => {
  it('is complete once it has ended', async () => {
    const { stream } = await open();
    expect(stream.runestone).toMatchObject({ requestId: 'req-1', attempts: 0, usage: undefined });
    await collect(stream);
    expect(stream.runestone).toMatchObject({
      provider: 'a',
      model: 'm',
      attempts: 1,
      usage: { inputTokens: 10, outputTokens: 4 },
      trace: { attempts: [{ attempt: 1, outcome: 'ok', finishReason: 'stop' }] },
    });
  });

  it('shows neither prompt nor answer nor key to whoever prints the stream', async () => {
    const request = { messages: [{ role: 'user', content: 'canary prompt' }] } as const;
    const { stream } = await open(replies('canary answer'), request, { provider: 'a', apiKey: 'canary-key' });
    const shown = () => inspect(stream, { depth: 10, showHidden: true }) + JSON.stringify(stream);
    expect(shown()).not.toContain('canary');
    await collect(stream);
    expect(shown() + JSON.stringify(stream.runestone)).not.toContain('canary');
  });
});

async function textFrom(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  return (await collect(stream)).map((piece) => decoder.decode(piece, { stream: true })).join('');
}
