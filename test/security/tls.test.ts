import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import { ProviderPool } from 'runestone';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contexts.ts';
import { answer, closeLoopbacks, startLoopback } from '../provider-kit/loopback.ts';
import { asking, KEY, wires } from './doors.ts';

const key = readFileSync('test/fixtures/tls/localhost-key.pem');
const cert = readFileSync('test/fixtures/tls/localhost-cert.pem');

afterEach(closeLoopbacks);

describe.each(wires)('13, T8: TLS, through $name', (wire) => {
  it.each<[string, TlsOptions | undefined]>([
    ['a certificate that nobody vouches for', { key, cert }],
    ['TLS 1.1', { key, cert, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['no TLS at all', undefined],
  ])('with %s carries no key', async (_, tls) => {
    // Somebody who takes a greeting of TLS for a request.
    const plain = tls
      ? undefined
      : (socket: Socket) => void socket.once('data', () => socket.end(answer('{}', '400 Bad')));
    const server = await startLoopback({
      ...(tls && { tls }),
      ...(plain && { accept: plain }),
      serve: (socket) => socket.end(answer('{}')),
    });
    const url = server.url.replace(/^http:/, 'https:');
    const pool = new ProviderPool({ providers: [wire.make(url)], retry: { baseDelayMs: 1 } });
    const error = await failureOf(pool.request(asking(wire)));
    expect(error).toMatchObject({ code: 'connection', message: expect.stringContaining('TLS failed') });
    // Not repeated: no further try cures a certificate.
    expect(error).toMatchObject({ attempts: [{ code: 'connection' }] });
    expect(server.requests).toEqual([]);
    expect(String(error) + JSON.stringify(error)).not.toContain(KEY);
    await pool.close();
  });
});

/** Asks hosts over TLS in a process that takes certificates for authorities: that is settled as Node starts. */
async function askTrusting(file: string, urls: readonly string[]): Promise<string[]> {
  const entry = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
  const script = `
    const { ProviderPool } = await import(${entry('index.ts')});
    const { anthropic } = await import(${entry('providers/anthropic/index.ts')});
    const { openai } = await import(${entry('providers/openai-compatible/index.ts')});
    const messages = [{ role: 'user', content: 'Hi' }];
    for (const [make, model] of [[anthropic, 'claude-haiku-4-5'], [openai, 'gpt-4.1-mini']])
      for (const baseURL of ${JSON.stringify(urls)}) {
        const pool = new ProviderPool({ providers: [make({ apiKey: 'key-of-the-child', baseURL })], retry: false });
        const said = await pool.request({ model, messages }).then(() => 'an answer', ({ code, message }) => code + ' ' + message);
        console.log(said);
        await pool.close();
      }`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
  );
  return stdout.trim().split('\n');
}

it('13, T8: of certificates that somebody vouches for only that of this name and time gets a key', async () => {
  const files = ['other-host', 'expired', 'localhost'].map((name) => `test/fixtures/tls/${name}-cert.pem`);
  const serve = (socket: Socket): unknown => socket.end(answer('{}', '400 Bad'));
  const hosts = await Promise.all(
    files.map((file) => startLoopback({ tls: { key, cert: readFileSync(file) }, serve })),
  );
  const folder = mkdtempSync(join(tmpdir(), 'authorities-'));
  const authorities = join(folder, 'all.pem');
  writeFileSync(authorities, files.map((file) => readFileSync(file, 'utf8')).join(''));
  const said = await askTrusting(
    authorities,
    hosts.map(({ url }) => url),
  );
  rmSync(folder, { recursive: true });
  const due = [/ERR_TLS_CERT_ALTNAME_INVALID/, /CERT_HAS_EXPIRED/, /^invalid_request/];
  expect(said).toEqual([...due, ...due].map((each) => expect.stringMatching(each)));
  expect(hosts.map(({ requests }) => requests.length)).toEqual([0, 0, 2]);
});
