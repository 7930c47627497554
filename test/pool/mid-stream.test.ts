import { describe, expect, it } from 'vitest';
import type { ChatCompletionChunk } from '../../src/chat/completion.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import type { PoolOptions } from '../../src/pool/options.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import { type Scripted, scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, fails, replies } from '../../src/testing/scripted-steps.ts';
import { ask, collect, failureOf } from '../contexts.ts';

const broken = { code: 'connection', status: undefined } as const;

function poolOf(one: Scripted[], two: Scripted[], options: Partial<PoolOptions> = {}, prefill = false) {
  const models = [{ id: 'm', capabilities: { prefill } }];
  const providers = [scriptedProvider('one', one), scriptedProvider('two', two, { models })] as const;
  const pool = new ProviderPool({
    providers: [...providers],
    models: { all: ['one/m', 'two/m'] },
    midStream: 'continue',
    retry: { baseDelayMs: 1 },
    ...options,
  });
  return { pool, one: providers[0], two: providers[1] };
}

const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({ ...ask('Go.'), model: 'all', ...more });

const textOf = (chunks: readonly ChatCompletionChunk[]): string =>
  chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');

describe('an answer that breaks goes on at the next target', () => {
  it('in words: no character twice or missing, one role, one finish, one usage; both attempts are accounted', async () => {
    const { pool, two } = poolOf(
      [breaks(['The quick brown ', 'fox '], broken)],
      [replies(['The quick brown fox', ' jumps ', 'over.'])],
    );
    const stream = await pool.streamRequest(request({ stream_options: { include_usage: true } }));
    const chunks = await collect(stream);
    expect(textOf(chunks)).toBe('The quick brown fox jumps over.');
    expect(chunks.filter(({ choices }) => choices[0]?.delta.role)).toHaveLength(1);
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1);
    expect(chunks.filter(({ usage }) => usage)).toHaveLength(1);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    const { trace } = stream.runestone;
    expect(trace.attempts.map(({ target, outcome }) => `${target} ${outcome}`)).toEqual([
      'one/m error',
      'two/m ok',
    ]);
    expect(trace.seams).toEqual([
      { from: 'one/m', to: 'two/m', code: 'connection', afterChars: 20, method: 'plain' },
    ]);
    expect(two.calls[0]?.request.messages.at(-2)).toEqual({
      role: 'assistant',
      content: 'The quick brown fox ',
    });
    await pool.close();
  });

  it('by prefill where the model takes one', async () => {
    const { pool, two } = poolOf(
      [breaks('The quick', broken)],
      [replies([' brown fox jumps over the dog.'])],
      {},
      true,
    );
    expect(textOf(await collect(await pool.streamRequest(request())))).toBe(
      'The quick brown fox jumps over the dog.',
    );
    expect(two.calls[0]?.request.messages.at(-1)).toEqual({ role: 'assistant', content: 'The quick' });
    await pool.close();
  });

  it('in words after a prefill that the host refuses', async () => {
    const refused = fails('invalid_request', { status: 400 });
    const { pool, two } = poolOf(
      [breaks('The quick', broken)],
      [refused, replies(['The quick fox'])],
      {},
      true,
    );
    expect(textOf(await collect(await pool.streamRequest(request())))).toBe('The quick fox');
    expect(two.calls).toHaveLength(2);
    await pool.close();
  });

  it('in words of the caller', async () => {
    const { pool, two } = poolOf([breaks('The quick', broken)], [replies(['The quick fox'])], {
      midStream: { words: (anchor) => `More after: ${anchor}` },
    });
    await collect(await pool.streamRequest(request()));
    expect(two.calls[0]?.request.messages.at(-1)?.content).toBe('More after: The quick');
    await pool.close();
  });
});

describe('a second break', () => {
  it('goes on once more, and leaves what is left of the cap of the whole answer', async () => {
    const long = 'The quick brown fox jumps over the lazy dog. ';
    const { pool, two } = poolOf(
      [breaks(long, broken)],
      [breaks([`${long.trimEnd()} And once more it does.`], broken), replies([' does. And rests.'])],
      { midStream: { words: (anchor) => anchor } },
    );
    const stream = await pool.streamRequest(request({ max_tokens: 1_000 }));
    await failureOf(collect(stream));
    const [first, second] = two.calls.map((call) => call.request.max_tokens ?? Number.NaN);
    expect(first).toBeLessThan(1_000);
    expect(second).toBeLessThan(first ?? 0);
    await pool.close();
  });

  it('names who broke, also when the one asked first could not go on', async () => {
    const three = scriptedProvider('three', [replies(['The quick fox'])]);
    const providers = [
      scriptedProvider('one', [breaks('The quick', broken)]),
      scriptedProvider('two', [fails('overloaded', { status: 529 })]),
      three,
    ];
    const models = { all: ['one/m', 'two/m', 'three/m'] };
    const wide = new ProviderPool({ providers, models, midStream: 'continue' });
    const stream = await wide.streamRequest(request());
    expect(textOf(await collect(stream))).toBe('The quick fox');
    expect(stream.runestone.trace.seams).toMatchObject([{ from: 'one/m', to: 'three/m' }]);
    await wide.close();
  });

  it('a continuation is never paused: it would end without a finish', async () => {
    const { pool, two } = poolOf([breaks('The quick', broken)], [replies(['The quick fox'])]);
    await collect(await pool.streamRequest(request()));
    expect(two.calls[0]).toMatchObject({ mayPause: false });
    await pool.close();
  });
});

describe('the reader gets the break as it was', () => {
  it.each([
    ['when the seam cannot be proven', replies(['Sure! The quick fox'])],
    ['when the other fails, whatever it says', fails('authentication', { status: 401 })],
    [
      'when the other calls a tool instead',
      replies([{ type: 'tool_call_start', index: 0, id: 'c', name: 'f' }]),
    ],
  ])('%s', async (_, step) => {
    const { pool, two } = poolOf([breaks('The quick', broken)], [step, step]);
    const failure = await failureOf(collect(await pool.streamRequest(request())));
    expect(failure).toMatchObject({ code: 'connection', committed: true, partial: { content: 'The quick' } });
    expect(two.calls.length).toBeLessThanOrEqual(2);
    await pool.close();
  });

  it.each([
    [
      'after a call has begun',
      breaks([{ type: 'tool_call_start', index: 0, id: 'c', name: 'f' }], broken),
      {},
      {},
    ],
    ['of an answer by a schema', breaks('{"a":', broken), { response_format: { type: 'json_object' } }, {}],
    ['where nobody asked for more', breaks('The quick', broken), {}, { midStream: 'error' }],
  ] satisfies [string, Scripted, Partial<ChatRequest>, Partial<PoolOptions>][])(
    '%s',
    async (_, step, more, options) => {
      const { pool, two } = poolOf([step], [replies('never')], options);
      expect(await failureOf(collect(await pool.streamRequest(request(more))))).toMatchObject({
        code: 'connection',
      });
      expect(two.calls).toHaveLength(0);
      await pool.close();
    },
  );
});

describe('who leaves', () => {
  it('in the second part leaves that one', async () => {
    const { pool } = poolOf([breaks('The quick', broken)], [replies(['The quick', ' fox', ' jumps'])]);
    const stream = await pool.streamRequest(request());
    let said = '';
    for await (const text of stream.text()) {
      said += text;
      if (said.includes('fox')) break;
    }
    expect(stream.runestone.trace.attempts.at(-1)).toMatchObject({ target: 'two/m', outcome: 'cancelled' });
    await pool.close();
  });
});
