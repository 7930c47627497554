import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError, type FetchLike } from '../../provider-kit/index.ts';
import { settled } from '../settled.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { Unplayed } from './matching.ts';
import { played } from './playing.ts';
import { Redaction, type RedactionOptions } from './redaction.ts';
import { exchangesIn, headerLine, lineOf } from './tape.ts';
import { taping } from './taping.ts';

/** Where a cassette is, and what is done with it. */
export interface CassetteOptions extends RedactionOptions {
  /** A file of JSON lines. Folders are made. */
  readonly path: string;
  /** `auto` replays a file that is there, and records one that is not. @default 'replay' */
  readonly mode?: 'record' | 'replay' | 'auto';
  /** What is recorded. @default the global `fetch` */
  readonly fetch?: FetchLike;
  /** What is replayed: the next in order, if it fits, or the first left that is the same. @default 'request' */
  readonly match?: 'request' | 'order';
  /** Times the recorded waits between reads: 1 as it was. @default 0, no waits */
  readonly pace?: number;
  /** Whose time the waits of a replay take. @default the real one */
  readonly clock?: Pick<VirtualClock, 'wait'>;
}

/** A `fetch` for the `fetch` option of a provider. */
export interface Cassette extends FetchLike {
  readonly mode: 'record' | 'replay';
  /** Exchanges that have not been replayed yet. */
  readonly left: number;
  /** Resolves when all that is over has been written. */
  saved(): Promise<void>;
}

/**
 * A recording of what a host has said, to be said again: each read as it was, without a network.
 *
 * A request fits when method, path and body are the same; headers and host do not matter. One that fits nothing
 * fails with `config_invalid`, and the message names what differs.
 *
 * @throws ConfigError when there is no such file, or none that can be read
 * @example
 * const claude = anthropic({ apiKey: 'none', fetch: cassette('test/tapes/weather.jsonl') });
 */
export function cassette(given: string | CassetteOptions): Cassette {
  const options: CassetteOptions = typeof given === 'string' ? { path: given } : given;
  const { path, mode = 'replay' } = options;
  return mode === 'record' || (mode === 'auto' && !existsSync(path))
    ? recording(options)
    : replaying(options);
}

/**
 * Records what a host says, in place of what the file held before. Of a request it keeps method, path, the headers
 * that say how it was asked, and the body: never a key, and where the host says one back, it is masked.
 *
 * @throws ConfigError for a header that carries a credential
 * @example
 * const fetch = recorder({ path: 'test/tapes/weather.jsonl' });
 * const claude = anthropic({ apiKey, fetch });
 */
export function recorder(options: Omit<CassetteOptions, 'mode'>): Cassette {
  return recording(options);
}

/** A cassette that is written. The file of before stays until there is something to write. */
function recording({ path, fetch = globalThis.fetch, ...redaction }: CassetteOptions): Cassette {
  let count = 0;
  // One after the other, so that lines do not mix.
  let written = Promise.resolve();
  const write = async (line: string, before: Promise<void>, isFirst: boolean): Promise<void> => {
    await before;
    if (!isFirst) return appendFile(path, line);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, headerLine() + line);
  };
  const tapedFetch = taping({
    fetch,
    redaction: new Redaction(redaction),
    save: (exchange) => {
      written = write(lineOf(exchange), written, count++ === 0);
      return written;
    },
    nowMs: () => performance.now(),
  });
  return Object.assign(tapedFetch.bind(undefined), {
    mode: 'record' as const,
    left: 0,
    saved: () => written,
  });
}

/** A cassette that is read, at once: what is wrong with it shows before the first request. */
function replaying(options: CassetteOptions): Cassette {
  const { path, match = 'request', pace = 0, clock } = options;
  const redaction = new Redaction(options);
  const unplayed = new Unplayed(path, exchangesIn(read(path), path));
  const wait: VirtualClock['wait'] =
    clock?.wait ?? ((ms, signal) => settled(signal ?? new AbortController().signal, ms));
  const playedFetch: FetchLike = async (url, init) =>
    played(unplayed.take(redaction.request(url, init), match), init, { factor: pace, wait });
  const more = { mode: 'replay' as const, saved: async () => {} };
  return Object.defineProperty(Object.assign(playedFetch, more, { left: 0 }), 'left', {
    get: () => unplayed.left,
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(`cassette: ${path}: cannot be read; record it first, with \`recorder\``);
  }
}
