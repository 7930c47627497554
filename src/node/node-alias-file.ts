import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ConfigError, isRunestoneError, type ProviderPool } from '../index.ts';
import { parseAliases } from './alias-file.ts';

/** How a file of aliases is watched. */
export interface AliasFileOptions {
  /** Told of a file that cannot be used; the last good one stands. @default a warning of the process */
  readonly onError?: (error: ConfigError) => void;
  /** How long a file is left alone after a change, for it may be written in pieces, in milliseconds. @default 100 */
  readonly debounceMs?: number;
}

/** A file of aliases that a pool follows. */
export interface AliasFile {
  /** Stops to follow it. The aliases stay. */
  close(): void;
}

/** So many bytes no hand has written. */
const MAX_BYTES = 1_048_576;

/**
 * Takes the aliases of a pool (its `models`) from a JSON or YAML file, now and whenever it changes.
 *
 * `{ "models": { "fast": ["anthropic/claude-haiku-4-5", { "target": "groq/llama-3", "tier": 1 }] } }`
 *
 * The file is looked for by its name: an editor may replace it by another one. It does not keep the process alive.
 *
 * @returns once the aliases of now are in the pool
 * @throws ConfigError when there is no file, or it cannot be used; then nothing is watched
 *
 * @example
 * const aliases = await watchAliases(pool, 'aliases.yaml', { onError: (error) => log.error(error) });
 */
export async function watchAliases(
  pool: Pick<ProviderPool, 'update'>,
  path: string,
  options: AliasFileOptions = {},
): Promise<AliasFile> {
  const follower = new Follower(pool, path, options);
  await follower.begin();
  return { close: () => follower.close() };
}

class Follower {
  readonly #pool: Pick<ProviderPool, 'update'>;
  readonly #path: string;
  readonly #onError: (error: ConfigError) => void;
  readonly #debounceMs: number;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #taking: Promise<void> = Promise.resolve();
  #closed = false;
  /** What was read last, good or bad: of what has not changed nobody is told twice. */
  #seen: string | undefined;

  constructor(pool: Pick<ProviderPool, 'update'>, path: string, options: AliasFileOptions) {
    const { onError = (error) => process.emitWarning(error), debounceMs = 100 } = options;
    this.#pool = pool;
    this.#path = path;
    this.#onError = onError;
    this.#debounceMs = debounceMs;
  }

  async begin(): Promise<void> {
    // Before it is read, so that no change is missed. The folder, because a file that is replaced is another one.
    this.#watcher = this.#watch();
    try {
      await this.#take();
    } catch (error) {
      this.close();
      throw toConfigError(this.#path, error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }

  #watch(): FSWatcher {
    try {
      const watcher = watch(dirname(this.#path), { persistent: false }, (_, name) => this.#onChange(name));
      return watcher.on('error', (error) => this.#fail(error));
    } catch (error) {
      throw toConfigError(this.#path, error);
    }
  }

  #onChange(name: string | null): void {
    // Some systems name nobody; and mounted configuration changes by a link beside the file, `..data`.
    if (name !== null && name !== basename(this.#path) && !name.startsWith('..')) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // One after the other, so that what is read last is what was written last.
      this.#taking = this.#taking.then(() => this.#take()).catch((error: unknown) => this.#fail(error));
    }, this.#debounceMs);
    this.#timer.unref();
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    if (isRunestoneError(error) && error.code === 'pool_closed') this.close();
    else this.#tell(toConfigError(this.#path, error));
  }

  /** What a listener throws must not end the process. */
  #tell(error: ConfigError): void {
    try {
      this.#onError(error);
    } catch (thrown) {
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    }
  }

  async #take(): Promise<void> {
    const text = await textOf(this.#path);
    if (this.#closed || text === this.#seen) return;
    this.#seen = text;
    const models = parseAliases(text, basename(this.#path));
    this.#pool.update((now) => ({ ...now, models }));
  }
}

async function textOf(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, more than ${MAX_BYTES}`);
  return readFile(path, 'utf8');
}

function toConfigError(path: string, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new ConfigError(`${basename(path)}: cannot be read: ${what}`, { cause: error });
}
