import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ProviderError } from '../errors/index.ts';
import type { WireResponse } from './wire.ts';

/** Of what is unpacked, so much is handed on at once, in bytes: a bomb goes through in pieces of this size (E19). */
const PIECE_BYTES = 64 * 1024;

type Unpacking = ReturnType<typeof createGunzip> | ReturnType<typeof createBrotliDecompress>;

/** Every event is to come out when it is in, and a missing end is for the layers above to notice, as it is without a coding. */
const inflating = {
  chunkSize: PIECE_BYTES,
  flush: constants.Z_SYNC_FLUSH,
  finishFlush: constants.Z_SYNC_FLUSH,
} as const;
const gunzip = (): Unpacking => createGunzip(inflating);

/** The content codings of HTTP that hosts and proxies use without being asked. */
const unpackers: Readonly<Record<string, () => Unpacking>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: () => createInflate(inflating),
  br: () =>
    createBrotliDecompress({
      chunkSize: PIECE_BYTES,
      flush: constants.BROTLI_OPERATION_FLUSH,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    }),
};

/**
 * The same response with its content coding undone.
 *
 * @param coding - the header's value; a list of codings is refused, because the shortest chain of them makes the
 *   smallest body as large as one likes (E20)
 * @throws ProviderError `bad_response` for a coding that is not known; then the response has been let go
 */
export function decodedBody(provider: string, response: WireResponse, coding: string): WireResponse {
  const name = coding.trim().toLowerCase();
  const unpacker = Object.hasOwn(unpackers, name) ? unpackers[name] : undefined;
  if (unpacker) return new DecodedBody(provider, response, unpacker());
  response.finish();
  throw notAnAnswer(provider, 'the answer has a content coding that is not known');
}

/** Pulls packed bytes in as long as there is room, and hands out what comes of them. */
class DecodedBody implements WireResponse {
  readonly status: number;
  readonly headers: WireResponse['headers'];
  readonly #packed: WireResponse;
  readonly #unpacking: Unpacking;
  #pumping: Promise<void> | undefined;
  #failure: unknown;

  constructor(provider: string, packed: WireResponse, unpacking: Unpacking) {
    this.status = packed.status;
    this.headers = packed.headers;
    this.#packed = packed;
    this.#unpacking = unpacking;
    // What zlib says of the bytes may be the first that is heard of them, with nobody reading yet.
    unpacking.on('error', () => {
      this.#failure ??= notAnAnswer(provider, 'the answer is not packed as it says');
    });
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    this.#pumping ??= this.#pump();
    const unpacking = this.#unpacking;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        const bytes: Buffer | null = unpacking.destroyed ? null : unpacking.read();
        const isOver = unpacking.destroyed || unpacking.readableEnded;
        if (bytes === null && !isOver) return;
        for (const name of EVENTS) unpacking.off(name, settle);
        if (bytes !== null) resolve([bytes]);
        else if (this.#failure !== undefined) reject(this.#failure);
        else resolve(undefined);
      };
      for (const name of EVENTS) unpacking.on(name, settle);
      settle();
    });
  }

  finish(): void {
    this.#packed.finish();
    this.#unpacking.destroy();
  }

  async #pump(): Promise<void> {
    try {
      for (let chunks = await this.#packed.read(); chunks; chunks = await this.#packed.read()) {
        for (const chunk of chunks) await this.#put(chunk);
        if (this.#unpacking.destroyed) return;
      }
    } catch (error) {
      this.#failure ??= error;
    }
    // Also after a break: what had come until then is handed on first.
    this.#unpacking.end();
  }

  /** Resolves when there is room for more, or no use for it. */
  #put(chunk: Uint8Array): Promise<void> | undefined {
    const unpacking = this.#unpacking;
    if (unpacking.destroyed || unpacking.write(chunk)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        unpacking.off('drain', done);
        unpacking.off('close', done);
        resolve();
      };
      unpacking.on('drain', done);
      unpacking.on('close', done);
    });
  }
}

const EVENTS = ['readable', 'end', 'close'] as const;

function notAnAnswer(provider: string, message: string): ProviderError {
  return new ProviderError({ provider, code: 'bad_response', message });
}
