import { ConfigError } from '../errors/index.ts';
import type { Provider } from '../provider-kit/provider.ts';
import { type AnthropicOptions, anthropic } from '../providers/anthropic/index.ts';
import type { PoolOptions } from './options.ts';

/** A provider as the environment configures it: its own options, and the name of the variable with its key. */
export type EnvProviderOptions<Options> = Partial<Omit<Options, 'apiKey'>> & {
  /** Environment variable that holds the key. @default the vendor's own, such as `ANTHROPIC_API_KEY` */
  readonly apiKeyEnv?: string;
};

/** Options of `ProviderPool.fromEnv`: those of a pool, with the providers left to the environment. */
export interface FromEnvOptions extends Omit<PoolOptions, 'providers'> {
  /** What to change about the providers that are found: default model, base URL, the variable of the key. */
  readonly providers?: { readonly anthropic?: EnvProviderOptions<AnthropicOptions> };
  /** Read instead of `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

type Env = NonNullable<FromEnvOptions['env']>;

/** A line for each provider that can be found in the environment. */
const registry: readonly {
  readonly keyVariable: (options: FromEnvOptions) => string;
  readonly make: (apiKey: string, options: FromEnvOptions, env: Env) => Provider;
}[] = [
  {
    keyVariable: ({ providers }) => providers?.anthropic?.apiKeyEnv ?? 'ANTHROPIC_API_KEY',
    make: (apiKey, { providers }, env) => {
      const { apiKeyEnv: _, ...options } = providers?.anthropic ?? {};
      const baseURL = options['baseURL'] ?? env['ANTHROPIC_BASE_URL'];
      return anthropic({ ...options, apiKey, ...(baseURL && { baseURL }) });
    },
  },
];

/**
 * Reads the environment: the only place of the house that does.
 *
 * @throws ConfigError when no key is found
 */
export function optionsFromEnv(options: FromEnvOptions): PoolOptions {
  const { providers: _, env = process.env, ...rest } = options;
  const found = registry.flatMap(({ keyVariable, make }) => {
    const apiKey = env[keyVariable(options)]?.trim();
    return apiKey ? [make(apiKey, options, env)] : [];
  });
  if (found.length === 0) {
    const looked = registry.map(({ keyVariable }) => keyVariable(options)).join(', ');
    throw new ConfigError(`no provider key is in the environment; set one of: ${looked}`);
  }
  return { ...rest, providers: found };
}
