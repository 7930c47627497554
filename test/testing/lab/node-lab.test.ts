import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, labWords, maskKey, startLab } from '../../../src/testing/index.ts';
import { reply } from '../../../src/testing/upstream/index.ts';
import { askLab } from './ask-lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

const statuses = async (fault: string, times: number): Promise<(number | undefined)[]> => {
  const seen = [];
  for (let time = 0; time < times; time++) seen.push((await askLab(lab, fault)).status);
  return seen;
};

describe('a lab', () => {
  it('listens on loopback only', () => {
    expect(lab.url).toBe(`http://127.0.0.1:${lab.port}`);
    expect(lab.baseURL('ok', 'anthropic')).toBe(`${lab.url}/lab/ok`);
    expect(lab.baseURL('stall;ms=5', 'openai')).toBe(`${lab.url}/lab/stall%3Bms%3D5/v1`);
  });

  it.each(['anthropic', 'openai'] as const)(
    'selects by path and by header on the wire of %s',
    async (wire) => {
      expect((await askLab(lab, 'status-529', { wire })).status).toBe(529);
      expect((await askLab(lab, 'status-529', { wire, header: true })).status).toBe(529);
    },
  );

  it('lets the header go before the path', async () => {
    const response = await fetch(`${lab.baseURL('status-500', 'openai')}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'x-lab-fault': 'status-502' },
      body: '{}',
    });
    expect(response.status).toBe(502);
  });

  it('answers like any upstream where nothing is selected', async () => {
    const response = await fetch(`${lab.url}/v1/models`, { headers: { authorization: 'Bearer k' } });
    expect(await response.json()).toMatchObject({ object: 'list' });
    const behind = await fetch(`${lab.baseURL('reset-on-request', 'openai')}/models`, {
      headers: { authorization: 'Bearer k' },
    }).catch(() => undefined);
    expect(behind).toBeUndefined();
  });

  it('gives every answer the nonce of its question', async () => {
    const nonces = Array.from({ length: 30 }, (_, at) => `nonce-${at}x`);
    const bodies = await Promise.all(
      nonces.map(async (nonce) => (await askLab(lab, 'ok', { nonce, stream: false, waitMs: 5_000 })).body),
    );
    for (const [at, nonce] of nonces.entries()) expect(bodies[at]).toContain(`"${labWords(nonce).join('')}"`);
  });

  it('counts pieces and time by parameter', async () => {
    const { body, tookMs } = await askLab(lab, 'ok;n=3;ttft=20;gap=10', { stream: false });
    expect(body).toContain('"nonce-x1.0 nonce-x1.1 nonce-x1.2"');
    expect(tookMs).toBeGreaterThan(38);
  });

  it('says so when a fault has no name here', async () => {
    const { status, body } = await askLab(lab, 'constructor');
    expect(status).toBe(500);
    expect(body).toContain('no fault is named \\"constructor\\"');
  });

  it('lets a reply of one’s own go first', async () => {
    await using own = await startLab({ respond: (_, n) => (n === 1 ? reply.status(418) : undefined) });
    expect((await askLab(own, 'status-500')).status).toBe(418);
    expect((await askLab(own, 'status-500')).status).toBe(500);
  });
});

describe('a sequence', () => {
  it('goes on with each request, and stays at its end', async () => {
    expect(await statuses('seq;s=status-500|status-529|ok', 4)).toEqual([500, 529, 200, 200]);
  });

  it('counts requests that are not read too', async () => {
    expect(await statuses('seq;s=reset-on-request|no-read|ok', 3)).toEqual([undefined, undefined, 200]);
  });

  it('is its own by every name it has', async () => {
    expect(await statuses('seq;id=1;s=status-500|ok', 2)).toEqual([500, 200]);
    expect(await statuses('seq;id=2;s=status-500|ok', 1)).toEqual([500]);
  });

  it('begins anew after a reset', async () => {
    await statuses('seq;s=status-500|ok', 2);
    lab.reset();
    expect(lab.requests).toEqual([]);
    expect(await statuses('seq;s=status-500|ok', 1)).toEqual([500]);
  });
});

describe('what it saw', () => {
  it('is told by selector, without keys', async () => {
    await askLab(lab, 'ok');
    await askLab(lab, 'stall', { waitMs: 20 });
    await askLab(lab, 'ok', { header: true });
    await lab.idle();
    expect(lab.asked('ok')).toHaveLength(2);
    expect(lab.asked('ok')[0]).toMatchObject({
      path: '/v1/messages',
      prefix: '/lab/ok',
      key: maskKey('sk-secret-key'),
      closedByClient: false,
    });
    expect(lab.asked('stall')[0]).toMatchObject({ closedByClient: true, status: 200 });
    expect(JSON.stringify(lab.requests)).not.toContain('sk-secret-key');
    expect(lab.inFlight).toBe(0);
  });

  it.each([
    'redirect-other-host',
    'redirect-other-port',
    'redirect-302',
    'redirect-same',
    'redirect-metadata',
  ])('has a leak where a client follows %s', async (fault) => {
    const url = `${lab.baseURL(fault, 'openai')}/chat/completions`;
    const options = { method: 'POST', headers: { authorization: 'Bearer k' }, body: '{}' } as const;
    await fetch(url, { ...options, redirect: 'manual' });
    expect(lab.leaks).toEqual([]);
    await fetch(url, options);
    expect(lab.leaks).toHaveLength(1);
    expect(lab.leaks[0]?.host).toMatch(/^(?:localhost|127\.0\.0\.1):\d+$/);
  });

  it('ends with it: both ports are free', async () => {
    const { url } = lab;
    await lab.close();
    await expect(fetch(url)).rejects.toThrow();
    await lab.close();
  });
});
