import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/chat/request.ts';
import { FailoverError } from '../../src/errors/index.ts';
import type { AttemptContext, Middleware, RequestContext } from '../../src/pipeline/middleware.ts';
import { ProviderPool } from '../../src/pool/provider-pool.ts';
import { anthropic } from '../../src/providers/anthropic/index.ts';
import { type Scripted, scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { breaks, fails, replies } from '../../src/testing/scripted-steps.ts';
import { failureOf } from '../contexts.ts';

/** Words that stand where nobody may see them. */
const PROMPT = 'canary-prompt: the geese meet at midnight';
const ANSWER = 'canary-answer: I shall tell nobody';
const OUR_KEY = 'sk-ant-canary-ours';
const THEIR_KEY = 'sk-ant-canary-theirs';

const request: ChatRequest = {
  messages: [
    { role: 'system', content: `${PROMPT} (system)` },
    { role: 'user', content: [{ type: 'text', text: PROMPT }] },
  ],
  model: 'all',
};

/** Everything that a log could show of a value. */
function shown(value: unknown): string {
  const texts = [inspect(value, { depth: 10, showHidden: true }), inspect(value), String(value)];
  if (value instanceof Error)
    texts.push(value.message, value.stack ?? '', inspect(value.cause, { depth: 10 }));
  try {
    texts.push(JSON.stringify(value), inspect(structuredClone(value), { depth: 10 }));
  } catch {
    // What cannot be cloned cannot be logged that way either.
  }
  return texts.join('\n');
}

/** Providers of all sorts, and all that was told of a few requests to them. */
function setUp(...scripts: readonly (readonly Scripted[])[]) {
  const contexts: (RequestContext | AttemptContext)[] = [];
  const looking: Middleware = {
    name: 'looking',
    request: (context, next) => {
      contexts.push(context);
      return next(context);
    },
    attempt: (context, next) => {
      contexts.push(context);
      return next(context);
    },
  };
  const scripted = scripts.map((steps, index) => scriptedProvider('abc'[index] ?? '', steps));
  const claude = anthropic({ apiKey: [OUR_KEY, `${OUR_KEY}-2`] });
  const pool = new ProviderPool({
    providers: [...scripted, claude],
    models: { all: scripted.map(({ name }) => `${name}/m`) },
    middleware: [looking],
    retry: { baseDelayMs: 1 },
  });
  const events: unknown[] = [];
  pool.on('*', (event) => events.push(event));
  return { pool, events, contexts };
}

/** A provider that quotes what it can in what it throws. */
const quoting: Scripted = () =>
  fails('bad_response', { message: `a: cannot parse "${PROMPT}", key was ok`, status: 200 });

const foreign: Scripted = (call) => {
  throw Object.assign(new TypeError(`cannot read ${PROMPT}`), { body: call.request });
};

describe('no log shows a key, a prompt or an answer (INV-36)', () => {
  it.each([
    ['an answer', [[replies(ANSWER)]]],
    ['a retry', [[fails('conflict'), replies(ANSWER)]]],
    ['a break', [[breaks(ANSWER, { code: 'server_error' })]]],
    ['a truncation', [[breaks(ANSWER)]]],
    ['an error that quotes the prompt', [[quoting]]],
    ['a foreign error', [[foreign]]],
    ['several failures', [[quoting], [foreign], [breaks(ANSWER, { code: 'overloaded' })]]],
  ] satisfies [string, Scripted[][]][])('of %s', async (_, scripts) => {
    const { pool, events } = setUp(...scripts);
    const errors: unknown[] = [];
    const outcomes = [
      pool.request(request),
      pool.streamRequest(request).then((stream) => stream.completion()),
    ];
    for (const outcome of outcomes) await outcome.catch((error: unknown) => errors.push(error));
    expect(events.length).toBeGreaterThan(4);
    for (const value of [...events, ...errors, pool, pool.providers(), pool.stats(), pool.health()]) {
      expect(shown(value)).not.toContain('canary');
    }
  });

  it('of a stream, before and after it is read', async () => {
    const { pool } = setUp([replies(ANSWER)]);
    const stream = await pool.streamRequest(request);
    expect(shown(stream)).not.toContain('canary');
    const { runestone } = await stream.completion();
    expect(shown(stream) + shown(runestone)).not.toContain('canary');
  });

  it('of a key that a call brings, in contexts, events and errors', async () => {
    const { pool, events, contexts } = setUp([
      fails('authentication', { message: 'a: the key was refused' }),
    ]);
    const error = await failureOf(pool.request(request, { provider: 'a', apiKey: THEIR_KEY }));
    expect(contexts).toHaveLength(2);
    for (const value of [...events, error, ...contexts]) {
      expect(shown(value)).not.toContain('sk-ant-canary');
    }
  });

  it('of what is wrong with a request or an option', async () => {
    const { pool } = setUp([replies(ANSWER)]);
    const wrong = { ...request, temperature: PROMPT };
    // @ts-expect-error a caller in plain JavaScript
    expect(shown(await failureOf(pool.request(wrong)))).not.toContain('canary');
    const call = { provider: 'a', apiKey: THEIR_KEY, tenant: '' };
    expect(shown(await failureOf(pool.request(request, call)))).not.toContain('canary');
  });
});

it('lets the holder of an error read what had arrived', async () => {
  const { pool } = setUp(
    [breaks(ANSWER, { code: 'bad_response' })],
    [breaks(ANSWER, { code: 'bad_response' })],
  );
  const error = await failureOf(pool.request(request));
  expect(error).toBeInstanceOf(FailoverError);
  const parts = error instanceof FailoverError ? error.errors : [];
  expect(parts.map(({ partial }) => partial?.content)).toEqual([ANSWER, ANSWER]);
});
