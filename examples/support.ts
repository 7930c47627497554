/** What lets every example run without a key. Not a part of the library. */
import { createServer } from 'node:http';
import { startUpstream } from 'runestone/testing';

/** A key and a host for `anthropic({ … })`. */
export interface Account {
  readonly apiKey: string;
  readonly baseURL?: string;
}

/** Your account when `ANTHROPIC_API_KEY` is set, else a local server that speaks Anthropic's wire. */
export async function account(): Promise<Account> {
  const apiKey = process.env['ANTHROPIC_API_KEY'];
  return apiKey ? { apiKey } : localAccount();
}

/** Always the local server: for examples that provoke failures, or would cost money for no good reason. */
export async function localAccount(): Promise<Account> {
  const upstream = await startUpstream({ background: true });
  return { apiKey: 'no-key-needed', baseURL: upstream.url };
}

/** A local model server with a wire of its own: JSON lines, in the manner of Ollama's `/api/chat`. */
export async function startLineServer(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/x-ndjson');
    for (const word of ['Small', ' models', ' answer', ' too.']) {
      response.write(`${JSON.stringify({ message: { content: word }, done: false })}\n`);
    }
    response.end(`${JSON.stringify({ done: true, prompt_eval_count: 11, eval_count: 4 })}\n`);
  });
  server.unref();
  server.on('connection', (socket) => socket.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
