import { type CallOptions, ProviderPool } from 'runestone';
import { breaks, fails, hangs, replies, type ScriptedStep, scriptedProvider } from 'runestone/testing';
import { describe, expect, it, vi } from 'vitest';
import { type Outlet, SocketChats } from '../../src/node/socket-chats.ts';
import { ask } from '../contexts.ts';

interface Frame {
  readonly event: string;
  readonly ref?: unknown;
  readonly payload?: unknown;
}

/** One socket's chats over a real pool, and what its client hears. */
function open(
  steps: readonly ScriptedStep[],
  parts: { call?: CallOptions; limit?: number; outlet?: Partial<Outlet> } = {},
) {
  const provider = scriptedProvider('a', steps);
  const pool = new ProviderPool({ providers: [provider], retry: false });
  const heard: Frame[] = [];
  const outlet: Outlet = {
    send: (text) => heard.push(JSON.parse(text)),
    ready: () => undefined,
    ...parts.outlet,
  };
  const chats = new SocketChats({ pool, call: parts.call, outlet, limit: parts.limit ?? 4 });
  return {
    provider,
    pool,
    chats,
    heard,
    of: (ref: unknown) => heard.filter((frame) => frame.ref === ref),
    say: (event: string, more: object = {}) => chats.take(JSON.stringify({ event, ...more })),
    stream: (ref?: unknown, payload: object = ask()) =>
      chats.take(JSON.stringify({ event: 'chat:stream', ref, payload })),
  };
}

const ends = (frames: readonly Frame[]): readonly Frame[] =>
  frames.filter(({ event }) => event === 'chat:done' || event === 'chat:error');

describe('chat:stream', () => {
  it('is answered by chunks, and by what is known at the end', async () => {
    const it = open([replies(['Good ', 'day.'])]);
    it.stream();
    await it.chats.idle();
    await vi.waitFor(() => expect(ends(it.heard)).toHaveLength(1));
    const chunks = it.heard.slice(0, -1);
    expect(chunks.every(({ event, ref }) => event === 'chat:chunk' && ref === undefined)).toBe(true);
    const said = chunks.map(({ payload }) => Object(payload).choices[0].delta.content ?? '').join('');
    expect(said).toBe('Good day.');
    expect(it.heard.at(-1)).toEqual({
      event: 'chat:done',
      payload: {
        usage: expect.objectContaining({ prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 }),
        provider: 'a',
        model: 'scripted-model',
        cost: null,
        finish_reason: 'stop',
        request_id: expect.any(String),
      },
    });
  });

  it('goes to the pool as it is, with the call options of its visitor', async () => {
    const it = open([replies('ok')], { call: { tenant: 'acme', deadlineMs: 5_000 } });
    const tenants: unknown[] = [];
    it.pool.on('request.start', ({ tenant }) => tenants.push(tenant));
    it.stream('r', { ...ask(), model: 'a/other', tenant: 'evil', apiKey: 'theirs' });
    await it.chats.idle();
    expect(tenants).toEqual(['acme']);
    expect(it.provider.calls[0]).toMatchObject({ model: 'other', request: ask() });
  });

  it.each<readonly [string, ScriptedStep, string, number]>([
    ['before the first content', fails('rate_limited', { retryAfterMs: 50 }), 'rate_limit_exceeded', 0],
    ['in the middle', breaks(['Good '], { code: 'server_error' }), 'server_error', 2],
    ['by a plain end', breaks(['Good ']), 'upstream_stream_interrupted', 2],
  ])('that fails %s ends with the error of OpenAI’s', async (_, step, code, chunks) => {
    const it = open([step]);
    it.stream(1);
    await it.chats.idle();
    await vi.waitFor(() => expect(ends(it.heard)).toHaveLength(1));
    expect(it.heard).toHaveLength(chunks + 1);
    expect(it.heard.at(-1)).toEqual({
      event: 'chat:error',
      ref: 1,
      payload: { code, message: expect.any(String), type: expect.any(String), param: null },
    });
  });

  it.each([
    [undefined, 'messages'],
    [null, 'messages'],
    ['text', 'messages'],
    [[], 'messages'],
    [{}, 'messages'],
    [{ messages: 'hi' }, 'messages'],
    [{ ...ask(), temperature: 'hot' }, 'temperature'],
  ])('with the payload %o is refused by its field', async (payload, param) => {
    const it = open([replies('ok')]);
    it.say('chat:stream', { ref: 'r', payload });
    await vi.waitFor(() => expect(it.heard).toHaveLength(1));
    expect(it.heard[0]).toMatchObject({ event: 'chat:error', ref: 'r', payload: { param } });
    expect(it.provider.calls).toEqual([]);
  });

  it('waits for a reader that is slow', async () => {
    let letOn: () => void = () => undefined;
    const ready = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          letOn = resolve;
        }),
    );
    const it = open([replies(['a', 'b', 'c'])], { outlet: { ready } });
    it.stream();
    await vi.waitFor(() => expect(it.heard).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(it.heard).toHaveLength(1);
    letOn();
    await vi.waitFor(() => expect(it.heard).toHaveLength(2));
    ready.mockImplementation(() => Promise.resolve());
    letOn();
    await it.chats.idle();
    expect(it.heard.at(-1)?.event).toBe('chat:done');
  });
});

describe('several chats on one socket', () => {
  it('are told apart by their refs', async () => {
    const it = open([
      replies(['a', 'b'], { delayMs: 1 }),
      replies(['c', 'd'], { delayMs: 1 }),
      fails('overloaded'),
    ]);
    for (const ref of ['one', 2, undefined]) it.stream(ref);
    expect(it.chats.size).toBe(3);
    await it.chats.idle();
    await vi.waitFor(() => expect(ends(it.heard)).toHaveLength(3));
    const wordsOf = (ref: unknown): string =>
      it
        .of(ref)
        .map(({ payload }) => Object(payload).choices?.[0]?.delta?.content ?? '')
        .join('');
    expect([wordsOf('one'), wordsOf(2), wordsOf(undefined)]).toEqual(['ab', 'cd', '']);
    for (const ref of ['one', 2, undefined]) expect(ends(it.of(ref))).toEqual([it.of(ref).at(-1)]);
  });

  it('have a ref each: the same may come again once it has ended', async () => {
    const it = open([hangs('a'), replies('b')]);
    it.stream('r');
    await vi.waitFor(() => expect(it.heard.length).toBeGreaterThan(0));
    it.stream('r');
    expect(it.heard.at(-1)).toMatchObject({ event: 'chat:error', ref: 'r', payload: { code: 'ref_in_use' } });
    it.say('chat:cancel', { ref: 'r' });
    await it.chats.idle();
    it.stream('r');
    await it.chats.idle();
    await vi.waitFor(() => expect(it.heard.at(-1)).toMatchObject({ event: 'chat:done', ref: 'r' }));
  });

  it('are limited in number (faults 5.27)', async () => {
    const it = open([hangs('a')], { limit: 2 });
    for (const ref of [1, 2, 3]) it.stream(ref);
    expect(it.heard).toMatchObject([{ event: 'chat:error', ref: 3, payload: { code: 'too_many_chats' } }]);
    expect(it.chats.size).toBe(2);
    it.chats.abort();
    await it.chats.idle();
  });
});

describe('chat:cancel', () => {
  it('ends one chat, upstream included, and says so', async () => {
    const it = open([hangs('a'), hangs('b')]);
    it.stream(1);
    it.stream(2);
    await vi.waitFor(() => expect(it.provider.open).toBe(2));
    await vi.waitFor(() => expect(it.of(1).length).toBeGreaterThan(0));
    it.say('chat:cancel', { ref: 1 });
    await vi.waitFor(() => expect(ends(it.heard)).toHaveLength(1));
    expect(it.heard.at(-1)).toMatchObject({
      event: 'chat:error',
      ref: 1,
      payload: { code: 'client_closed_request' },
    });
    expect([it.provider.open, it.chats.size]).toEqual([1, 1]);
    it.chats.abort();
    await it.chats.idle();
  });

  it('of a chat that has ended, or never was, is no mistake', () => {
    const it = open([replies('ok')]);
    it.say('chat:cancel', { ref: 'nobody' });
    it.say('chat:cancel');
    expect(it.heard).toEqual([]);
  });
});

describe('all else', () => {
  it('ping is answered by pong, with what it brought', () => {
    const it = open([]);
    it.say('ping');
    it.say('ping', { ref: 7, payload: { at: 1 } });
    expect(it.heard).toEqual([{ event: 'pong' }, { event: 'pong', ref: 7, payload: { at: 1 } }]);
  });

  it.each([
    ['{"event":"chat:join","ref":"r"}', 'unknown_event', 'r'],
    ['{"event":"__proto__","ref":"r"}', 'unknown_event', 'r'],
    ['{"event":"ping","ref":{}}', 'invalid_frame', undefined],
    ['not JSON', 'invalid_json', undefined],
  ])('%s is answered by an error, and the socket lives on', (text, code, ref) => {
    const it = open([]);
    it.chats.take(text);
    expect(it.heard).toMatchObject([{ event: 'chat:error', payload: { code } }]);
    expect(it.heard[0]?.ref).toBe(ref);
    it.say('ping');
    expect(it.heard).toHaveLength(2);
  });

  it('a socket that closes takes its chats along', async () => {
    const it = open([hangs('a')]);
    it.stream(1);
    it.stream(2);
    await vi.waitFor(() => expect(it.provider.open).toBe(2));
    it.chats.abort();
    await it.chats.idle();
    expect([it.provider.open, it.chats.size]).toEqual([0, 0]);
  });

  it('is idle at once where there is nothing', async () => {
    await open([]).chats.idle();
  });
});
