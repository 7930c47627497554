import type { Dispatcher } from 'undici';
import { ProviderError } from '../errors/index.ts';
import { connectTimeout, transportError } from './transport-error.ts';
import { RecordHeaders, type WireHeaders, type WireRequest, type WireResponse } from './wire.ts';

/** Unread bytes at which the socket is no longer read: the sender then feels the consumer's pace. */
const HIGH_WATER_BYTES = 64 * 1024;

/** How long an unwanted body may take to end by itself before its connection is cut, in milliseconds. */
const FINISH_GRACE_MS = 100;

const NOW = Promise.resolve();

interface Reader {
  readonly resolve: (chunks: readonly Uint8Array[] | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** A kept connection that died before a byte of this answer: the host had closed it and never saw the request. */
export class StaleConnection extends ProviderError {
  constructor(provider: string) {
    super({ provider, code: 'connection', message: 'the kept connection had been closed' });
  }
}

/**
 * One request and its response, as undici's dispatch handler: the cheapest road undici has.
 *
 * Bytes are queued as they come and handed over together, so that a layer above works once for each network
 * read, however many events it holds.
 */
export class Exchange implements Dispatcher.DispatchHandler, WireResponse {
  status = 0;
  headers: WireHeaders = new RecordHeaders({});
  /** Settles when the head is in, or when it will never be. */
  readonly head: Promise<WireResponse>;

  readonly #provider: string;
  readonly #signal: AbortSignal;
  readonly #onSend: (() => void) | undefined;
  readonly #onOver: (() => void) | undefined;
  #settleHead: { resolve: (response: WireResponse) => void; reject: (error: unknown) => void } | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** Until the request goes out the connect timer, after `finish` its grace. */
  #timer: NodeJS.Timeout | undefined;
  #answered = false;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #paused = false;
  /** Whoever waits for bytes, and whether it will be told in a moment. */
  #reader: Reader | undefined;
  #roused = false;
  #ended = false;
  #failure: unknown;
  #unwanted = false;

  /** @param onOver - told when the connection is free again, or gone; not while the request is to be repeated */
  constructor(provider: string, request: WireRequest, onOver?: () => void) {
    this.#provider = provider;
    this.#signal = request.signal;
    this.#onSend = request.onSend;
    this.#onOver = onOver;
    this.head = new Promise((resolve, reject) => {
      this.#settleHead = { resolve, reject };
    });
    this.#signal.addEventListener('abort', this.#onAbort);
  }

  /** Starts the connect timer, unless a connection was free and the request is on its way already. */
  armConnectTimer(connectMs: number): void {
    if (this.#controller || this.#ended) return;
    this.#timer = setTimeout(() => this.#fail(connectTimeout(this.#provider, connectMs)), connectMs);
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#settle();
    });
  }

  finish(): void {
    if (this.#ended || this.#unwanted) return;
    this.#unwanted = true;
    this.#queue = [];
    this.#release();
    this.#rouse();
    this.#timer = setTimeout(() => this.#controller?.abort(new Error('unwanted')), FINISH_GRACE_MS);
    if (this.#paused) this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    clearTimeout(this.#timer);
    if (this.#ended) controller.abort(new Error('given up'));
    else this.#onSend?.();
  }

  /** The first byte of an answer, be it one with status 1xx. */
  onResponseStarted(): void {
    this.#answered = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = new RecordHeaders(headers);
    this.#settleHead?.resolve(this);
    this.#settleHead = undefined;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#unwanted) return;
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#reader) this.#rouse();
    else if (this.#queuedBytes >= HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#answered && hadServed(error)) this.#end(new StaleConnection(this.#provider));
    else this.#end(transportError(this.#provider, error, this.#settleHead ? 'head' : 'body'));
  }

  readonly #onAbort = (): void => this.#fail(this.#signal.reason);

  /** Ends the exchange from our side. */
  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#queue = [];
    this.#end(error);
    this.#controller?.abort(new Error('given up'));
  }

  #end(failure: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#release();
    this.#settleHead?.reject(failure ?? transportError(this.#provider, undefined, 'head'));
    this.#settleHead = undefined;
    this.#rouse();
    if (!(failure instanceof StaleConnection)) this.#onOver?.();
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  /** Called by the first piece of a network read, settled after its last: they all come in one go. */
  #rouse(): void {
    if (!this.#reader || this.#roused) return;
    this.#roused = true;
    // A fifth of what `queueMicrotask` takes, which keeps books for async hooks.
    void NOW.then(this.#settle);
  }

  /** Tells the reader what there is to tell, if anything. */
  readonly #settle = (): void => {
    this.#roused = false;
    if (!this.#reader || (this.#queue.length === 0 && !this.#ended && !this.#unwanted)) return;
    const { resolve, reject } = this.#reader;
    this.#reader = undefined;
    if (this.#queue.length > 0) resolve(this.#take());
    else if (this.#failure !== undefined) reject(this.#failure);
    else resolve(undefined);
  };

  #take(): readonly Uint8Array[] {
    const taken = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#controller?.resume();
    }
    return taken;
  }
}

/** True when the socket had read something: with no byte of our answer in, it had served others. */
function hadServed(error: Error): boolean {
  if (!('socket' in error) || typeof error.socket !== 'object' || error.socket === null) return false;
  const { socket } = error;
  return 'bytesRead' in socket && typeof socket.bytesRead === 'number' && socket.bytesRead > 0;
}
