import type { ChatRequest, CheckCall, Provider } from '../../provider-kit/index.ts';
import { checkHostOptions } from './check-host-options.ts';
import { CompletionStream, failedCall } from './completion-stream.ts';
import { embedTexts } from './embed-texts.ts';
import { listHostModels } from './list-host-models.ts';
import type { OpenAICompatibleOptions, OpenAIOptions } from './openai-compatible-options.ts';
import { OpenAIHost } from './openai-host.ts';
import { preset } from './presets/preset.ts';

export type {
  EndpointPaths,
  HostOptions,
  OpenAICompatibleOptions,
  OpenAIOptions,
} from './openai-compatible-options.ts';
export { type PresetOptions, preset, presetNames } from './presets/preset.ts';
export { type PresetEnvOptions, presetFromEnv, presetVariables } from './presets/preset-from-env.ts';
export type { PresetName } from './presets/preset-row.ts';
export type { Quirks } from './quirks.ts';

/** Longest answer that is waited for whole (T-6, T-8, `defaults.md`). */
const MAX_WHOLE_TOKENS = 21_333;

/**
 * Any host that speaks OpenAI's Chat Completions API. The caller's request goes out as it is, but for what is this
 * house's own and for what `quirks` name; the answer comes out in OpenAI's form, whatever the host makes of it.
 *
 * @throws ConfigError when name, base URL or key are missing or unfit, or an option does not exist
 *
 * @example
 * openaiCompatible({ name: 'vllm', baseURL: 'http://localhost:8000/v1', keyless: true });
 */
export function openaiCompatible(options: OpenAICompatibleOptions): Provider {
  return provide(options, 'openai-compatible');
}

/**
 * OpenAI, through its Chat Completions API.
 *
 * @throws ConfigError when the key is missing, the base URL is not fit for one, or an option does not exist
 *
 * @example
 * new ProviderPool({ providers: [openai({ apiKey: process.env.OPENAI_API_KEY! })] });
 */
export function openai(options: OpenAIOptions): Provider {
  return provide(preset('openai', options), 'openai');
}

function provide(options: OpenAICompatibleOptions, module: string): Provider {
  checkHostOptions(options);
  const host = new OpenAIHost(options);
  const { defaultModel, models } = options;
  return {
    name: host.name,
    module,
    ...(models && { models }),
    ...(defaultModel !== undefined && { defaultModel }),
    ...(host.keyLabels && { keys: host.keyLabels }),
    tellsSending: true,
    answersWhole: (request, model) => longestAnswer(request, host, model) <= MAX_WHOLE_TOKENS,
    stream: (call) => new CompletionStream(host, call),
    embed: (call) => embedTexts(host, call),
    check: (call) => check(host, call),
    ...(!host.quirks.otherCatalogue && { listModels: (call: CheckCall) => listHostModels(host, call) }),
    close: () => host.transport.close(),
  };
}

/** The cap of the request, else that of the model; an unknown one may be of any length. */
function longestAnswer(request: ChatRequest, host: OpenAIHost, model: string): number {
  const { max_completion_tokens: modern, max_tokens: dated } = request;
  return modern ?? dated ?? host.spec(model)?.maxOutputTokens ?? Number.POSITIVE_INFINITY;
}

async function check(host: OpenAIHost, call: CheckCall): Promise<void> {
  const apiKey = await host.reveal(call);
  const response = await host.listModels(apiKey, call.signal, call.connectMs);
  try {
    if (response.status !== 200) {
      throw await failedCall(response, { provider: host.name, secrets: host.secrets(apiKey) });
    }
  } finally {
    response.finish();
  }
}
