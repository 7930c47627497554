import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ConfigError, type FromEnvOptions, ProviderPool } from '../index.ts';
import type { CliIo } from './cli-io.ts';

/** What a file may not say: it holds data, and keys stay in the environment. */
const NOT_IN_A_FILE = ['env', 'middleware'];

/**
 * A pool of the providers in the environment, with the options of a JSON or YAML file, if one is named: the same as
 * `ProviderPool.fromEnv` takes, checked by it.
 *
 * @throws ConfigError naming what is wrong, and the file
 */
export async function poolOf(io: CliIo, path: string | undefined): Promise<ProviderPool> {
  return ProviderPool.fromEnv(await optionsOf(io, path));
}

/**
 * The options that `poolOf` makes a pool of, unchecked but for their shape.
 *
 * @throws ConfigError for a file that cannot be read, or holds something else
 */
export async function optionsOf(
  { env }: CliIo,
  path: string | undefined,
): Promise<FromEnvOptions & { readonly env: CliIo['env'] }> {
  return { ...(path !== undefined && (await readConfig(path))), env };
}

async function readConfig(path: string): Promise<FromEnvOptions> {
  const read = await readData(path);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new ConfigError(`${path}: expected an object of options`);
  }
  const stranger = NOT_IN_A_FILE.find((name) => Object.hasOwn(read, name));
  if (stranger !== undefined) throw new ConfigError(`${path}: ${stranger}: no such option`);
  return read;
}

/** YAML is a superset of JSON. */
async function readData(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      `${path}: ${error instanceof Error ? error.message.split('\n')[0] : 'cannot be read'}`,
    );
  }
}
