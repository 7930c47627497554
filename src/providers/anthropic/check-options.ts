import { ConfigError } from '../../provider-kit/index.ts';
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
 * @throws ConfigError for an option that does not exist, and for a default model that is not one of Claude's
 */
export function checkOptions(options: AnthropicOptions): void {
  const { name: provider = 'anthropic', defaultModel } = options;
  const refuse = (param: string, problem: string): never => {
    throw new ConfigError(`${provider}: ${param}: ${problem}`, { param, provider });
  };
  for (const option of Object.keys(options)) {
    if (!Object.hasOwn(OPTIONS, option)) refuse(option, 'no such option');
  }
  if (defaultModel !== undefined && !resolveClaudeModel(defaultModel)) {
    refuse('defaultModel', `${JSON.stringify(defaultModel)} is not a Claude model`);
  }
}
