import { ConfigError } from '../errors/index.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { type AnthropicOptions, anthropic } from '../providers/anthropic/index.ts';
import {
  type OpenAIOptions,
  openai,
  openaiCompatible,
  type PresetEnvOptions,
  type PresetName,
  presetFromEnv,
  presetNames,
  presetVariables,
} from '../providers/openai-compatible/index.ts';
import type { PoolOptions } from './options.ts';

/** A provider as the environment configures it: its own options, and the name of the variable with its key. */
export type EnvProviderOptions<Options> = Partial<Omit<Options, 'apiKey'>> & {
  /** Environment variable that holds the key. @default the vendor's own, such as `ANTHROPIC_API_KEY` */
  readonly apiKeyEnv?: string;
};

/** What to change about the providers that are found: default model, base URL, the variable of the key, quirks. */
export interface EnvProviders
  extends Readonly<Partial<Record<Exclude<PresetName, 'openai'>, PresetEnvOptions>>> {
  readonly anthropic?: EnvProviderOptions<AnthropicOptions>;
  readonly openai?: EnvProviderOptions<OpenAIOptions>;
}

/** Options of `ProviderPool.fromEnv`: those of a pool, with the providers left to the environment. */
export interface FromEnvOptions extends Omit<PoolOptions, 'providers'> {
  /** By the name of the provider; a name that does not exist is an error. */
  readonly providers?: EnvProviders;
  /** Read instead of `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

type Env = NonNullable<FromEnvOptions['env']>;

/** A line for each provider that can be found in the environment, in the order in which they are registered. */
const registry: readonly {
  readonly name: string;
  readonly variables: (changes: EnvProviders) => readonly string[];
  /** `undefined` when the environment does not speak of it. */
  readonly make: (changes: EnvProviders, env: Env) => Provider | undefined;
}[] = [
  {
    name: 'anthropic',
    variables: ({ anthropic }) => [anthropic?.apiKeyEnv ?? 'ANTHROPIC_API_KEY'],
    make: makeAnthropic,
  },
  ...presetNames.map((name) => ({
    name,
    variables: (changes: EnvProviders) => presetVariables(name, changes[name]),
    make: (changes: EnvProviders, env: Env) => makePreset(name, changes, env),
  })),
];

function makeAnthropic({ anthropic: changes = {} }: EnvProviders, env: Env): Provider | undefined {
  const { apiKeyEnv = 'ANTHROPIC_API_KEY', ...options } = changes;
  const apiKey = env[apiKeyEnv]?.trim();
  if (!apiKey) return undefined;
  const baseURL = options.baseURL ?? env['ANTHROPIC_BASE_URL'];
  return anthropic({ ...options, apiKey, ...(baseURL && { baseURL }) });
}

function makePreset(name: PresetName, changes: EnvProviders, env: Env): Provider | undefined {
  const options = presetFromEnv(name, env, changes[name]);
  if (!options) return undefined;
  const { apiKey, quirks, ...rest } = options;
  // Its own factory has its quirks, and another name for its kind.
  if (name === 'openai' && apiKey !== undefined) return openai({ ...rest, apiKey });
  return openaiCompatible(options);
}

/**
 * Reads the environment: the only place of the house that does.
 *
 * @throws ConfigError when no key is found, and for a provider that does not exist
 */
export function optionsFromEnv(options: FromEnvOptions): PoolOptions {
  const { providers: changes = {}, env = process.env, ...rest } = options;
  const names = registry.map(({ name }) => name);
  const typo = Object.keys(changes).find((name) => !names.includes(name));
  if (typo !== undefined) {
    throw new ConfigError(`providers.${typo}: no such provider (have: ${names.join(', ')})`, {
      param: `providers.${typo}`,
    });
  }
  const found = registry.flatMap(({ make }) => make(changes, env) ?? []);
  if (found.length === 0) {
    const looked = registry.flatMap(({ variables }) => variables(changes)).join(', ');
    throw new ConfigError(`no provider key is in the environment; set one of: ${looked}`);
  }
  return { ...rest, providers: found };
}
