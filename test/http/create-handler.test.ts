import { describe, expect, it, vi } from 'vitest';
import { createHandler } from '../../src/http/create-handler.ts';
import type { PoolFetch } from '../../src/http/pool-fetch.ts';
import { failureOf } from '../contexts.ts';

interface Call {
  readonly tenant?: string;
}

const ok: PoolFetch<Call> = async () => new Response('ok');

/** A body that tells whether anybody took of it. */
function watchedBody() {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, pulled: () => pulled };
}

const request = (init: RequestInit & { duplex?: 'half' } = {}): Request =>
  new Request('http://localhost/v1/chat/completions', { method: 'POST', ...init });

describe('createHandler', () => {
  it('hands the request on, with call options and limits', async () => {
    const fetch = vi.fn(ok);
    const options = { authorize: () => ({ tenant: 'acme' }), bodyLimitBytes: 10, bodyTimeoutMs: 5 };
    const asked = request();
    expect(await (await createHandler({ fetch }, options)(asked)).text()).toBe('ok');
    const [input, init] = fetch.mock.calls[0] ?? [];
    expect(input).toBe(asked);
    expect(init).toMatchObject({
      runestone: { tenant: 'acme' },
      limits: { bodyLimitBytes: 10, bodyTimeoutMs: 5 },
    });
  });

  it('says nothing on behalf of whoever is just let in', async () => {
    const fetch = vi.fn(ok);
    await createHandler({ fetch })(request());
    await createHandler({ fetch }, { authorize: () => true })(request());
    expect(fetch.mock.calls.map(([, init]) => init && 'runestone' in init)).toEqual([false, false]);
  });

  it('turns strangers away before anything of their body is read (faults 5.20)', async () => {
    const fetch = vi.fn(ok);
    const { body, pulled } = watchedBody();
    const response = await createHandler(
      { fetch },
      { authorize: () => false },
    )(request({ body, duplex: 'half' }));
    expect([response.status, pulled(), fetch.mock.calls.length]).toEqual([401, 0, 0]);
  });

  it('guards the machine’s own names when nobody is asked to authorize', async () => {
    const handler = createHandler({ fetch: ok });
    const rebound = new Request('http://evil.example/v1/models');
    expect([(await handler(rebound)).status, (await handler(request())).status]).toEqual([403, 200]);
  });

  it('sends no CORS header, whatever the origin (faults 5.24)', async () => {
    const handler = createHandler({ fetch: ok }, { authorize: () => true });
    const { headers } = await handler(request({ headers: { origin: 'https://evil.example' } }));
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('never rejects: a client that left, a pool that fails', async () => {
    const controller = new AbortController();
    const gone = createHandler({
      fetch: async (input) => {
        controller.abort();
        throw input instanceof Request && input.signal.reason;
      },
    });
    const response = await gone(request({ signal: controller.signal }));
    expect(response.status).toBe(499);
    expect(await response.json()).toMatchObject({ error: { code: 'client_closed_request' } });
    const broken = createHandler({ fetch: () => Promise.reject(new TypeError('canary')) });
    const failed = await broken(request());
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain('canary');
    expect(failed.headers.get('x-request-id')).toEqual(expect.any(String));
  });

  it('refuses wrong options when it is made', async () => {
    const make = async () => createHandler({ fetch: ok }, { bodyLimitBytes: -1 });
    expect(await failureOf(make())).toMatchObject({ code: 'config_invalid' });
  });
});
