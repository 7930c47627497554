import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { part } from '../../src/node/node-part.ts';

/** A connection, both ends of it. */
async function pair(): Promise<{ client: Socket; server: Socket; close: () => void }> {
  const listener = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  const client = connect({ port: Object(address).port, allowHalfOpen: true });
  const server = await accepted;
  const close = (): void => {
    client.destroy();
    server.destroy();
    listener.close();
  };
  return { client, server, close };
}

describe('part', () => {
  it('lets a peer that is still sending read the last words', async () => {
    const { client, server, close } = await pair();
    client.on('error', () => undefined);
    const heard: string[] = [];
    client.on('data', (data) => heard.push(String(data)));
    const ended = new Promise((resolve) => client.once('end', resolve));
    const flood = Buffer.alloc(8 * 1024 * 1024);
    client.write(flood);
    server.write('goodbye');
    part(server);
    await ended;
    expect(heard.join('')).toBe('goodbye');
    expect(server.bytesRead).toBeLessThan(flood.length);
    close();
  });

  it('cuts a peer that goes on after a second, and keeps no timer', async () => {
    const { client, server, close } = await pair();
    client.on('error', () => undefined);
    client.write('and then');
    const beganMs = performance.now();
    part(server);
    await new Promise((resolve) => server.once('close', resolve));
    const tookMs = performance.now() - beganMs;
    expect(tookMs).toBeGreaterThan(900);
    expect(tookMs).toBeLessThan(3_000);
    close();
  });

  it('is done at once with a peer that closes too', async () => {
    const { client, server, close } = await pair();
    client.on('data', () => undefined);
    client.once('end', () => client.end());
    server.resume();
    const beganMs = performance.now();
    part(server);
    await new Promise((resolve) => server.once('close', resolve));
    expect(performance.now() - beganMs).toBeLessThan(900);
    close();
  });
});
