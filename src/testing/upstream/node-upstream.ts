import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AnthropicApi } from './anthropic/api.ts';
import type { ApiOptions } from './api-request.ts';
import type { Gate } from './arrival.ts';
import type { BilledTokens } from './billed-tokens.ts';
import { play } from './node-player.ts';
import { readRequest } from './node-read-request.ts';
import { OpenAIApi } from './openai/openai-api.ts';
import type { Reply } from './reply.ts';
import { keyIn, type LoggedRequest } from './request-log.ts';
import { type Responder, Script } from './script.ts';
import type { Step } from './step.ts';
import type { Upstream } from './upstream.ts';
import { wireOf } from './wire-of.ts';

/** How an upstream starts. */
export interface UpstreamOptions extends ApiOptions {
  /** @default 0: a free one */
  readonly port?: number;
  /** True does not keep the process alive: an upstream for scripts that nobody closes. @default false */
  readonly background?: boolean;
  /** Same as calling `respond` at once. */
  readonly respond?: Responder;
  /** Looks at every request before its body is read. */
  readonly gate?: Gate;
}

/**
 * Starts an upstream on 127.0.0.1, and nowhere else. It keeps the process alive until it is closed, unless it
 * runs in the background.
 *
 * It speaks Anthropic's wire and OpenAI's, each on its own paths. Without a word it answers every valid request by
 * itself, streamed or not, tools, thinking and schemas included; `script` and `respond` make it answer what a test
 * needs, in the words of whichever wire is asked.
 *
 * @example
 * await using upstream = await startUpstream();
 * upstream.script(reply.status(529), reply.text('Better now.'));
 * const claude = anthropic({ apiKey: 'test', baseURL: upstream.url });
 * const gpt = openai({ apiKey: 'test', baseURL: `${upstream.url}/v1` });
 */
export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const upstream = new NodeUpstream(options);
  await upstream.listen(options.port ?? 0);
  return upstream;
}

/** `node:http` in front, the APIs behind, the script between them. */
class NodeUpstream implements Upstream {
  accepted = 0;
  inFlight = 0;
  port = 0;
  readonly #apis: { readonly anthropic: AnthropicApi; readonly openai: OpenAIApi };
  readonly #script = new Script();
  readonly #server: Server;
  /** Open connections, and how many requests each has brought. */
  readonly #sockets = new Map<Socket, number>();
  readonly #gate: Gate | undefined;
  readonly #idlers: (() => void)[] = [];
  #log: LoggedRequest[] = [];
  readonly #background: boolean;
  #closing: Promise<void> | undefined;

  constructor(options: UpstreamOptions) {
    this.#background = options.background ?? false;
    this.#apis = { anthropic: new AnthropicApi(options), openai: new OpenAIApi(options) };
    this.#script.respond(options.respond);
    this.#gate = options.gate;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => this.#keep(socket));
    if (this.#background) this.#server.unref();
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#log;
  }

  get count(): number {
    return this.#script.modelCalls;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  script(...replies: readonly Reply[]): void {
    this.#script.add(replies);
  }

  respond(responder: Responder | undefined): void {
    this.#script.respond(responder);
  }

  reset(): void {
    this.#script.clear();
    this.#log = [];
  }

  idle(): Promise<void> {
    if (this.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  /** Rejects with the system's own error when the port is taken. */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        if (typeof address === 'object' && address) this.port = address.port;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets.keys()) socket.destroy();
    });
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Keeps count of a connection, so that closing can cut it: `server.close` alone would wait for idle ones. */
  #keep(socket: Socket): void {
    this.accepted++;
    this.#sockets.set(socket, 0);
    if (this.#background) socket.unref();
    socket.once('close', () => this.#sockets.delete(socket));
    // A client may reset at any moment; that is its right, not an error of ours.
    socket.on('error', () => socket.destroy());
  }

  /** One request from arrival to the end of its response. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.inFlight++;
    try {
      const { socket } = request;
      const nthOfConnection = (this.#sockets.get(socket) ?? 0) + 1;
      if (this.#sockets.has(socket)) this.#sockets.set(socket, nthOfConnection);
      const gate = this.#gate;
      const { entry, headers, admission } = await readRequest(request, performance.now(), {
        gate,
        nthOfConnection,
      });
      this.#log.push(entry);
      const steps = admission?.steps ?? (await this.#answer(entry, headers));
      await play(steps, response, entry, () => this.#closing !== undefined);
    } catch (error) {
      // The client left during its upload, or a reply cannot be written: no words left but the cut.
      response.destroy(error instanceof Error ? error : undefined);
    } finally {
      this.inFlight--;
      if (this.inFlight === 0) for (const resolve of this.#idlers.splice(0)) resolve();
    }
  }

  /** What the API that is asked makes of the reply that is wanted. */
  async #answer(
    entry: LoggedRequest & { billed: BilledTokens | undefined },
    headers: LoggedRequest['headers'],
  ): Promise<readonly Step[]> {
    const reply = await this.#next(entry);
    const api = this.#apis[wireOf(entry.path, headers)];
    const bill = (tokens: BilledTokens): void => {
      entry.billed = tokens;
    };
    return api.answer({ ...entry, headers, key: keyIn(headers), bill }, reply);
  }

  /** A responder that throws is a mistake in a test: it shows as a 500 that says so. */
  async #next(entry: LoggedRequest): Promise<Reply | undefined> {
    try {
      return await this.#script.next(entry);
    } catch (error) {
      return { kind: 'status', status: 500, message: `the upstream's responder threw: ${String(error)}` };
    }
  }
}
