import type { FromEnvOptions } from '../../index.ts';
import { presetFromEnv, presetNames, presetVariables } from '../../providers/openai-compatible/index.ts';

/** The options of a user, with the environment they are read in. */
export type UserOptions = FromEnvOptions & { readonly env: NonNullable<FromEnvOptions['env']> };

/** A provider that the environment may name. */
export interface UserHost {
  /** As options and environment know it: `anthropic`, `groq`. */
  readonly key: keyof NonNullable<FromEnvOptions['providers']>;
  /** As the pool calls it; the options may rename it. */
  readonly name: string;
  /** Variables of the environment that speak of it and are set. */
  readonly variables: readonly string[];
  /** Where it is; `undefined` for one that the environment does not speak of, or not fully. */
  readonly baseURL: string | undefined;
}

/** Where the clock is asked when nobody says otherwise. Requests go where the provider itself says. */
const ANTHROPIC = 'https://api.anthropic.com';

/** Every provider that the environment may name, in the order in which a pool registers them. */
export function userHosts({ providers = {}, env }: UserOptions): readonly UserHost[] {
  const { apiKeyEnv = 'ANTHROPIC_API_KEY', name = 'anthropic', baseURL } = providers.anthropic ?? {};
  const isSet = (variable: string): boolean => Boolean(env[variable]?.trim());
  const claude: UserHost = {
    key: 'anthropic',
    name,
    variables: [apiKeyEnv].filter(isSet),
    baseURL: isSet(apiKeyEnv) ? (baseURL ?? (env['ANTHROPIC_BASE_URL'] || ANTHROPIC)) : undefined,
  };
  const others = presetNames.map((key): UserHost => {
    const variables = presetVariables(key, providers[key]).filter(isSet);
    return { key, name: providers[key]?.name ?? key, variables, baseURL: addressOf(key) };
  });
  return [claude, ...others];

  function addressOf(key: (typeof presetNames)[number]): string | undefined {
    try {
      return presetFromEnv(key, env, providers[key])?.baseURL;
    } catch {
      // A key without its address: the pool says so in its own words.
      return undefined;
    }
  }
}
