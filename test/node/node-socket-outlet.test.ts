import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SocketOutlet } from '../../src/node/node-socket-outlet.ts';
import { opened } from './servers.ts';
import { client, rawSocket } from './sockets.ts';

afterEach(() => vi.restoreAllMocks());

/** A server that gives the outlet of each socket to the test. */
async function outlets(stallMs = 30_000) {
  const peers: { outlet: SocketOutlet; peer: WebSocket; writes: () => number }[] = [];
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer();
  server.on('upgrade', (message, socket, head) =>
    sockets.handleUpgrade(message, socket, head, (peer) => {
      const wire = message.socket as unknown as Record<'_write' | '_writev', () => void>;
      const spies = [vi.spyOn(wire, '_write'), vi.spyOn(wire, '_writev')];
      peer.on('error', () => undefined);
      const writes = (): number => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      peers.push({ outlet: new SocketOutlet(peer, message.socket, stallMs), peer, writes });
    }),
  );
  const it = await opened(server);
  const dispose = async (): Promise<void> => {
    for (const { peer } of peers) peer.terminate();
    await it[Symbol.asyncDispose]();
  };
  return { ...it, peers, [Symbol.asyncDispose]: dispose };
}

/** Sends until the reader's side is full, kernel and all, and tells of the wait for it. */
async function filled(outlet: SocketOutlet): Promise<{ readonly waiting: Promise<void> }> {
  for (;;) {
    const waiting = outlet.ready();
    const pause = new Promise((resolve) => setTimeout(resolve, 20, 'full'));
    if (waiting && (await Promise.race([waiting, pause])) === 'full') return { waiting };
    outlet.send(megabyte);
  }
}

const megabyte = JSON.stringify({ event: 'x', payload: 'x'.repeat(1024 * 1024) });

describe('SocketOutlet', () => {
  it('sends what is said in one turn in one write, in order', async () => {
    await using it = await outlets();
    await using one = await client(it.url);
    const { outlet, writes } = it.peers[0]!;
    for (let n = 0; n < 50; n++) outlet.send(JSON.stringify({ event: 'n', payload: n }));
    // Promises that settle belong to the same turn.
    await Promise.resolve();
    outlet.send(JSON.stringify({ event: 'n', payload: 50 }));
    await one.frame(({ payload }) => payload === 50);
    expect(one.heard.map(({ payload }) => payload)).toEqual(Array.from({ length: 51 }, (_, n) => n));
    expect(writes()).toBe(1);
    outlet.send(JSON.stringify({ event: 'n', payload: 51 }));
    await one.frame(({ payload }) => payload === 51);
    expect(writes()).toBe(2);
  });

  it('is ready for a reader that reads', async () => {
    await using it = await outlets();
    await using one = await client(it.url);
    const { outlet } = it.peers[0]!;
    expect(outlet.ready()).toBeUndefined();
    outlet.send('{"event":"small"}');
    expect(outlet.ready()).toBeUndefined();
    await one.frame(({ event }) => event === 'small');
  });

  it('is ready again once the reader has read, and waits once for all', async () => {
    await using it = await outlets();
    const socket = await rawSocket(it.port);
    const { outlet } = it.peers[0]!;
    const { waiting } = await filled(outlet);
    expect(outlet.ready()).toBe(waiting);
    socket.resume();
    await waiting;
    expect(outlet.ready()).toBeUndefined();
    socket.destroy();
  });

  it('cuts a reader off that takes nothing for too long (faults 5.27)', async () => {
    await using it = await outlets(60);
    const socket = await rawSocket(it.port);
    const { outlet, peer } = it.peers[0]!;
    const { waiting } = await filled(outlet);
    await waiting;
    expect(peer.readyState).toBeGreaterThanOrEqual(peer.CLOSING);
    socket.destroy();
  });

  it('says nothing to a peer that is gone, and waits for none', async () => {
    await using it = await outlets();
    const one = await client(it.url);
    const { outlet, peer } = it.peers[0]!;
    const closed = new Promise((resolve) => peer.once('close', resolve));
    one.socket.terminate();
    await closed;
    expect(() => outlet.send('{"event":"late"}')).not.toThrow();
    await outlet.ready();
  });
});
