/**
 * The upstream of the bench, in a process of its own: replays prepared bytes over bare sockets, so that its work
 * disturbs nobody's numbers. One port for each shape; tells its parent which.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Shape, type ShapeName, shapes } from './shapes.ts';
import { chunkEvents, responseWrites } from './wire.ts';

const OPENAI_PATH = '/chat/completions HTTP/1.1';

/** The writes of one answer, as either format has it. */
interface Answers {
  readonly claude: readonly Buffer[];
  readonly openai: readonly Buffer[];
}

/** Answers each complete request on a connection, one after the other. */
function serve(socket: Socket, { claude, openai }: Answers, gapMicros: number): void {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const end = requestEnd(received);
    if (end === undefined) return;
    const writes = received.includes(OPENAI_PATH) ? openai : claude;
    received = received.subarray(end);
    replay(socket, writes, gapMicros);
  });
}

/** Index behind the first whole request; `undefined` while some of it is missing. */
function requestEnd(bytes: Buffer): number | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const length = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, headEnd))?.[1] ?? '0';
  const end = headEnd + 4 + Number(length);
  return bytes.length >= end ? end : undefined;
}

/** Writes the parts one by one. The pause is spun, not slept: no timer is exact to a fraction of a millisecond. */
function replay(socket: Socket, writes: readonly Buffer[], gapMicros: number): void {
  const gap = BigInt(gapMicros) * 1000n;
  let next = 0;
  let due = process.hrtime.bigint();
  const turn = (): void => {
    if (socket.destroyed) return;
    const now = process.hrtime.bigint();
    if (now >= due) {
      socket.write(writes[next++]!);
      due = now + gap;
    }
    if (next < writes.length) setImmediate(turn);
  };
  turn();
}

async function listen(shape: Shape): Promise<Server> {
  const answers = { claude: responseWrites(shape), openai: responseWrites(shape, chunkEvents()) };
  const server = createServer((socket) => serve(socket, answers, shape.gapMicros));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

const ports: Partial<Record<ShapeName, number>> = {};
for (const [name, shape] of Object.entries(shapes) as [ShapeName, Shape][]) {
  if (shape.task === 'translate') continue;
  ports[name] = ((await listen(shape)).address() as AddressInfo).port;
}
process.send?.(ports);
process.on('disconnect', () => process.exit());
