import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatEvent, ProviderCall } from '../../src/provider-kit/index.ts';
import { ProviderError } from '../../src/provider-kit/index.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, fails, hangs, replies } from '../../src/testing/scripted-steps.ts';
import { virtualClock } from '../../src/testing/virtual-clock.ts';

const controller = { current: new AbortController() };
beforeEach(() => {
  controller.current = new AbortController();
});

const call = (more: Partial<ProviderCall> = {}): ProviderCall => ({
  request: { messages: [{ role: 'user', content: 'hi' }] },
  model: 'm1',
  stream: true,
  signal: controller.current.signal,
  requestId: 'r1',
  key: 0,
  strict: false,
  retiredModels: 'warn',
  connectMs: 1_000,
  ...more,
});

/** Everything a stream yields; it never batches. */
async function collect(source: AsyncIterable<ChatEvent | readonly ChatEvent[]>): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const item of source) events.push(...[item].flat());
  return events;
}

describe('scriptedProvider', () => {
  it('plays a step, after a start that names the model of the call', async () => {
    const provider = scriptedProvider('test', [replies('hello')]);
    const events = await collect(provider.stream(call({ model: 'claude-x' })));
    expect(events[0]).toEqual({ type: 'start', id: 'scripted-r1', model: 'claude-x', created: 0 });
    expect(events.map((event) => event.type)).toEqual(['start', 'text_delta', 'usage', 'finish']);
  });

  it('leaves a start alone that the test has written', async () => {
    const start = { type: 'start', id: 'mine', model: 'other', created: 5 } as const;
    const provider = scriptedProvider('test', [replies([start, 'a'])]);
    expect((await collect(provider.stream(call()))).filter((event) => event.type === 'start')).toEqual([
      start,
    ]);
  });

  it('plays one step a call and repeats the last', async () => {
    const provider = scriptedProvider('flaky', [fails('overloaded'), replies('a'), replies('b')]);
    const said: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const events = await collect(provider.stream(call())).catch((error: ProviderError) => error);
      said.push(
        Array.isArray(events)
          ? events.map((event) => ('text' in event ? event.text : '')).join('')
          : events.code,
      );
    }
    expect(said).toEqual(['overloaded', 'a', 'b', 'b']);
  });

  it('lets a function pick the step', async () => {
    const provider = scriptedProvider('test', [({ model }, n) => replies(`${model} ${n}`)]);
    await collect(provider.stream(call()));
    const [, second] = await collect(provider.stream(call({ model: 'm2' })));
    expect(second).toEqual({ type: 'text_delta', text: 'm2 2' });
  });

  it('throws what a provider would throw', async () => {
    const provider = scriptedProvider('acme', [fails('rate_limited', { status: 429, retryAfterMs: 50 })]);
    const error = await collect(provider.stream(call())).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      code: 'rate_limited',
      provider: 'acme',
      model: 'm1',
      status: 429,
      retryAfterMs: 50,
      message: 'acme: scripted rate_limited',
    });
  });

  it('says what the test wants said', async () => {
    const provider = scriptedProvider('acme', [fails('permission', { message: 'not you' })]);
    await expect(collect(provider.stream(call()))).rejects.toThrow('acme: not you');
  });

  it('breaks after content, with an error or by just ending', async () => {
    const provider = scriptedProvider('test', [breaks('Hel'), breaks('Hel', { code: 'connection' })]);
    expect((await collect(provider.stream(call()))).at(-1)).toEqual({ type: 'text_delta', text: 'Hel' });
    const seen: ChatEvent[] = [];
    await expect(async () => {
      for await (const item of provider.stream(call())) seen.push(...[item].flat());
    }).rejects.toMatchObject({ code: 'connection' });
    expect(seen).toHaveLength(2);
  });

  it('complains about an empty script', async () => {
    await expect(collect(scriptedProvider('test', []).stream(call()))).rejects.toThrow(/script is empty/);
  });

  it('serves any model by default and takes every other member of a provider', async () => {
    const check = vi.fn(async () => {});
    const provider = scriptedProvider('test', [replies('a')], {
      models: [{ id: 'x' }],
      keys: ['one', 'two'],
      check,
    });
    expect(scriptedProvider('bare', []).models).toBeUndefined();
    expect(scriptedProvider('bare', []).defaultModel).toBe('scripted-model');
    expect(provider).toMatchObject({ models: [{ id: 'x' }], keys: ['one', 'two'], check });
  });
});

describe('what a scripted provider remembers', () => {
  it('keeps every call', async () => {
    const provider = scriptedProvider('test', [replies('a')]);
    await collect(provider.stream(call({ model: 'm1' })));
    await collect(provider.stream(call({ model: 'm2' })));
    expect(provider.calls.map(({ model }) => model)).toEqual(['m1', 'm2']);
  });

  it('does nothing before the stream is pulled', () => {
    const provider = scriptedProvider('test', [replies('a')]);
    provider.stream(call());
    expect(provider.calls).toEqual([]);
    expect(provider.open).toBe(0);
  });

  it.each<[string, (stream: AsyncIterator<unknown>) => Promise<unknown>]>([
    [
      'finished',
      async (stream) => {
        while (!(await stream.next()).done);
      },
    ],
    ['left early', async (stream) => stream.return?.()],
  ])('knows a stream that is open from one that is %s', async (_, end) => {
    const provider = scriptedProvider('test', [replies(['a', 'b'])]);
    const stream = provider.stream(call())[Symbol.asyncIterator]();
    await stream.next();
    expect(provider.open).toBe(1);
    await end(stream);
    expect(provider.open).toBe(0);
  });

  it('closes a stream that fails', async () => {
    const provider = scriptedProvider('test', [fails('overloaded')]);
    await expect(collect(provider.stream(call()))).rejects.toThrow();
    expect(provider.open).toBe(0);
  });
});

describe('the signal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends silence, with its own reason', async () => {
    const provider = scriptedProvider('test', [hangs('Hel')]);
    const ended = expect(collect(provider.stream(call()))).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(provider.open).toBe(1);
    controller.current.abort(new Error('enough'));
    await ended;
    expect(provider.open).toBe(0);
  });

  it('ends a wait at once', async () => {
    const provider = scriptedProvider('test', [replies(['a', 'b'], { delayMs: 60_000 })]);
    const ended = expect(collect(provider.stream(call()))).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(90_000);
    controller.current.abort(new Error('enough'));
    await ended;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of a call ends a wait on a clock of the test', async () => {
    vi.useRealTimers();
    const clock = virtualClock();
    const steps = [replies('a', { delayMs: 60_000 })];
    const provider = scriptedProvider('test', steps, { clock, keys: ['one'] });
    expect(provider).not.toHaveProperty('clock');
    expect(provider.keys).toEqual(['one']);
    const answer = collect(provider.stream(call()));
    await clock.advance(240_000);
    expect((await answer).length).toBe(4);
    const ended = expect(collect(provider.stream(call()))).rejects.toThrow('enough');
    await clock.advance(90_000);
    controller.current.abort(new Error('enough'));
    await ended;
    expect(clock.pending).toEqual([]);
    expect(getEventListeners(controller.current.signal, 'abort')).toHaveLength(0);
  });

  it('that has fired already lets nothing out', async () => {
    controller.current.abort(new Error('too late'));
    const provider = scriptedProvider('test', [replies('a'), hangs()]);
    await expect(collect(provider.stream(call()))).rejects.toThrow('too late');
    await expect(collect(provider.stream(call()))).rejects.toThrow('too late');
  });

  it('keeps no listener and no timer after a slow answer', async () => {
    const provider = scriptedProvider('test', [replies(['a', 'b'], { delayMs: 10 })]);
    const done = collect(provider.stream(call()));
    await vi.advanceTimersByTimeAsync(100);
    expect((await done).length).toBe(5);
    expect(getEventListeners(controller.current.signal, 'abort')).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
