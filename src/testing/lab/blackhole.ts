import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port on which no connection comes about (T4): the host's queue is full and nobody empties it. */
export interface Blackhole extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens with the shortest queue there is, then never turns its event loop again. */
const listener = `
  const { workerData, parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(workerData, 0, 0));
  });`;

/** How long a connection may take before the queue counts as full, in milliseconds. */
const FULL_AFTER_MS = 100;

/** Opens a port that swallows connections. Takes a thread of its own until it is closed. */
export async function startBlackhole(): Promise<Blackhole> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(listener, { eval: true, workerData: gate });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const fillers: Socket[] = [];
  // Fill the queue: the first connection that does not come about says that it is full.
  for (let room = true; room; ) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => {});
    fillers.push(filler);
    room = await connects(filler);
  }
  const close = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    await worker.terminate();
  };
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}

function connects(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FULL_AFTER_MS, false);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
