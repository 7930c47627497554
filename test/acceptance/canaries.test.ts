import { inspect } from 'node:util';
import { type Middleware, ProviderPool } from 'runestone';
import { anthropic } from 'runestone/providers/anthropic';
import { type Reply, reply, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { KEY, question, stand } from './lab.ts';

const PROMPT = 'canary-prompt: the geese meet at midnight';
const ANSWER = 'canary-answer: I shall tell nobody at all';
const HEADER = 'canary-header-value';

/** Everything that a log could show of a value. */
function shown(value: unknown): string {
  const looks = [
    () => inspect(value, { depth: 12, showHidden: true }),
    () => String(value),
    () => JSON.stringify(value),
    () => inspect(structuredClone(value), { depth: 12 }),
    () => (value instanceof Error ? `${value.message} ${value.stack} ${shown(value.cause)}` : ''),
  ];
  return looks
    .map((look) => {
      try {
        return look();
      } catch {
        // What cannot be shown that way shows nothing.
        return '';
      }
    })
    .join('\n');
}

const answer = reply.text(ANSWER);
const echo = `bad key ${KEY} for "${PROMPT}" with ${HEADER}, said ${ANSWER}`;

const keyEcho = reply.status(401, { message: `invalid x-api-key: ${KEY}` });

const faults: readonly (readonly [string, Reply])[] = [
  ['a good answer', answer],
  ['400 that echoes key and prompt', reply.status(400, { message: `invalid: ${KEY} asked: ${PROMPT}` })],
  ['401 that echoes the key', keyEcho],
  ['401 that echoes half the key', reply.status(401, { message: `no key ${KEY.slice(0, -4)}` })],
  [
    '422 that echoes the prompt in JSON',
    reply.status(422, { body: { detail: [{ input: PROMPT, key: KEY }] } }),
  ],
  ['500 of a proxy', reply.status(500, { body: `<html>${PROMPT} ${KEY}</html>` })],
  ['429 with details', reply.status(429, { details: { error_code: KEY, note: PROMPT } })],
  ['413 in plain text', reply.status(413, { body: `${PROMPT} ${KEY}` })],
  ['an error event that echoes', reply.errorEvent({ after: 0, message: `${KEY} ${PROMPT}` })],
  ['an error event after content', reply.errorEvent({ message: `${KEY} ${PROMPT}`, answer })],
  ['a web page', reply.raw(`<html>${PROMPT} ${KEY}</html>`)],
  ['events that cannot be parsed', reply.raw(`data: {"${PROMPT} ${KEY}\n\n`)],
  ['JSON of another house', reply.raw(JSON.stringify({ prompt: PROMPT, key: KEY }))],
  ['a cut', reply.cut({ answer })],
  ['a reset', reply.cut({ how: 'reset', answer })],
  ['a stall', reply.stall({ answer })],
  ['a redirect', reply.status(307, { headers: { location: `http://127.0.0.1:1/?key=${KEY}` } })],
  ['a request id that is none', reply.status(500, { headers: { 'request-id': `${KEY}` } })],
];

describe('no log shows a key, a header, a prompt or an answer', () => {
  it.each(faults)('of %s', async (_, fault) => {
    const contexts: unknown[] = [];
    const looking: Middleware = {
      name: 'looking',
      attempt: (context, next) => {
        contexts.push(context);
        return next(context);
      },
    };
    await using it = await stand({
      claude: { headers: { 'x-own': HEADER } },
      pool: {
        middleware: [looking],
        timeouts: { idleMs: 30, firstTokenMs: 60, totalMs: 150 },
        retry: { baseDelayMs: 1 },
      },
      upstream: { respond: ({ path }) => (path === '/v1/messages' ? fault : keyEcho) },
    });
    const asked = question(PROMPT, {
      messages: [
        { role: 'system', content: `${PROMPT} (system)` },
        { role: 'user', content: [{ type: 'text', text: PROMPT }], name: 'canary-name' },
      ],
    });
    const public_: unknown[] = [];
    for (const ask of [
      () => it.pool.request(asked).then(({ runestone }) => runestone),
      () =>
        it.pool.streamRequest(asked).then(async (stream) => {
          public_.push(stream);
          await stream.completion();
          return stream.runestone;
        }),
      () =>
        it.pool
          .request(asked, { provider: 'anthropic', apiKey: `${KEY}-own` })
          .then(({ runestone }) => runestone),
      () => it.pool.checkHealth('anthropic'),
    ]) {
      public_.push(await ask().catch((error: unknown) => error));
    }
    expect(public_.length).toBeGreaterThan(3);
    expect(it.told.length).toBeGreaterThan(7);
    const { pool, told } = it;
    for (const value of [
      ...public_,
      ...told,
      ...contexts.map(keyOf),
      pool,
      pool.providers(),
      pool.stats(),
      pool.health(),
    ]) {
      expect(shown(value)).not.toMatch(/canary|geese|nobody at all/);
    }
  });

  /** Of a context only keys are a secret: a middleware is there to see the prompt. */
  function keyOf(context: unknown): unknown {
    const { request, target } = Object(context);
    return { apiKey: request.apiKey, target };
  }

  it('of what the host echoes, cut short and masked, in what a client is told', async () => {
    await using it = await stand({ upstream: { respond: () => reply.status(400, { message: echo }) } });
    const error = await failureOf(it.pool.request(question(PROMPT)));
    const { message } = Object(error).toOpenAI().error;
    expect(message).toMatch(/^anthropic: the request was refused \(400\)/);
    expect(message.length).toBeLessThan(320);
    expect(message).not.toMatch(/sk-ant|geese/);
  });

  it('of a stream that breaks, in the bytes that a client gets', async () => {
    const broken = reply.errorEvent({ message: `${KEY} ${PROMPT}`, answer: reply.text('fine') });
    await using it = await stand({ upstream: { respond: () => broken } });
    const stream = await it.pool.streamRequest(question(PROMPT));
    const body = await stream.toResponse().text();
    expect(body).toContain('"error"');
    expect(body).not.toMatch(/canary|geese/);
  });

  it('of a key function that fails with the key in its mouth', async () => {
    const apiKey = (): string => {
      throw new Error(`vault: ${KEY}`);
    };
    await using it = await stand({ claude: { apiKey } });
    for (const value of [await failureOf(it.pool.request(question(PROMPT))), ...it.told]) {
      expect(shown(value)).not.toMatch(/canary/);
    }
    expect(it.upstream.count).toBe(0);
  });

  it('of several failures together', async () => {
    await using upstream = await startUpstream({ respond: () => reply.status(500, { message: echo }) });
    const providers = ['a', 'b'].map((name) => anthropic({ name, apiKey: KEY, baseURL: upstream.url }));
    const pool = new ProviderPool({
      providers,
      models: { all: ['a/claude-haiku-4-5', 'b/claude-haiku-4-5'] },
      retry: { attemptsPerTarget: 1 },
    });
    const error = await failureOf(pool.request(question(PROMPT, { model: 'all' })));
    expect(error).toMatchObject({ code: 'failover_exhausted' });
    for (const value of [error, ...Object(error).errors]) expect(shown(value)).not.toMatch(/sk-ant|geese/);
    await pool.close();
  });
});

it('whoever holds the error can read what had arrived: it is theirs', async () => {
  await using it = await stand({ upstream: { respond: () => reply.cut({ after: 2, answer }) } });
  const error = await failureOf(it.pool.streamRequest(question()).then((stream) => stream.completion()));
  expect(Object(error).partial).toMatchObject({ content: 'canary-answer: I' });
  expect(Object.keys(Object(error))).not.toContain('partial');
});
