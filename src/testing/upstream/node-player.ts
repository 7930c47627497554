import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { OpenEntry } from './request-log.ts';
import type { Ending, Step } from './step.ts';

/**
 * Does to a connection what the steps say, until they end it or the client leaves.
 *
 * Resolves when the connection is done with this response. Fills in the entry's outcome as it goes.
 *
 * @param isClosing - true once the upstream itself shuts down: connections then end by our hand
 */
export async function play(
  steps: readonly Step[],
  response: ServerResponse,
  entry: OpenEntry,
  isClosing: () => boolean,
): Promise<void> {
  const stage = new Stage(response, entry);
  try {
    // A request is read in the poll phase, whose next turn comes before the other side can read: leave it first.
    await turn();
    for (const step of steps) {
      if (response.destroyed) break;
      await stage.perform(step);
    }
    await stage.gone;
  } finally {
    entry.endedMs = performance.now();
    entry.closedByClient = !stage.endedByUs && !isClosing();
  }
}

/** One response while it is played. */
class Stage {
  /** Settles when the connection is through with this response, whoever ended it. */
  readonly gone: Promise<void>;
  endedByUs = false;
  readonly #response: ServerResponse;
  readonly #entry: OpenEntry;

  constructor(response: ServerResponse, entry: OpenEntry) {
    this.#response = response;
    this.#entry = entry;
    this.gone = new Promise((resolve) => response.once('close', resolve));
  }

  async perform(step: Step): Promise<void> {
    switch (step.kind) {
      case 'head':
        this.#entry.status = step.status;
        this.#response.writeHead(step.status, step.headers);
        this.#response.flushHeaders();
        return turn();
      case 'bytes':
        return this.#write(step.bytes, step.bare);
      case 'wait':
        return this.#wait(step.ms);
      case 'repeat':
        return this.#repeat(step);
      case 'end':
        return this.#end(step.how);
    }
  }

  async #write(bytes: Uint8Array, bare = false): Promise<void> {
    const { socket } = this.#response;
    const room = bare ? socket?.write(bytes) : this.#response.write(bytes);
    this.#entry.bytesSent += bytes.length;
    if (room === false) await drained(this.#response, bare ? socket : null);
    // Writes of one turn travel together; a test of single reads needs them apart.
    await turn();
  }

  /** Counts the time it was told to wait, not the time that went by: the number of writes is then certain. */
  async #repeat({ bytes, everyMs, ms, bare }: Extract<Step, { kind: 'repeat' }>): Promise<void> {
    for (let waitedMs = 0; waitedMs < ms && !this.#response.destroyed; waitedMs += everyMs) {
      if (everyMs > 0) await this.#wait(everyMs);
      if (!this.#response.destroyed) await this.#write(bytes, bare);
    }
  }

  /** Never longer than the client stays. */
  async #wait(ms: number): Promise<void> {
    if (ms === Number.POSITIVE_INFINITY) return this.gone;
    let timer: NodeJS.Timeout | undefined;
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([slept, this.gone]);
    clearTimeout(timer);
  }

  /** `destroySoon` sends what is written and a FIN; `resetAndDestroy` sends a RST. */
  async #end(how: Ending): Promise<void> {
    if (how === 'hang') return this.gone;
    this.endedByUs = true;
    if (how === 'eof') this.#response.end();
    else if (how === 'close') this.#response.socket?.destroySoon();
    else this.#response.socket?.resetAndDestroy();
    return this.gone;
  }
}

/** One turn of the event loop: time for the other side of a loopback connection to read. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Room to write again, or nobody left to write to. @param socket - who tells of room where HTTP was passed by */
function drained(response: ServerResponse, socket: Socket | null): Promise<void> {
  const full = socket ?? response;
  return new Promise((resolve) => {
    const done = (): void => {
      full.off('drain', done);
      response.off('close', done);
      resolve();
    };
    full.on('drain', done);
    response.on('close', done);
  });
}
