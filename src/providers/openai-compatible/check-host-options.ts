import { ConfigError } from '../../provider-kit/index.ts';
import type { EndpointPaths, OpenAICompatibleOptions } from './openai-compatible-options.ts';
import type { Quirks } from './quirks.ts';

/** All there are; the compiler sees to it that none is missing. */
const OPTIONS: Readonly<Record<keyof OpenAICompatibleOptions, true>> = {
  allowHttp: true,
  apiKey: true,
  baseURL: true,
  connections: true,
  defaultModel: true,
  fetch: true,
  headers: true,
  keyHeader: true,
  keyless: true,
  models: true,
  name: true,
  paths: true,
  query: true,
  quirks: true,
};

/** Ends of the API that this provider calls. */
const PATHS: Readonly<Record<keyof EndpointPaths, true>> = { chat: true, models: true, embeddings: true };

/** The same of the flags. */
const QUIRKS: Readonly<Record<keyof Quirks, true>> = {
  alternateRoles: true,
  assistantAfterTool: true,
  developerRole: true,
  emptyContentForCalls: true,
  extensions: true,
  foreignCalls: true,
  jsonSchema: true,
  maxTokensField: true,
  mergeSystem: true,
  noForcedToolChoice: true,
  noMessageNames: true,
  noStrictTools: true,
  otherCatalogue: true,
  reasoningModels: true,
  replayReasoning: true,
  stopLimit: true,
  strictSubset: true,
  systemFirst: true,
  thinkTags: true,
  toolIdFormat: true,
  toolResultName: true,
  unsupportedParams: true,
  usageInStream: true,
};

/**
 * Refuses what would otherwise be overlooked: with `baseUrl` for `baseURL`, a key would go to another host than its
 * owner thinks; with a misspelt quirk, every request would fail for no visible reason.
 *
 * @throws ConfigError for a missing name or base URL, and for an option, path or quirk that does not exist
 */
export function checkHostOptions(options: OpenAICompatibleOptions): void {
  const { name, baseURL, paths = {}, quirks = {} } = options;
  const refuse = (param: string, problem: string): never => {
    throw new ConfigError(`${name || 'openaiCompatible'}: ${param}: ${problem}`, { param, provider: name });
  };
  if (typeof name !== 'string' || name === '') refuse('name', 'is missing');
  if (typeof baseURL !== 'string' || baseURL === '') refuse('baseURL', 'is missing');
  const known: readonly [prefix: string, given: object, known: object][] = [
    ['', options, OPTIONS],
    ['paths.', paths, PATHS],
    ['quirks.', quirks, QUIRKS],
  ];
  for (const [prefix, given, names] of known) {
    for (const key of Object.keys(given)) {
      if (!Object.hasOwn(names, key)) refuse(`${prefix}${key}`, 'no such option');
    }
  }
}
