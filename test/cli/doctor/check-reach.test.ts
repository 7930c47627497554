import { ProviderPool } from 'runestone';
import { reply, startBlackhole, startSpecialPorts, startUpstream } from 'runestone/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkReach, reachFinding } from '../../../src/cli/doctor/check-reach.ts';

const down = (code: string, message: string) =>
  reachFinding('acme', { status: 'down', latencyMs: 1, code, message });

describe('what a health check means', () => {
  it.each([
    ['connection', 'acme: host name not found (ENOTFOUND)', 'DNS'],
    ['connection', 'acme: connection reset (EAI_AGAIN)', 'DNS'],
    ['connection', 'acme: TLS failed (CERT_HAS_EXPIRED)', 'TLS'],
    ['connection', 'acme: TLS failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)', 'TLS'],
    ['connection', 'acme: TLS failed (EPROTO)', 'TLS'],
    ['connection', 'acme: connection refused (ECONNREFUSED)', 'connection'],
    ['connection', 'acme: connection reset (ECONNRESET)', 'connection'],
    ['timeout', 'acme: no connection within 10000 ms', 'timeout'],
    ['timeout', 'acme: no answer within 10000 ms', 'timeout'],
    ['authentication', 'acme: invalid x-api-key', 'auth'],
    ['permission', 'acme: not yours', 'auth'],
    ['quota_exhausted', 'acme: no credit', 'quota'],
    ['rate_limited', 'acme: slow down', 'limit'],
    ['bad_response', 'acme: a web page', 'answer'],
    ['overloaded', 'acme: overloaded', 'host'],
  ])('%s, %s: %s', (code, message, kind) => {
    const finding = down(code, message);
    expect(finding).toMatchObject({ check: 'reach acme', state: 'failed', message: `${kind}: ${message}` });
    expect(finding.remedy).toMatch(/\w/);
  });

  it('tells those apart that need something else', () => {
    const remedies = [
      down('connection', 'TLS failed (CERT_NOT_YET_VALID)'),
      down('connection', 'TLS failed (SELF_SIGNED_CERT_IN_CHAIN)'),
      down('timeout', 'no connection within 5 ms'),
      down('timeout', 'no answer within 5 ms'),
    ].map(({ remedy = '' }) => remedy);
    expect(new Set(remedies).size).toBe(4);
    expect(remedies[0]).toContain('clock');
    expect(remedies[1]).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('says what is well, and what has no check', () => {
    expect(reachFinding('acme', { status: 'healthy', latencyMs: 12.4 })).toMatchObject({
      state: 'ok',
      message: 'answers, and takes the key, in 12 ms',
    });
    expect(reachFinding('acme', { status: 'unknown' }).state).toBe('skipped');
  });
});

describe('on real sockets', () => {
  let special: Awaited<ReturnType<typeof startSpecialPorts>>;
  let hole: Awaited<ReturnType<typeof startBlackhole>>;
  let upstream: Awaited<ReturnType<typeof startUpstream>>;

  beforeAll(async () => {
    [special, hole, upstream] = await Promise.all([
      startSpecialPorts(),
      startBlackhole(),
      startUpstream({ respond: () => reply.status(401) }),
    ]);
  });
  afterAll(() => Promise.all([special.close(), hole.close(), upstream.close()]));

  it('each way of not being reached has its name', async () => {
    const addresses = {
      groq: special.refused,
      mistral: special.plainForTls,
      xai: hole.url,
      together: special.acceptReset,
      deepseek: upstream.url,
      cerebras: 'https://no-such-host.invalid',
    };
    const providers = Object.fromEntries(
      Object.entries(addresses).map(([name, baseURL]) => [name, { baseURL, apiKeyEnv: 'KEY' }]),
    );
    await using pool = ProviderPool.fromEnv({
      providers,
      env: { KEY: 'sk-secret' },
      timeouts: { connectMs: 300 },
    });
    const findings = await checkReach(pool);
    const kinds = Object.fromEntries(
      findings.map(({ check, message }) => [check.replace('reach ', ''), message.split(':')[0]]),
    );
    expect(kinds).toEqual({
      groq: 'connection',
      mistral: 'TLS',
      xai: 'timeout',
      together: 'connection',
      deepseek: 'auth',
      cerebras: 'DNS',
    });
    expect(JSON.stringify(findings)).not.toContain('sk-secret');
  });
});
