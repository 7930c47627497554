import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  maskKey,
  reply,
  type SseStyle,
  startUpstream,
  type Upstream,
} from '../../../src/testing/upstream/index.ts';
import { ask, askRaw, body, eventsIn, headers, textIn } from './ask.ts';
import { askChat, contentIn } from './openai/chat.ts';

let upstream: Upstream;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(() => upstream.close());

interface Body {
  readonly content?: readonly { readonly text: string }[];
  readonly usage?: { readonly output_tokens: number };
  readonly data?: readonly { readonly type: string }[];
}
const json = async (response: Response): Promise<Body> => (await response.json()) as Body;

describe('an upstream', () => {
  it('listens on loopback only', () => {
    expect(upstream.url).toBe(`http://127.0.0.1:${upstream.port}`);
    expect(upstream.port).toBeGreaterThan(0);
  });

  it('says the same streamed and not', async () => {
    const whole = await json(await ask(upstream));
    const streamed = await (await ask(upstream, { stream: true })).text();
    expect(textIn(streamed)).toBe(whole.content?.[0]?.text);
    expect(eventsIn(streamed).find(({ event }) => event === 'message_delta')?.data).toMatchObject({
      usage: { output_tokens: whole.usage?.output_tokens },
    });
  });

  it('plays its script, then answers by itself again', async () => {
    upstream.script(reply.status(529), reply.text('scripted'));
    const seen = [];
    for (let turn = 0; turn < 3; turn++) seen.push((await json(await ask(upstream))).content?.[0]?.text);
    expect(seen.slice(0, 2)).toEqual([undefined, 'scripted']);
    expect(seen[2]).toContain('test upstream');
  });

  it('asks a responder, which sees the request', async () => {
    upstream.respond((request, n) => reply.text(`${n}: ${JSON.stringify(request.body)}`));
    const { content } = await json(await ask(upstream, { max_tokens: 7 }));
    expect(content?.[0]?.text).toBe(`1: ${JSON.stringify(body({ max_tokens: 7 }))}`);
  });

  it('shows the mistake of a responder that throws', async () => {
    upstream.respond(() => {
      throw new Error('typo in the test');
    });
    const response = await ask(upstream);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('typo in the test');
  });

  it('serves models and token counts', async () => {
    const models = await json(await fetch(`${upstream.url}/v1/models`, { headers }));
    expect(models.data?.[0]?.type).toBe('model');
    const counted = await fetch(`${upstream.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body()),
    });
    expect(await counted.json()).toEqual({ input_tokens: 3 });
    expect(upstream.count).toBe(0);
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/v1/models', '/v1/messages/count_tokens']);
  });

  it('serves many at once, in no mixture', async () => {
    upstream.respond(({ body: asked }) => reply.text(String((asked as { max_tokens: number }).max_tokens)));
    const all = Array.from({ length: 50 }, async (_, n) =>
      (await ask(upstream, { max_tokens: n, stream: true })).text(),
    );
    expect((await Promise.all(all)).map(textIn)).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
    expect(upstream.count).toBe(50);
  });
});

describe('both wires', () => {
  it('are served at once, and their calls counted together', async () => {
    const claude = await json(await ask(upstream));
    expect(claude.content?.[0]?.text).toContain("Anthropic's");
    expect(await (await askChat(upstream)).text()).toContain("the wire is OpenAI's");
    expect(upstream.count).toBe(2);
  });

  it('say the same in their own words, from one script', async () => {
    const said = reply.tools([{ name: 'f', input: { a: 1 } }], { text: 'one two' });
    upstream.script(said, said, reply.status(429), reply.status(429));
    expect((await json(await ask(upstream))).content?.[0]?.text).toBe('one two');
    expect(contentIn(await (await askChat(upstream, { stream: true })).text())).toBe('one two');
    expect(await (await ask(upstream)).json()).toMatchObject({ error: { type: 'rate_limit_error' } });
    expect(await (await askChat(upstream)).json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });

  it('have the same faults: cut, reset, stall, pings and an error in the stream', async () => {
    const answer = reply.text('one two three');
    const streamed = async () => (await askChat(upstream, { stream: true })).text();
    upstream.script(reply.cut({ after: 2, answer }), reply.cut({ after: 2, how: 'reset', answer }));
    const cut = await streamed();
    expect(contentIn(cut)).toBe('one two');
    expect(cut).not.toContain('[DONE]');
    await expect(streamed()).rejects.toThrow();
    upstream.script(
      reply.stall({ after: 1, ms: 5, answer }),
      reply.pings({ everyMs: 2, ms: 6, answer }),
      reply.errorEvent({ after: 1, answer }),
      reply.cut({ after: 'finish', answer }),
    );
    expect(contentIn(await streamed())).toBe('one two three');
    expect((await streamed()).match(/^: keep-alive$/gm)).toHaveLength(3);
    expect(eventsIn(await streamed()).at(-1)?.data).toMatchObject({ error: { code: 'service_unavailable' } });
    expect(await streamed()).toMatch(/"finish_reason":"stop"[^\n]*\n\n$/);
  });

  it('have their own models', async () => {
    const listed = async (more: Record<string, string>) =>
      (await fetch(`${upstream.url}/v1/models`, { headers: { authorization: 'Bearer k', ...more } })).json();
    expect(await listed({})).toMatchObject({ object: 'list' });
    expect(await listed({ 'anthropic-version': '2026-10-21' })).toMatchObject({ has_more: false });
  });
});

describe('the log', () => {
  it('knows what came and how it went', async () => {
    const before = performance.now();
    const response = await ask(upstream, { stream: true });
    const text = await response.text();
    await upstream.idle();
    const [entry] = upstream.requests;
    expect(entry).toMatchObject({
      method: 'POST',
      path: '/v1/messages',
      query: '',
      key: maskKey('sk-ant-test-key'),
      body: body({ stream: true }),
      bodyBytes: JSON.stringify(body({ stream: true })).length,
      status: 200,
      bytesSent: Buffer.byteLength(text),
      closedByClient: false,
    });
    expect(entry?.arrivedMs).toBeGreaterThanOrEqual(before);
    expect(entry?.endedMs).toBeGreaterThanOrEqual(entry?.arrivedMs ?? Number.POSITIVE_INFINITY);
    expect(JSON.stringify(upstream.requests)).not.toContain('sk-ant-test-key');
  });

  it('sees a client leave in the middle, within 50 ms', async () => {
    upstream.script(reply.stall({ after: 1 }));
    const controller = new AbortController();
    const response = await ask(upstream, { stream: true }, { signal: controller.signal });
    await response.body?.getReader().read();
    expect(upstream.inFlight).toBe(1);
    controller.abort();
    const left = performance.now();
    await upstream.idle();
    expect(upstream.requests[0]).toMatchObject({ closedByClient: true });
    expect((upstream.requests[0]?.endedMs ?? Number.POSITIVE_INFINITY) - left).toBeLessThan(50);
  });

  it('sees a client leave before the head', async () => {
    upstream.script(reply.hangBeforeHeaders());
    await expect(ask(upstream, {}, { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    await upstream.idle();
    expect(upstream.requests[0]).toMatchObject({ status: undefined, bytesSent: 0, closedByClient: true });
  });

  it('counts connections, open and ever', async () => {
    await (await ask(upstream)).text();
    await (await ask(upstream)).text();
    await upstream.idle();
    expect(upstream.accepted).toBeGreaterThanOrEqual(1);
    expect(upstream.connections).toBeLessThanOrEqual(upstream.accepted);
    expect(upstream.inFlight).toBe(0);
  });

  it('is forgotten on reset, with the script and the count', async () => {
    await (await ask(upstream)).text();
    upstream.script(reply.status(500));
    upstream.respond(() => reply.status(503));
    upstream.reset();
    expect([upstream.count, upstream.requests.length]).toEqual([0, 0]);
    expect((await ask(upstream)).status).toBe(200);
  });
});

describe('faults on the wire', () => {
  it.each([
    ['reset', 'reset'],
    ['close', 'end'],
    ['eof', 'end'],
  ] as const)('an answer cut by %s', async (how, ending) => {
    upstream.script(reply.cut({ after: 2, how, answer: reply.text('one two three') }));
    const seen = await askRaw(upstream, { stream: true });
    expect(seen.text).toContain('" two"');
    expect(seen.text).not.toContain('" three"');
    expect(seen.text).not.toContain('message_stop');
    expect(seen.ending).toBe(ending);
    expect(seen.text.endsWith('0\r\n\r\n')).toBe(how === 'eof');
  });

  it('half an event', async () => {
    upstream.script(reply.cut({ after: 1, midEvent: true, answer: reply.text('one two three') }));
    const text = await (await ask(upstream, { stream: true })).text();
    expect(textIn(text)).toBe('one');
    expect(text.trimEnd()).not.toMatch(/\}$/);
  });

  it('an answer that pauses and goes on', async () => {
    upstream.script(reply.stall({ after: 1, ms: 25, answer: reply.text('one two') }));
    const began = performance.now();
    expect(textIn(await (await ask(upstream, { stream: true })).text())).toBe('one two');
    expect(performance.now() - began).toBeGreaterThanOrEqual(24);
  });

  it('pings while nothing is said', async () => {
    upstream.script(reply.pings({ everyMs: 3, ms: 15, answer: reply.text('one two') }));
    const events = eventsIn(await (await ask(upstream, { stream: true })).text());
    expect(events.filter(({ event }) => event === 'ping').length).toBe(6);
  });

  it('an error event after a 200, and its status where nothing is streamed', async () => {
    upstream.script(reply.errorEvent({ after: 0 }), reply.errorEvent({ after: 0 }));
    const streamed = await ask(upstream, { stream: true });
    expect(streamed.status).toBe(200);
    expect(eventsIn(await streamed.text()).at(-1)).toMatchObject({
      event: 'error',
      data: { error: { type: 'overloaded_error' } },
    });
    expect((await ask(upstream)).status).toBe(529);
  });

  it.each(['reset', 'close'] as const)('a drop before the head: %s', async (how) => {
    upstream.script(reply.dropBeforeHeaders(how));
    expect(await askRaw(upstream)).toMatchObject({ text: '', ending: how === 'reset' ? 'reset' : 'end' });
  });

  it('bytes of any kind, split at will', async () => {
    upstream.script(reply.raw(['event: ping\n', 'data: {}\n\n'], { split: 4, status: 203 }));
    const seen = await askRaw(upstream, { stream: true });
    expect(seen.text).toContain('HTTP/1.1 203');
    expect(seen.chunks.slice(1, 4)).toEqual(['4\r\neven\r\n', '4\r\nt: p\r\n', '4\r\ning\n\r\n']);
  });

  it('events of any kind', async () => {
    upstream.script(reply.events([{ event: 'future', data: { type: 'future' } }]));
    expect(eventsIn(await (await ask(upstream, { stream: true })).text())).toEqual([
      { event: 'future', data: { type: 'future' } },
    ]);
  });

  it('the same answer in every style and split (property)', async () => {
    const style: fc.Arbitrary<SseStyle> = fc.record({
      eol: fc.constantFrom<'\n' | '\r\n' | '\r'>('\n', '\r\n', '\r'),
      bom: fc.boolean(),
      comments: fc.boolean(),
      space: fc.boolean(),
      split: fc.oneof(fc.constantFrom<'event' | 'once'>('event', 'once'), fc.integer({ min: 40, max: 400 })),
    });
    const said = 'Grüße, 世界! 😀';
    await fc.assert(
      fc.asyncProperty(style, async (how) => {
        upstream.script(reply.text(said, { style: how }));
        expect(textIn(await (await ask(upstream, { stream: true })).text())).toBe(said);
      }),
      { numRuns: 60 },
    );
  });
});

describe('closing', () => {
  it('cuts what is running and frees the port', async () => {
    upstream.script(reply.stall({ after: 1 }));
    const response = await ask(upstream, { stream: true });
    const read = response.text();
    await Promise.all([upstream.close(), expect(read).rejects.toThrow()]);
    await expect(ask(upstream)).rejects.toThrow();
    expect(upstream.connections).toBe(0);
    expect(upstream.requests[0]?.closedByClient).toBe(false);
  });

  it('may be asked for twice, and by `await using`', async () => {
    await Promise.all([upstream.close(), upstream.close()]);
    let url: string;
    {
      await using scoped = await startUpstream();
      url = scoped.url;
    }
    await expect(fetch(url)).rejects.toThrow();
  });

  it('lets another one take its port: a host that comes back', async () => {
    const { port } = upstream;
    await upstream.close();
    upstream = await startUpstream({ port });
    expect((await ask(upstream)).status).toBe(200);
  });

  it('says so when the port is taken', async () => {
    await expect(startUpstream({ port: upstream.port })).rejects.toThrow(/EADDRINUSE/);
  });
});
