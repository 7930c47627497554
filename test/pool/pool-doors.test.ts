import { ProviderPool } from 'runestone';
import { replies, scriptedProvider } from 'runestone/testing';
import { describe, expect, it } from 'vitest';
import { ask } from '../contexts.ts';

const make = () => {
  const provider = scriptedProvider('a', [replies('ok')]);
  return new ProviderPool({ providers: [provider] });
};
const asked: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(ask()),
};

describe('the doors of a pool', () => {
  it('are ready constructor options, without retries of the client’s own', () => {
    const pool = make();
    expect(pool.clientOptions()).toEqual({
      apiKey: expect.any(String),
      baseURL: 'http://pool.invalid/v1',
      fetch: pool.fetch,
      maxRetries: 0,
    });
    expect(pool.anthropicOptions()).toEqual({ ...pool.clientOptions(), baseURL: 'http://pool.invalid' });
  });

  it('carry on whose behalf a client asks', async () => {
    const pool = make();
    const tenants: unknown[] = [];
    pool.on('request.start', ({ tenant }) => tenants.push(tenant));
    for (const { fetch, baseURL } of [pool.clientOptions({ tenant: 'acme' }), pool.clientOptions()]) {
      expect((await fetch(`${baseURL}/chat/completions`, asked)).status).toBe(200);
    }
    expect(tenants).toEqual(['acme', undefined]);
  });

  it('say what is wrong with call options', async () => {
    const response = await make().fetch('/v1/chat/completions', { ...asked, runestone: { deadlineMs: -1 } });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { code: 'config_invalid' } });
  });

  it('are shut with the pool', async () => {
    const pool = make();
    await pool.close();
    expect((await pool.fetch('/v1/chat/completions', asked)).status).toBe(503);
  });
});
