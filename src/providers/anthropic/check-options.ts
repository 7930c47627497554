import { ConfigError, headerFault } from '../../provider-kit/index.ts';
import type { AnthropicOptions } from './anthropic-options.ts';
import { resolveClaudeModel } from './models/resolve-claude.ts';

/** All there are; the compiler sees to it that none is missing. */
const OPTIONS: Readonly<Record<keyof AnthropicOptions, true>> = {
  acceptNativeParts: true,
  acceptNativeTools: true,
  allowHttp: true,
  apiKey: true,
  apiVersion: true,
  autoCache: true,
  baseURL: true,
  client: true,
  connections: true,
  defaultModel: true,
  emulateGrammar: true,
  exposeReasoning: true,
  fetch: true,
  headers: true,
  modelIds: true,
  name: true,
  prefill: true,
  prefixNames: true,
  requireUserFirst: true,
  thinkingMismatch: true,
};

/**
 * Refuses what would otherwise be overlooked: with `baseUrl` for `baseURL`, a key would go to another host than
 * its owner thinks.
 *
 * @throws ConfigError for an option that does not exist, for a model that is not one of Claude's, and for what a
 *   client of the caller's own decides
 */
export function checkOptions(options: AnthropicOptions): void {
  const { name: provider = 'anthropic', apiVersion = '', defaultModel, modelIds = {} } = options;
  const refuse = (param: string, problem: string): never => {
    throw new ConfigError(`${provider}: ${param}: ${problem}`, { param, provider });
  };
  for (const option of Object.keys(options)) {
    if (!Object.hasOwn(OPTIONS, option)) refuse(option, 'no such option');
  }
  const fault = headerFault(apiVersion);
  if (fault !== undefined) refuse('apiVersion', fault);
  const isClaude = (model: string): boolean => resolveClaudeModel(model) !== undefined;
  if (defaultModel !== undefined && !isClaude(defaultModel)) {
    refuse('defaultModel', `${JSON.stringify(defaultModel)} is not a Claude model`);
  }
  for (const [model, hostId] of Object.entries(modelIds)) {
    if (!isClaude(model)) refuse('modelIds', `${JSON.stringify(model)} is not a Claude model`);
    if (typeof hostId !== 'string' || hostId === '') refuse('modelIds', `${model} needs a name`);
  }
  for (const option of ['baseURL', 'allowHttp'] as const) {
    if (options.client && options[option] !== undefined) refuse(option, 'is for `client` to set');
  }
}
