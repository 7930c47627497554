import { asRunestoneError } from '../http/index.ts';
import {
  type ChatCompletion,
  type ChatStream,
  type ForeignChatRequest,
  InvalidRequestError,
  type ProviderPool,
} from '../index.ts';
import { isRecord } from '../provider-kit/index.ts';
import { type ChatRef, type ClientFrame, readFrame, writeFrame } from './socket-frame.ts';

/** The other end of a socket. */
export interface Outlet {
  send(text: string): void;
  /** Resolves once the peer has taken enough of what was sent; `undefined` when it has. */
  ready(): Promise<void> | undefined;
}

/** What is asked for on a socket, and by whom. */
export interface SocketChatsParts {
  readonly pool: Pick<ProviderPool, 'streamRequest'>;
  /** Call options of its visitor. */
  readonly call: object | undefined;
  readonly outlet: Outlet;
  /** Chats at once. */
  readonly limit: number;
}

/**
 * The chats of one socket. Every `chat:stream` has chunks and then exactly one end: `chat:done` or `chat:error`.
 *
 * A ref is free again with its end. A socket that closes takes its chats along, up to the upstream.
 */
export class SocketChats {
  readonly #parts: SocketChatsParts;
  readonly #running = new Map<ChatRef, AbortController>();
  #onIdle: (() => void) | undefined;

  constructor(parts: SocketChatsParts) {
    this.#parts = parts;
  }

  /** How many are under way. */
  get size(): number {
    return this.#running.size;
  }

  /** Takes a message of the client. */
  take(text: string): void {
    let ref: ChatRef;
    try {
      const frame = readFrame(text);
      ref = frame.ref;
      this.#follow(frame);
    } catch (error) {
      this.#fail(error, ref);
    }
  }

  /** Resolves when no chat is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
  }

  /** Ends all of them. */
  abort(): void {
    for (const chat of this.#running.values()) chat.abort();
  }

  /** @throws InvalidRequestError for what no client should ask */
  #follow({ event, ref, payload }: ClientFrame): void {
    switch (event) {
      case 'chat:stream':
        void this.#chat(this.#begin(ref), ref, payload);
        break;
      case 'chat:cancel':
        // One that has ended meanwhile is no mistake of the client.
        this.#running.get(ref)?.abort();
        break;
      case 'ping':
        this.#send('pong', payload, ref);
        break;
      default:
        throw new InvalidRequestError('no such event; there are chat:stream, chat:cancel and ping', {
          reason: 'unknown_event',
        });
    }
  }

  /** Takes a ref, or says why it cannot be had. */
  #begin(ref: ChatRef): AbortController {
    if (this.#running.has(ref)) {
      throw new InvalidRequestError('a chat of this ref is under way; give each a `ref` of its own', {
        reason: 'ref_in_use',
      });
    }
    const { limit } = this.#parts;
    if (this.#running.size >= limit) {
      throw new InvalidRequestError(`there are ${limit} chats on this socket already`, {
        reason: 'too_many_chats',
      });
    }
    const chat = new AbortController();
    this.#running.set(ref, chat);
    return chat;
  }

  /** Never rejects: what fails is told to the client. */
  async #chat({ signal }: AbortController, ref: ChatRef, payload: unknown): Promise<void> {
    const { pool, call, outlet } = this.#parts;
    try {
      const stream = await pool.streamRequest(asRequest(payload), { ...call, signal });
      for await (const chunk of stream) {
        this.#send('chat:chunk', chunk, ref);
        await outlet.ready();
      }
      const told = ending(stream, await stream.completion());
      this.#end(ref);
      this.#send('chat:done', told, ref);
    } catch (error) {
      this.#end(ref);
      this.#fail(error, ref);
    }
  }

  /** Before the last frame: whoever has read that may use the ref again. */
  #end(ref: ChatRef): void {
    this.#running.delete(ref);
    if (this.#running.size === 0) this.#onIdle?.();
  }

  /** The error object of OpenAI's API, as it stands under `error` in a response. */
  #fail(error: unknown, ref: ChatRef): void {
    this.#send('chat:error', asRunestoneError(error).toOpenAI().error, ref);
  }

  #send(event: string, payload: unknown, ref: ChatRef): void {
    this.#parts.outlet.send(writeFrame(event, payload, ref));
  }
}

/** Only an object is needed here: its fields are the pool's to check. */
function asRequest(payload: unknown): ForeignChatRequest {
  if (isRequest(payload)) return payload;
  throw new InvalidRequestError('the payload must be an object with `messages`', {
    param: 'messages',
    reason: 'missing_required_parameter',
  });
}

function isRequest(payload: unknown): payload is ForeignChatRequest {
  return isRecord(payload);
}

/** What is known at the end. A number that is not known is null. */
function ending({ runestone }: ChatStream, { usage, choices }: ChatCompletion): object {
  const { requestId, provider, model, costUsd } = runestone;
  return {
    usage: usage ?? null,
    provider,
    model,
    /** In USD. */
    cost: costUsd ?? null,
    finish_reason: choices[0]?.finish_reason ?? null,
    request_id: requestId,
  };
}
