/**
 * The host of the load goals, in a process of its own: both wires, as little work as can be, and a count of all that
 * it served. What is under `/faulty` goes wrong as its parent says, what is under `/well` never.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { labWords, noncesIn } from 'runestone/testing';
import { fateAt } from './fates.ts';
import type { HostOrder, HostReport } from './host.ts';
import { answerOn, type WholeAnswer } from './wires.ts';

let mode: HostOrder['mode'] = 'well';
let firstMs = 0;
let seen = 0;
let faults = 0;
let order: string[] = [];
/** Whole answers by nonce. */
const wholes = new Map<string, number>();

/** Time for what was written to be on its way before the connection is reset, in milliseconds. */
const FLUSH_MS = 5;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const bytes of request.setEncoding('utf8')) text += bytes;
  return text;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '';
  const body = await bodyOf(request);
  const nonce = noncesIn(body).at(-1) ?? 'nonce-none';
  order.push(nonce);
  const isFaulty = url.startsWith('/faulty') && mode !== 'well';
  const fate = !isFaulty ? 'ok' : mode === 'down' ? 'overloaded' : fateAt(seen);
  seen += 1;
  if (fate !== 'ok') faults += 1;
  if (firstMs > 0) await new Promise((resolve) => setTimeout(resolve, firstMs));
  const wire = url.endsWith('/messages') ? 'anthropic' : 'openai';
  const answer = answerOn(wire, body.includes('"stream":true'), labWords(nonce));
  const reset = (): unknown => request.socket.resetAndDestroy();
  switch (fate) {
    case 'ok':
      wholes.set(nonce, (wholes.get(nonce) ?? 0) + 1);
      return head(response, answer).end(answer.begin + answer.rest);
    case 'server_error':
      return void response.writeHead(500, { 'content-type': 'application/json' }).end(answer.error);
    case 'overloaded':
      return void response.writeHead(529, { 'content-type': 'application/json' }).end(answer.error);
    case 'html':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome back</html>');
    case 'in_band':
      return head(response, answer).end(answer.errorEvent);
    case 'reset_before_head':
      return void reset();
    case 'cut':
      return head(response, answer).end(answer.begin);
    case 'reset':
      head(response, answer).write(answer.begin);
      return void setTimeout(reset, FLUSH_MS);
  }
}

function head(
  response: ServerResponse,
  { type }: WholeAnswer,
): { end(text: string): void; write(text: string): void } {
  response.writeHead(200, { 'content-type': type });
  return { end: (text) => void response.end(text), write: (text) => void response.write(text) };
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.send?.({ port: address.port });
});

process.on('message', (next: HostOrder) => {
  ({ mode, firstMs = 0 } = next);
  const twice = [...wholes].filter(([, count]) => count > 1).map(([nonce]) => nonce);
  const report: HostReport = { seen, faults, whole: wholes.size, twice, order };
  process.send?.(report);
  seen = 0;
  faults = 0;
  order = [];
  wholes.clear();
});
process.on('disconnect', () => process.exit());
