import { describe, expect, it, vi } from 'vitest';
import { LimitExceededError } from '../../src/errors/index.ts';
import { type DoorOptions, doorkeeper, type Permission, type Visitor } from '../../src/http/doorkeeper.ts';

const visitor = (host = 'localhost:4003', more: Record<string, string> = {}): Visitor => ({
  method: 'POST',
  url: `http://${host}/v1/chat/completions`,
  headers: new Headers({ host, ...more }),
});

async function statusOf(options: DoorOptions<object>, who: Visitor = visitor()): Promise<number | 'in'> {
  return (await doorkeeper(options)(who)).refusal?.status ?? 'in';
}

describe('doorkeeper', () => {
  it.each<readonly [Permission<object>, number | 'in']>([
    [true, 'in'],
    [{}, 'in'],
    [{ tenant: 'acme' }, 'in'],
    [false, 401],
    [null, 401],
    [undefined, 401],
  ])('%o is %s, at once or later', async (permission, status) => {
    expect(await statusOf({ authorize: () => permission })).toBe(status);
    expect(await statusOf({ authorize: async () => permission })).toBe(status);
  });

  it('hands on on whose behalf', async () => {
    const call = { tenant: 'acme' };
    expect(await doorkeeper({ authorize: () => call })(visitor())).toEqual({ call });
    expect(await doorkeeper<object>({ authorize: () => true })(visitor())).toEqual({ call: undefined });
  });

  it('turns a stranger away with the body of the brief, and tells nothing (faults 5.19)', async () => {
    const who = visitor('localhost', { authorization: 'Bearer sk-canary' });
    const { refusal } = await doorkeeper({ authorize: () => false })(who);
    expect(await refusal?.text()).toBe(
      '{"error":{"type":"invalid_request_error","message":"Invalid API key","code":"invalid_api_key"}}',
    );
    expect(Object.fromEntries(refusal?.headers ?? [])).toEqual({
      'content-type': 'application/json',
      'www-authenticate': 'Bearer',
      'x-request-id': expect.any(String),
      'x-should-retry': 'false',
    });
  });

  it('is closed when `authorize` fails, and keeps to itself why (faults 5.32)', async () => {
    const throws = (error: unknown) => ({
      authorize: () => {
        throw error;
      },
    });
    const { refusal } = await doorkeeper(throws(new Error('redis://user:canary@host')))(visitor());
    expect(refusal?.status).toBe(500);
    expect(await refusal?.text()).not.toContain('canary');
    const later = { authorize: () => Promise.reject(new Error('gone')) };
    expect(await statusOf(later)).toBe(500);
    const full = new LimitExceededError('too many', { scope: 'tenant', retryAfterMs: 5_000 });
    expect((await doorkeeper(throws(full))(visitor())).refusal?.headers.get('retry-after')).toBe('5');
    expect(await statusOf(throws(full))).toBe(429);
  });

  describe('hosts (faults 5.24)', () => {
    it.each(['localhost', 'localhost:4003', 'LOCALHOST', '127.0.0.1:80', '[::1]', '[::1]:4003'])(
      'without `authorize`, %s is this machine',
      async (host) => {
        expect(await statusOf({}, visitor(host))).toBe('in');
      },
    );

    it.each([
      'evil.example',
      'evil.example:4003',
      'localhost.evil.example',
      'evil-localhost',
      '127.0.0.1.nip.io',
      '192.168.0.1',
      '0.0.0.0',
      'localhost@evil.example',
      '127.0.0.2',
    ])('without `authorize`, %s is not', async (host) => {
      const headers = new Headers({ host });
      const { refusal } = await doorkeeper({})({ method: 'GET', url: 'http://localhost/', headers });
      expect(refusal?.status).toBe(403);
      expect(await refusal?.json()).toMatchObject({ error: { code: 'host_not_allowed' } });
    });

    it('looks at the URL where there is no header', async () => {
      const bare = (url: string): Visitor => ({ method: 'GET', url, headers: new Headers() });
      expect(await statusOf({}, bare('http://127.0.0.1:4003/health'))).toBe('in');
      expect(await statusOf({}, bare('http://[::1]:4003/health'))).toBe('in');
      expect(await statusOf({}, bare('http://evil.example/health'))).toBe(403);
    });

    it('with `authorize`, any name will do, unless some are given', async () => {
      const authorize = () => true;
      expect(await statusOf({ authorize }, visitor('api.example'))).toBe('in');
      expect(await statusOf({ authorize, hosts: ['api.example'] }, visitor('api.example:443'))).toBe('in');
      expect(await statusOf({ authorize, hosts: ['api.example'] }, visitor('evil.example'))).toBe(403);
    });

    it('does not ask `authorize` under a wrong name', async () => {
      const authorize = vi.fn(() => true);
      await statusOf({ authorize, hosts: ['api.example'] }, visitor('evil.example'));
      expect(authorize).not.toHaveBeenCalled();
    });

    it('can be left open: `any`', async () => {
      expect(await statusOf({ hosts: 'any' }, visitor('evil.example'))).toBe('in');
    });
  });
});
