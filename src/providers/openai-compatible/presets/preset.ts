import { ConfigError } from '../../../provider-kit/index.ts';
import type { OpenAICompatibleOptions } from '../openai-compatible-options.ts';
import { azureAddress, localAddress } from './complete-address.ts';
import { presets } from './data.ts';
import type { PresetName, PresetRow } from './preset-row.ts';
import { tables } from './tables.ts';

/** What is said about a known host beyond what is known of it. Quirks add to those of the host. */
export type PresetOptions = Partial<OpenAICompatibleOptions>;

/** The hosts that are known by name, in the order in which `fromEnv` registers them. */
export const presetNames: readonly PresetName[] = Object.keys(presets).filter(isPresetName);

/** True for the name of a known host. */
export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}

/**
 * The options of a host that is known by name, for `openaiCompatible`.
 *
 * Azure's `baseURL` may be the endpoint of the resource alone; with `query: { 'api-version': '2024-10-21' }` the
 * paths of that version are used, without it those of the v1 API. That of a local server may be its host alone.
 *
 * @throws ConfigError for a name that is not known, and for an address that only the user knows
 *
 * @example
 * openaiCompatible(preset('groq', { apiKey }));
 * openaiCompatible(preset('ollama', { baseURL: 'http://gpu.local:11434/v1', allowHttp: true }));
 */
export function preset(name: PresetName, options: PresetOptions = {}): OpenAICompatibleOptions {
  if (!isPresetName(name)) {
    throw new ConfigError(`preset: no host is known as "${String(name)}" (have: ${presetNames.join(', ')})`, {
      param: 'preset',
    });
  }
  const row = presets[name];
  const { keyless, keyHeader, defaultModel } = row;
  const models = tables[name];
  return {
    name,
    ...(keyless !== undefined && { keyless }),
    ...(keyHeader !== undefined && { keyHeader }),
    ...(defaultModel !== undefined && { defaultModel }),
    ...(models && { models }),
    ...options,
    ...addressOf(name, row, options),
    quirks: { ...row.quirks, ...options.quirks },
  };
}

function addressOf(
  name: PresetName,
  { baseURL: usual, address, env }: PresetRow,
  { baseURL = usual, paths, query }: PresetOptions,
): Pick<OpenAICompatibleOptions, 'baseURL' | 'paths'> {
  if (baseURL === '') {
    throw new ConfigError(
      `${name}: baseURL: is missing; pass it, or set ${env.address} and use \`fromEnv\``,
      { param: 'baseURL', provider: name },
    );
  }
  if (address === undefined) return { baseURL };
  const complete =
    address.style === 'azure'
      ? azureAddress(baseURL, query?.['api-version'])
      : localAddress(baseURL, address.port);
  return paths ? { ...complete, paths: { ...complete.paths, ...paths } } : complete;
}
