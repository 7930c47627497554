import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SpecialPorts, startSpecialPorts } from '../../../src/testing/index.ts';

let ports: SpecialPorts;
beforeEach(async () => {
  ports = await startSpecialPorts();
});
afterEach(() => ports.close());

/** What becomes of a connection on which a few bytes are sent. */
function visit(url: string): Promise<{ how: string; said: string }> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('hello'));
    const done = (how: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ how, said });
    };
    const timer = setTimeout(done, 100, 'open');
    socket.on('data', (data) => {
      said += data;
    });
    socket.on('end', () => done('end'));
    socket.on('error', (error) => done(('code' in error && String(error.code)) || 'error'));
  });
}

describe('a special port', () => {
  it('T3: refuses', async () => {
    expect((await visit(ports.refused)).how).toBe('ECONNREFUSED');
  });

  it('T5: resets', async () => {
    expect((await visit(ports.acceptReset)).how).toMatch(/^(?:ECONNRESET|EPIPE)$/);
    expect(ports.accepted(ports.acceptReset)).toBe(1);
  });

  it('T6: closes', async () => {
    expect((await visit(ports.acceptClose)).how).toMatch(/^(?:end|ECONNRESET|EPIPE)$/);
  });

  it('T7: says nothing', async () => {
    expect(await visit(ports.acceptHang)).toEqual({ how: 'open', said: '' });
  });

  it('T8: speaks HTTP where TLS is expected', async () => {
    expect(ports.plainForTls).toMatch(/^https:/);
    expect((await visit(ports.plainForTls)).said).toMatch(/^HTTP\/1\.1 400/);
  });

  it('is closed with the others, connections included', async () => {
    const hanging = visit(ports.acceptHang);
    await expect.poll(() => ports.connections).toBe(1);
    await ports.close();
    expect((await hanging).how).not.toBe('open');
    expect((await visit(ports.acceptHang)).how).toBe('ECONNREFUSED');
  });
});
