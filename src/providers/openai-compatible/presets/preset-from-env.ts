import type { OpenAICompatibleOptions } from '../openai-compatible-options.ts';
import { presets } from './data.ts';
import { type PresetOptions, preset } from './preset.ts';
import type { PresetName } from './preset-row.ts';

/** Variables by name; blank ones count as not set. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What to change about a host that the environment configures. */
export interface PresetEnvOptions extends Omit<PresetOptions, 'apiKey'> {
  /** Environment variable that holds the key. @default the vendor's own, such as `GROQ_API_KEY` */
  readonly apiKeyEnv?: string;
}

/**
 * The options of a known host as the environment has them; `undefined` when it does not speak of it.
 *
 * A host that needs a key is there when its key is; one of the user's own that needs none, when its address is.
 *
 * @throws ConfigError for a key whose address is missing
 */
export function presetFromEnv(
  name: PresetName,
  env: Env,
  changes: PresetEnvOptions = {},
): OpenAICompatibleOptions | undefined {
  const { apiKeyEnv, ...options } = changes;
  const { keyless, env: variables } = presets[name];
  const apiKey = firstSet(env, keyVariables(name, changes));
  const baseURL = options.baseURL ?? (variables.address && firstSet(env, [variables.address]));
  if (keyless ? baseURL === undefined : apiKey === undefined) return undefined;
  return preset(name, {
    ...options,
    ...(apiKey !== undefined && { apiKey }),
    ...(baseURL !== undefined && { baseURL }),
    ...fields('headers', allSet(env, variables.headers), options.headers),
    ...fields('query', allSet(env, variables.query), options.query),
  });
}

/** The variables that may hold a host's key, or for a host without one its address. */
export function presetVariables(name: PresetName, changes: PresetEnvOptions = {}): readonly string[] {
  const { keyless, env } = presets[name];
  return keyless && env.address !== undefined ? [env.address] : keyVariables(name, changes);
}

function keyVariables(name: PresetName, { apiKeyEnv }: PresetEnvOptions): readonly string[] {
  return apiKeyEnv === undefined ? presets[name].env.key : [apiKeyEnv];
}

/** The first that is set. */
function firstSet(env: Env, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value);
}

function allSet(
  env: Env,
  variables: Readonly<Record<string, readonly string[]>> = {},
): readonly (readonly [string, string])[] {
  return Object.entries(variables).flatMap(([field, names]) => {
    const value = firstSet(env, names);
    return value === undefined ? [] : [[field, value] as const];
  });
}

/** What the environment says, and above it what the options say; nothing when neither does. */
function fields(
  kind: 'headers' | 'query',
  found: readonly (readonly [string, string])[],
  own: Readonly<Record<string, string>> | undefined,
): PresetOptions {
  return found.length === 0 ? {} : { [kind]: { ...Object.fromEntries(found), ...own } };
}
