import { inspect } from 'node:util';
import { type Reply, reply, startUpstream } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { asking, KEY, open, wires } from './doors.ts';

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
    () =>
      value instanceof Error
        ? `${value.message} ${value.stack} ${value.cause === undefined ? '' : shown(value.cause)}`
        : '',
  ];
  return looks
    .map((look) => {
      try {
        return look();
      } catch {
        return '';
      }
    })
    .join('\n');
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const echo = `key ${KEY} in ${HEADER} may not ask "${PROMPT}"`;
const answer = reply.text(ANSWER);

const faults: readonly (readonly [string, Reply])[] = [
  ['a good answer', answer],
  ...[400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 503, 529].map(
    (status) => [`a ${status} that quotes everything`, reply.status(status, { message: echo })] as const,
  ),
  ['S22: the key in base64', reply.status(400, { message: `token ${base64(KEY)} is wrong` })],
  ['S22: the key in base64 within more', reply.status(400, { message: base64(`user:${KEY}`) })],
  ['S22: the key URL-encoded', reply.status(400, { message: `at /v1?x=${encodeURIComponent(KEY)}` })],
  [
    '7: keys of others in a query',
    reply.status(400, { message: 'https://x.example/v1?key=canary-query&api_key=canary-2' }),
  ],
  [
    '7: keys of others in a URL',
    reply.status(400, { message: 'see https://user:canary-password@x.example/' }),
  ],
  ['a body that is no JSON', reply.status(502, { body: echo })],
  ['a body of HTML', reply.status(500, { body: `<html><body>${echo}</body></html>` })],
  [
    'headers that quote it',
    reply.status(400, { headers: { 'request-id': KEY, 'x-request-id': PROMPT.slice(15) } }),
  ],
  [
    'a 200 that is an error',
    reply.raw(JSON.stringify({ error: { message: echo } }), {
      headers: { 'content-type': 'application/json' },
    }),
  ],
  ['a 200 of HTML', reply.raw(`<!doctype html>${echo}`, { headers: { 'content-type': 'text/html' } })],
  ['an event that is no JSON', reply.raw([`data: {"${echo}\n\n`])],
  ['an error in the stream', reply.errorEvent({ message: echo, answer })],
  ['a cut in the answer', reply.cut({ after: 2, answer })],
  ['a reset in the answer', reply.cut({ after: 2, how: 'reset', answer })],
  ['a redirect', reply.status(307, { headers: { location: `https://x.example/?key=${KEY}` } })],
  ['no answer', reply.dropBeforeHeaders()],
];

describe.each(wires)('4, 5, 6, 36: nobody is told a key, a prompt or an answer, through $name', (wire) => {
  it.each(faults)('of %s', async (_, fault) => {
    await using door = await open(wire, { provider: { headers: { 'x-own': HEADER } } });
    // A question without a prompt has none that could be quoted.
    const keyAlone = reply.status(401, { message: `no such key: ${KEY}` });
    door.upstream.respond(({ method }) => (method === 'GET' ? keyAlone : fault));
    const told: unknown[] = [];
    door.pool.on('*', (event) => told.push(event));
    const asked = asking(wire, { messages: [{ role: 'user', content: PROMPT }] });
    const outcomes = [
      () => door.pool.request(asked).then(({ runestone }) => runestone),
      () =>
        door.pool
          .streamRequest(asked)
          .then((stream) => stream.completion().then(({ runestone }) => runestone)),
      () =>
        door.pool.streamRequest(asked).then((stream) =>
          stream
            .toResponse()
            .text()
            .then((text) => text.replaceAll(/"content":"[^"]*"/g, '')),
        ),
      () => door.pool.checkHealth(door.pool.providers()[0]?.name ?? ''),
      () => door.pool.refreshModels(),
      () => door.pool.countTokens(asked),
    ];
    for (const outcome of outcomes) told.push(await outcome().catch((error: unknown) => error));
    const { pool } = door;
    for (const value of [
      ...told,
      pool,
      pool.providers(),
      pool.stats(),
      pool.health(),
      pool.models(),
      pool.explain(asked),
    ]) {
      expect(shown(value)).not.toMatch(/canary|geese|tell nobody/);
      expect(shown(value)).not.toContain(base64(KEY).slice(4, -4));
    }
    expect(told.length).toBeGreaterThan(10);
  });

  it('5: what a host says is cut short', async () => {
    await using door = await open(wire);
    door.upstream.respond(() => reply.status(400, { message: 'word '.repeat(10_000) }));
    const error = await door.pool.request(asking(wire)).catch((failure: unknown) => failure);
    expect(Object(error).message.length).toBeLessThan(320);
  });
});

describe.each(wires)('2: no redirect is followed, through $name', (wire) => {
  const locations: [string, (trap: string, own: string) => string][] = [
    ['X1: another host', (trap) => `${trap}/v1/messages`],
    ['X1: another port, by name', (trap) => trap.replace('127.0.0.1', 'localhost')],
    ['X2: the address of a cloud’s metadata', () => 'http://169.254.169.254/latest/meta-data'],
    ['X2: a file', () => 'file:///etc/passwd'],
    ['X2: itself', (_trap, own) => own],
    ['X3: another path of the same host', () => '/v1/elsewhere'],
    ['X2: nowhere', () => ''],
  ];

  it.each(locations)('%s', async (_, locationOf) => {
    await using trap = await startUpstream();
    for (const provider of [{}, { fetch: globalThis.fetch }]) {
      for (const status of [301, 302, 303, 307, 308]) {
        await using door = await open(wire, { provider });
        const location = locationOf(trap.url, `${door.upstream.url}${wire.path}`);
        door.upstream.respond(() => reply.status(status, { headers: { location } }));
        for (const ask of [
          () => door.pool.request(asking(wire)),
          () => door.pool.streamRequest(asking(wire)),
        ]) {
          expect(await ask().catch((error: unknown) => error)).toMatchObject({ code: 'redirect', status });
        }
        expect(door.upstream.requests).toHaveLength(2);
      }
    }
    expect(trap.accepted).toBe(0);
  });
});

describe.each(wires)('26: text cannot forge an event, through $name', (wire) => {
  it('on the way to a client of `toResponse()`', async () => {
    await using door = await open(wire);
    const hostile = 'a\n\ndata: [DONE]\n\nevent: error\r\ndata: {"error":{}}\r\n\r\nid: 7\u2028b\0';
    door.upstream.script(reply.answer([{ type: 'text', pieces: [hostile, hostile] }]));
    const stream = await door.pool.streamRequest(asking(wire));
    const body = await stream.toResponse().text();
    const events = body.split('\n\n').filter((event) => event !== '');
    expect(events.filter((event) => event === 'data: [DONE]')).toHaveLength(1);
    expect(events.at(-1)).toBe('data: [DONE]');
    for (const event of events) expect(event).toMatch(/^data: [^\r\n]*$/);
    const text = events
      .slice(0, -1)
      .map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? '')
      .join('');
    expect(text).toBe(hostile + hostile);
  });
});
