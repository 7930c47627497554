import { describe, expect, it } from 'vitest';
import type { FetchLike } from '../../../src/provider-kit/index.ts';
import { Redaction } from '../../../src/testing/cassette/redaction.ts';
import type { Exchange } from '../../../src/testing/cassette/tape.ts';
import { taping } from '../../../src/testing/cassette/taping.ts';
import { failureOf } from '../../contexts.ts';

const url = 'https://api.acme.example/v1/chat';

/** A recording `fetch`, what it has saved, and the means to ask it. */
function recordingOf(answer: FetchLike) {
  const saved: Exchange[] = [];
  let now = 100;
  const fetch = taping({
    fetch: answer,
    redaction: new Redaction({}),
    save: async (exchange) => void saved.push(exchange),
    nowMs: () => now++,
  });
  const controller = new AbortController();
  const ask = () =>
    fetch(url, {
      method: 'POST',
      headers: { 'x-api-key': 'sk-canary-key' },
      body: '{"a":1}',
      signal: controller.signal,
      redirect: 'manual',
    });
  return { ask, saved, controller };
}

/** A body of these pieces, and what comes after them. */
function bodyOf(pieces: readonly string[], ending: 'end' | 'break' | 'silence') {
  let n = 0;
  const seen = { pulls: 0, cancelled: undefined as unknown };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        seen.pulls++;
        const piece = pieces[n++];
        if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
        else if (ending === 'end') controller.close();
        else if (ending === 'break') controller.error(new TypeError('terminated'));
        else await new Promise(() => {});
      },
      cancel(reason) {
        seen.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

describe('what is recorded', () => {
  it('is passed on as it comes: status, headers, each read by itself, and no read ahead', async () => {
    const { body, seen } = bodyOf(['one', 'two'], 'end');
    const { ask, saved } = recordingOf(
      async () => new Response(body, { status: 201, headers: { 'x-odd': 'yes', 'request-id': 'r1' } }),
    );
    const response = await ask();
    expect([response.status, response.headers.get('x-odd'), seen.pulls]).toEqual([201, 'yes', 0]);
    const reader = response.body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect([await read(), seen.pulls, saved.length]).toEqual(['one', 1, 0]);
    expect([await read(), await read(), saved.length]).toEqual(['two', '', 1]);
    expect(saved).toEqual([
      {
        request: { method: 'POST', path: '/v1/chat', headers: {}, body: { a: 1 } },
        response: { status: 201, headers: { 'request-id': 'r1' } },
        chunks: [
          [1, 'one'],
          [2, 'two'],
        ],
        end: 'eof',
      },
    ]);
  });

  it('is an answer without a body, too', async () => {
    const { ask, saved } = recordingOf(async () => new Response(null, { status: 204 }));
    expect((await ask()).status).toBe(204);
    expect(saved).toMatchObject([{ response: { status: 204 }, chunks: [], end: 'eof' }]);
  });

  it('ends where the connection broke', async () => {
    const { ask, saved } = recordingOf(async () => new Response(bodyOf(['one'], 'break').body));
    await expect((await ask()).text()).rejects.toThrow('terminated');
    expect(saved).toMatchObject([{ chunks: [[1, 'one']], end: 'broken' }]);
  });

  it('ends where its reader left, whose cancel goes through at once', async () => {
    const { body, seen } = bodyOf(['one'], 'silence');
    const { ask, saved } = recordingOf(async () => new Response(body));
    const reader = (await ask()).body?.getReader();
    await reader?.read();
    await reader?.cancel('enough');
    expect(seen.cancelled).toBe('enough');
    expect(saved).toMatchObject([{ chunks: [[1, 'one']], end: 'left' }]);
  });

  it('is left, not broken, by a reader that aborts', async () => {
    const { body } = bodyOf(['one'], 'break');
    const { ask, saved, controller } = recordingOf(async () => new Response(body));
    const response = await ask();
    controller.abort();
    await response.text().catch(() => {});
    expect(saved).toMatchObject([{ end: 'left' }]);
  });

  it.each<[string, unknown, string]>([
    [
      'by the system',
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      'ECONNREFUSED',
    ],
    ['without a word', new TypeError('fetch failed'), 'UNKNOWN'],
    ['with no error', 'no', 'UNKNOWN'],
  ])('is a failure %s', async (_, error, failed) => {
    const { ask, saved } = recordingOf(() => Promise.reject(error));
    expect(await failureOf(ask())).toBe(error);
    expect(saved).toMatchObject([{ chunks: [], end: { failed } }]);
    expect(saved[0]).not.toHaveProperty('response');
  });

  it('is an abort before the head', async () => {
    const { ask, saved, controller } = recordingOf((_, { signal }) => Promise.reject(signal.reason));
    controller.abort(new Error('enough'));
    expect(await failureOf(ask())).toEqual(new Error('enough'));
    expect(saved).toMatchObject([{ end: { failed: 'aborted' } }]);
  });
});
