import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
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
